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
  /** Whether there are more. */
  readonly truncated: boolean;
}

interface TableName {
  readonly database: string;
  readonly table: string;
}

/** Distinct values of one table column in ascending order, at most so many (the server's own bound: 100). */
export async function columnValues(table: TableName, column: string, limit?: number, signal?: AbortSignal): Promise<ValuesAnswer> {
  const path = `/api/v1/schema/${encodeURIComponent(table.database)}/${encodeURIComponent(table.table)}/values`;
  const query = new URLSearchParams({ column, ...(limit !== undefined && { limit: String(limit) }) });
  return (await call<ValuesAnswer>(`${path}?${query}`, signal ? { signal } : {})).data;
}

/** Distinct values of one table column, for suggestions. */
export function useColumnValues(table: TableName | null, column: string) {
  const tenant = useSession((state) => state.tenant);
  return useQuery({
    queryKey: ["values", tenant, table?.database, table?.table, column],
    queryFn: async ({ signal }) => (table ? (await columnValues(table, column, undefined, signal)).values : []),
    enabled: table !== null && column !== "",
    staleTime: TEN_MINUTES,
    retry: false,
  });
}
