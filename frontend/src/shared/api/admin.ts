import { useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { useSession } from "../session";
import { type Answer, call } from "./client";
import type { Page } from "./types";

const ACCESS = "/api/v1/tenant/symbols";
const PAGE_SIZE = 100;

export type Entitled = readonly string[] | "*";

/** What the tenant may see, and what it could be widened to. */
export interface TenantAccess {
  readonly symbols: Entitled;
  readonly tables: Entitled;
  readonly granted_symbols: Entitled;
  readonly granted_tables: Entitled;
}

export interface AuditEntry {
  readonly number: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly count: number;
  readonly rows: number | null;
}

export function useTenantAccess() {
  const tenant = useSession((state) => state.tenant);
  return useQuery({
    queryKey: ["tenant-access", tenant],
    queryFn: ({ signal }) => call<TenantAccess>(ACCESS, { signal }),
    staleTime: 0,
  });
}

export function narrowAccess(
  wanted: { readonly symbols: Entitled; readonly tables: Entitled },
  etag: string | undefined,
): Promise<Answer<TenantAccess>> {
  return call(ACCESS, { method: "PUT", body: wanted, etag });
}

/** The audit log, newest first, page by page. */
export function useAudit(filter: { readonly actor: string; readonly action: string }) {
  const tenant = useSession((state) => state.tenant);
  return useInfiniteQuery({
    queryKey: ["audit", tenant, filter],
    initialPageParam: "",
    queryFn: async ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
      for (const [name, value] of Object.entries({ ...filter, cursor: pageParam })) if (value !== "") query.set(name, value);
      return (await call<Page<AuditEntry>>(`/api/v1/audit?${query}`, { signal })).data;
    },
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 0,
  });
}
