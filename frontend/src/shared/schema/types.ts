/**
 * Column types: string, int64, float64, decimal(p,s), date, datetime, boolean, each nullable or not.
 *
 * The wire form is `{"name": "price", "type": "decimal(18,6)", "nullable": false}`. Twin of
 * `shared/flowforge/types.py`.
 */

export const KINDS = ["string", "int64", "float64", "decimal", "date", "datetime", "boolean"] as const;

export type Kind = (typeof KINDS)[number];

/** A scalar type; only decimals have digits: `precision` in all, `scale` of them after the point. */
export type ColumnType =
  | { readonly kind: Exclude<Kind, "decimal"> }
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number };

export type DecimalType = Extract<ColumnType, { kind: "decimal" }>;

/** ClickHouse's Decimal256; PostgreSQL's numeric is wider. */
export const MAX_DECIMAL_PRECISION = 76;

export const STRING: ColumnType = { kind: "string" };
export const INT64: ColumnType = { kind: "int64" };
export const FLOAT64: ColumnType = { kind: "float64" };
export const DATE: ColumnType = { kind: "date" };
export const DATETIME: ColumnType = { kind: "datetime" };
export const BOOLEAN: ColumnType = { kind: "boolean" };

export function decimal(precision: number, scale: number): DecimalType {
  return { kind: "decimal", precision, scale };
}

/** A named, typed column of a table or of a node's output. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
}

/** Columns in output order; names are unique (case-sensitive). */
export type Schema = readonly Column[];

/** A column as JSON carries it; `nullable` defaults to false. */
export interface WireColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable?: boolean;
}

const DECIMAL = /^decimal\((\d{1,2}),\s*(\d{1,2})\)$/;

/** Read a type's wire form; a `RangeError` names the text that is not a type. */
export function parseType(text: string): ColumnType {
  const digits = DECIMAL.exec(text);
  if (digits) {
    const [precision, scale] = [Number(digits[1]), Number(digits[2])];
    if (precision < 1 || precision > MAX_DECIMAL_PRECISION || scale > precision) {
      throw new RangeError(`'${text}' is not a decimal: 1 ≤ p ≤ ${MAX_DECIMAL_PRECISION}, s ≤ p`);
    }
    return decimal(precision, scale);
  }
  for (const kind of KINDS) {
    if (kind === text && kind !== "decimal") return { kind };
  }
  throw new RangeError(`'${text}' is not a column type; one of ${KINDS.join(", ")} (decimal(p,s))`);
}

/** A type's wire form, which is also what people read: `decimal(18,6)`. */
export function formatType(type: ColumnType): string {
  return type.kind === "decimal" ? `decimal(${type.precision},${type.scale})` : type.kind;
}

export function sameType(a: ColumnType, b: ColumnType): boolean {
  return formatType(a) === formatType(b);
}

/** Whether arithmetic applies. */
export function isNumeric(type: ColumnType): boolean {
  return type.kind === "int64" || type.kind === "float64" || type.kind === "decimal";
}

/** Whether it is a date or a datetime. */
export function isTemporal(type: ColumnType): boolean {
  return type.kind === "date" || type.kind === "datetime";
}

/** The column of that exact name. */
export function findColumn(schema: Schema, name: string): Column | undefined {
  return schema.find((column) => column.name === name);
}

/** Whether two schemas have the same columns in the same order. */
export function sameSchema(a: Schema, b: Schema): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  return a.every((column, index) => {
    const other = b[index];
    return (
      column.name === other?.name &&
      column.nullable === other.nullable &&
      sameType(column.type, other.type)
    );
  });
}

/** Read a schema's wire form; a `RangeError` names the text that is not a type. */
export function parseSchema(columns: readonly WireColumn[]): Schema {
  return columns.map(({ name, type, nullable }) => ({
    name,
    type: parseType(type),
    nullable: nullable ?? false,
  }));
}

/** A schema's wire form. */
export function formatSchema(schema: Schema): WireColumn[] {
  return schema.map(({ name, type, nullable }) => ({ name, type: formatType(type), nullable }));
}
