import { useQuery } from "@tanstack/react-query";

import { useSession } from "../session";
import { call } from "./client";
import { queryClient } from "./queryClient";
import type { Dashboard, Page, Workflow } from "./types";

const PATH = "/api/v1/templates";

/** A workflow to begin with. */
export interface Template {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly tables: readonly string[];
  readonly widgets: number;
  /** Whether the tenant sees all of its tables. */
  readonly available: boolean;
}

export function useTemplates() {
  const tenant = useSession((state) => state.tenant);
  return useQuery({
    queryKey: ["templates", tenant],
    queryFn: async ({ signal }) => (await call<Page<Template>>(PATH, { signal })).data.items,
  });
}

/** Make a workflow of a template, and the dashboard that shows it. */
export async function instantiate(id: string): Promise<Workflow & { readonly dashboard: Dashboard | null }> {
  const path = `${PATH}/${encodeURIComponent(id)}/instantiate`;
  const { data } = await call<Workflow & { dashboard: Dashboard | null }>(path, { method: "POST", body: {} });
  await queryClient.invalidateQueries({ queryKey: ["workflows"] });
  await queryClient.invalidateQueries({ queryKey: ["dashboards"] });
  return data;
}
