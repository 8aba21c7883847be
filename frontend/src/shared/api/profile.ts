import { useQuery } from "@tanstack/react-query";

import { useSession } from "../session";
import { call } from "./client";
import type { Cell, GraphDocument } from "./types";

export interface Bin {
  readonly from: Cell;
  readonly to: Cell;
  readonly count: number;
}

export interface ColumnProfile {
  readonly name: string;
  readonly type: string;
  readonly nulls: number;
  readonly distinct: number;
  readonly distinct_exact: boolean;
  readonly min: Cell;
  readonly max: Cell;
  readonly histogram: readonly Bin[] | null;
  readonly top_values: readonly { readonly value: Cell; readonly count: number }[] | null;
}

export interface Profile {
  readonly row_count: number;
  readonly columns: readonly ColumnProfile[];
  readonly distribution: { readonly rows: number; readonly method: string };
}

/** What is in one column at a node; `key` changes exactly when the node's rows could. */
export function useColumnProfile(graph: () => GraphDocument, target: string, column: string, key: string) {
  const tenant = useSession((state) => state.tenant);
  return useQuery({
    queryKey: ["profile", tenant, target, column, key],
    queryFn: async ({ signal }) => {
      const body = { graph: graph(), target_node_id: target, columns: [column] };
      return (await call<Profile>("/api/v1/preview/profile", { method: "POST", body, signal })).data;
    },
    retry: false,
  });
}
