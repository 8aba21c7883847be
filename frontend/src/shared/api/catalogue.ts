import { useQuery } from "@tanstack/react-query";

import { useSession } from "../session";
import { call } from "./client";
import { queryClient } from "./queryClient";
import type { Cell, SchemaAnswer } from "./types";

const TEN_MINUTES = 600_000;

/** The tables that the tenant may read. */
export function useTables() {
  const tenant = useSession((state) => state.tenant);
  return useQuery({
    queryKey: ["schema", tenant],
    queryFn: async ({ signal }) => (await call<SchemaAnswer>("/api/v1/schema", { signal })).data.tables,
    staleTime: TEN_MINUTES,
  });
}

/** Make the server look at the engines again, then read the catalogue anew. */
export async function refreshTables(): Promise<void> {
  await call("/api/v1/schema/refresh", { method: "POST" });
  await queryClient.invalidateQueries({ queryKey: ["schema"] });
}

interface ValuesAnswer {
  readonly values: readonly Cell[];
}

/** Distinct values of one table column, for suggestions; bounded by the server. */
export function useColumnValues(table: { database: string; table: string } | null, column: string) {
  const tenant = useSession((state) => state.tenant);
  return useQuery({
    queryKey: ["values", tenant, table?.database, table?.table, column],
    queryFn: async ({ signal }) => {
      if (!table) return [];
      const path = `/api/v1/schema/${encodeURIComponent(table.database)}/${encodeURIComponent(table.table)}/values`;
      const answer = await call<ValuesAnswer>(`${path}?column=${encodeURIComponent(column)}`, { signal });
      return answer.data.values;
    },
    enabled: table !== null && column !== "",
    staleTime: TEN_MINUTES,
    retry: false,
  });
}
