import { refreshTables } from "./catalogue";
import { call, sendFile } from "./client";
import type { Row, WireColumn } from "./types";

const PATH = "/api/v1/uploads";

/** What was read of a file; it is no table yet. */
export interface Upload {
  readonly id: string;
  readonly columns: readonly WireColumn[];
  readonly rows: readonly Row[];
  readonly row_count: number;
}

export interface UploadedTable {
  readonly database: string;
  readonly table: string;
}

export function uploadFile(file: File, signal?: AbortSignal): Promise<Upload> {
  return sendFile(`${PATH}?${new URLSearchParams({ filename: file.name })}`, file, signal);
}

/** Make a table of it; 409 if there is one of that name that is not to be replaced. */
export async function commitUpload(id: string, name: string, replace: boolean): Promise<UploadedTable> {
  const path = `${PATH}/${encodeURIComponent(id)}/commit`;
  const { data } = await call<UploadedTable>(path, { method: "POST", body: { name, replace } });
  await refreshTables();
  return data;
}
