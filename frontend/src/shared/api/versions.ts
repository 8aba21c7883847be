import { useQuery } from "@tanstack/react-query";

import { useSession } from "../session";
import { type Answer, call } from "./client";
import type { GraphDocument, Page, WireColumn, Workflow } from "./types";

export interface VersionSummary {
  readonly version: number;
  readonly name: string;
  readonly saved_by: string;
  readonly saved_at: string;
}

export interface FieldChange {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

interface NodeSummary {
  readonly id: string;
  readonly type: string | null;
}

export interface EdgeSummary {
  readonly source: string;
  readonly target: string;
  readonly target_handle: string | null;
}

export interface ColumnsDifference {
  readonly added: readonly WireColumn[];
  readonly removed: readonly WireColumn[];
  readonly changed: readonly { readonly name: string }[];
  readonly reordered: boolean;
}

export interface OutputDifference {
  readonly node_id: string;
  readonly change: "added" | "removed" | "changed" | "unchanged";
  readonly sql: { readonly before: string | null; readonly after: string | null };
  readonly columns: ColumnsDifference;
}

/** What one version means that another does not. */
export interface VersionDiff {
  readonly from: number;
  readonly to: number;
  readonly identical: boolean;
  readonly name: { readonly before: string; readonly after: string } | null;
  readonly graph: {
    readonly nodes_added: readonly NodeSummary[];
    readonly nodes_removed: readonly NodeSummary[];
    readonly nodes_changed: readonly (NodeSummary & { readonly fields: readonly FieldChange[] })[];
    readonly edges_added: readonly EdgeSummary[];
    readonly edges_removed: readonly EdgeSummary[];
    readonly parameters: readonly FieldChange[];
  };
  readonly outputs: readonly OutputDifference[];
}

export interface ImpactReason {
  readonly detail: string;
}

/** What saving a graph would do to those who show the workflow. */
export interface Impact {
  readonly safe: boolean;
  readonly widgets: readonly {
    readonly widget_id: string;
    readonly dashboard_id: string;
    readonly dashboard_name: string;
    readonly widget_type: string;
    readonly effect: string;
    readonly reasons: readonly ImpactReason[];
  }[];
  readonly embeds: readonly {
    readonly key_id: string;
    readonly name: string;
    readonly effect: string;
    readonly reasons: readonly ImpactReason[];
  }[];
}

const pathOf = (id: string) => `/api/v1/workflows/${encodeURIComponent(id)}`;

export function useVersions(id: string) {
  const tenant = useSession((state) => state.tenant);
  return useQuery({
    queryKey: ["versions", tenant, id],
    queryFn: async ({ signal }) => (await call<Page<VersionSummary>>(`${pathOf(id)}/versions`, { signal })).data.items,
    staleTime: 0,
  });
}

/** What changed from one version to another. */
export function useDiff(id: string, from: number, to: number) {
  const tenant = useSession((state) => state.tenant);
  return useQuery({
    queryKey: ["versions-diff", tenant, id, from, to],
    queryFn: async ({ signal }) => (await call<VersionDiff>(`${pathOf(id)}/diff?from=${from}&to=${to}`, { signal })).data,
  });
}

/** Make an old version the newest one; it stays where it is in the history. */
export function restoreVersion(id: string, version: number, etag: string | undefined): Promise<Answer<Workflow>> {
  return call(`${pathOf(id)}/restore`, { method: "POST", body: { version }, etag });
}

export async function impactOf(id: string, graph: GraphDocument): Promise<Impact> {
  return (await call<Impact>(`${pathOf(id)}/impact`, { method: "POST", body: { graph } })).data;
}
