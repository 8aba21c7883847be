/** Shapes of the HTTP API that the application reads. int64 and decimal travel as strings. */

import type { Problem } from "./problem";

export interface WireColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable?: boolean;
}

export type Cell = string | number | boolean | null;
export type Row = readonly Cell[];

export interface TableInfo {
  readonly database: string;
  readonly table: string;
  readonly store: string;
  readonly freshness: string;
  readonly columns: readonly WireColumn[];
  readonly rows?: number | null;
  readonly comment?: string | null;
  readonly symbol_column?: string | null;
  readonly time_column?: string | null;
  /** The columns that `first` and `last` order by where they are told nothing else. */
  readonly trade_order?: readonly string[];
  /** The columns that a source's `adjust` changes; null where nothing can be adjusted. */
  readonly adjustable?: {
    readonly prices: readonly string[];
    readonly quantities: readonly string[];
    readonly amounts: readonly string[];
  } | null;
}

export interface SchemaAnswer {
  readonly tables: readonly TableInfo[];
  readonly refreshed_at: string;
}

export interface GraphNode {
  readonly id: string;
  readonly type: string;
  readonly position: { readonly x: number; readonly y: number };
  readonly data: Readonly<Record<string, unknown>>;
  /** What people call the node; the server keeps it and does not look at it. */
  readonly name?: string;
}

export interface GraphEdge {
  readonly id?: string;
  readonly source: string;
  readonly target: string;
  readonly sourceHandle?: string | null;
  readonly targetHandle?: string | null;
}

export interface GraphDocument {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly parameters?: readonly unknown[];
}

/** Rows of one node's output: the body of preview and of one page of execute. */
export interface ResultAnswer {
  readonly columns: readonly WireColumn[];
  readonly rows: readonly Row[];
  readonly row_count: number;
  readonly execution_ms: number;
  readonly cache_hit: boolean;
  readonly truncated: boolean;
  readonly as_of: string;
}

export interface StatementInfo {
  readonly store: string;
  readonly dialect: string;
  readonly sql: string;
}

/** How a node ended up in the SQL; offsets of `sql_span` count code points. */
export interface NodeReport {
  readonly merged_into: string | null;
  /** The named reason why it needed a query of its own; `detail` says it in words. */
  readonly barrier: string | null;
  readonly detail: string;
  readonly sql_span: readonly [number, number] | null;
  /** Where it runs; `memory` where no single store can do it. */
  readonly store: string;
  /** The index of the statement that `sql_span` counts in. */
  readonly statement: number | null;
  /** The rollup that holds the rows of its table added up, if there is one: whether it answers, and why. */
  readonly rollup: RollupInfo | null;
}

export interface RollupInfo {
  readonly table: string;
  readonly base: string;
  readonly used: boolean;
  readonly reason: string;
}

export interface ColumnOrigin {
  readonly database: string;
  readonly table: string;
  readonly column: string;
}

/** What is left to do in memory once the stores have answered. */
export interface ResidualInfo {
  readonly engine: string;
  /** What is fetched: the rows of a statement, or of a table that takes no SQL. */
  readonly inputs: readonly {
    readonly store: string;
    readonly columns: readonly string[];
    readonly statement?: number | null;
    readonly table?: string | null;
  }[];
  readonly steps: readonly { readonly node_id: string; readonly type: string; readonly detail: string }[];
}

export interface TableRead {
  readonly table: string;
  readonly symbols: readonly string[] | "*";
  readonly columns: readonly string[];
}

/** What a node would read, from the engines' planners. */
export interface Estimate {
  readonly rows: number;
  readonly bytes: number;
  readonly statements: readonly { readonly store: string; readonly rows: number; readonly bytes: number }[];
}

export interface CompileAnswer {
  readonly statements: readonly StatementInfo[];
  readonly residual: ResidualInfo | null;
  readonly columns: readonly WireColumn[];
  readonly nodes: Readonly<Record<string, NodeReport>>;
  /** Source columns by output column. */
  readonly lineage: Readonly<Record<string, readonly ColumnOrigin[]>>;
  readonly reads: {
    readonly tables: readonly string[];
    readonly symbols: readonly string[] | "*";
    readonly details: readonly TableRead[];
  };
  readonly freshness: string;
  readonly plan_hash: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

export interface Workflow {
  readonly id: string;
  readonly name: string;
  readonly graph: GraphDocument;
  readonly updated_at: string;
}

export type WorkflowSummary = Omit<Workflow, "graph">;

/** A widget's place on the twelve-column grid. */
export interface Place {
  readonly widget_id: string;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface Widget {
  readonly id: string;
  readonly workflow_id: string;
  readonly output_node_id: string;
  readonly widget_type: string;
  readonly config: Readonly<Record<string, unknown>>;
}

export interface DashboardSummary {
  readonly id: string;
  readonly name: string;
  readonly updated_at: string;
}

export interface Dashboard extends DashboardSummary {
  /** What the grid wrote last; another client may have written something else. */
  readonly layout: unknown;
  readonly refresh_seconds: number | null;
  readonly widgets: readonly Widget[];
}

/** A widget's rows with the encoding that draws them. */
export interface WidgetData extends ResultAnswer {
  readonly widget_type: string;
  readonly chart: Readonly<Record<string, unknown>>;
  /** Columns of the filters that could not be applied. */
  readonly filters_ignored: readonly string[];
}

/** A condition from outside the graph, such as a dashboard's. */
export interface DataFilter {
  readonly column: string;
  readonly operator: string;
  readonly value?: unknown;
}

export interface WidgetResult {
  readonly widget_id: string;
  readonly status: number;
  readonly data?: WidgetData;
  readonly problem?: Problem;
}
