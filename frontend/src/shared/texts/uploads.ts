/** Texts of uploading a file as a table. */

import { plural } from "./plural";

export const uploads = {
  open: "Upload a file",
  title: "Upload a file as a table",
  drop: "Drop a CSV or Parquet file here",
  choose: "Choose a file",
  hint: "Only your organisation sees it. Nothing is a table before you give it a name.",
  reading: (name: string) => `Reading ${name}…`,
  found: (rows: number, columns: number) => `${plural(rows, "row")}, ${plural(columns, "column")}`,
  preview: (name: string) => `First rows of ${name}`,
  name: "Name of the table",
  badName: "Letters, digits and underscores, beginning with a letter; at most 63.",
  replace: "Replace the table of this name",
  commit: "Make the table",
  made: (name: string) => `uploads.${name} is a table now`,
  another: "Another file",
} as const;
