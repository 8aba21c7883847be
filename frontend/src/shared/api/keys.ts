import { useQuery } from "@tanstack/react-query";

import { useSession } from "../session";
import { call } from "./client";
import { queryClient } from "./queryClient";
import type { DataFilter, Page } from "./types";

const PATH = "/api/v1/keys";
const LIST_LIMIT = 200;

/** A key that opens widgets for other people's pages; its id is public, its secret is shown once. */
export interface EmbedKey {
  readonly id: string;
  readonly name: string;
  readonly widget_ids: readonly string[];
  readonly expires_at: string | null;
  readonly allowed_origins: readonly string[];
  readonly locked_filters: readonly DataFilter[];
  readonly created_at: string;
}

export interface CreatedKey extends EmbedKey {
  readonly key: string;
}

export interface NewKey {
  readonly name: string;
  readonly widget_ids: readonly string[];
  readonly allowed_origins: readonly string[];
  readonly locked_filters: readonly DataFilter[];
  readonly expires_at?: string;
}

/** The tenant's keys, newest first; administrators only. */
export function useKeys() {
  const tenant = useSession((state) => state.tenant);
  return useQuery({
    queryKey: ["embed-keys", tenant],
    queryFn: async ({ signal }) => (await call<Page<EmbedKey>>(`${PATH}?limit=${LIST_LIMIT}`, { signal })).data.items,
    staleTime: 0,
  });
}

export async function createKey(wanted: NewKey): Promise<CreatedKey> {
  const { data } = await call<CreatedKey>(PATH, { method: "POST", body: wanted });
  await queryClient.invalidateQueries({ queryKey: ["embed-keys"] });
  return data;
}

export async function revokeKey(id: string): Promise<void> {
  await call(`${PATH}/${encodeURIComponent(id)}`, { method: "DELETE" });
  await queryClient.invalidateQueries({ queryKey: ["embed-keys"] });
}
