// Generated: do not edit. Written by `python -m flowforge_local.codegen`.

import type { NodeDescription } from "../node_description";

export const NODE_KINDS = [
  "data_source",
  "filter",
  "select",
  "rename",
  "formula",
  "time_bucket",
  "window",
  "group_by",
  "pivot",
  "sort",
  "unique",
  "sample",
  "limit",
  "join",
  "asof_join",
  "union",
  "table_view",
  "line_chart",
  "bar_chart",
  "candlestick",
  "scatter",
  "heatmap",
  "treemap",
  "kpi",
  "pivot_table",
] as const;

export type NodeKind = (typeof NODE_KINDS)[number];

/** Which table, as the catalogue names it, and what its prices are adjusted for. */
export interface DataSourceConfig {
  readonly database: string;
  readonly table: string;
  /** none, splits, or total_return for splits and dividends */
  readonly adjust?: "none" | "splits" | "total_return";
}

/** One comparison. ``value`` is a list for IN, NOT IN and BETWEEN, absent for IS [NOT] NULL. */
export interface Condition {
  readonly column: string;
  readonly operator: "=" | "!=" | ">" | "<" | ">=" | "<=" | "LIKE" | "NOT LIKE" | "IN" | "NOT IN" | "BETWEEN" | "IS NULL" | "IS NOT NULL";
  readonly value?: string | number | boolean | readonly (string | number | boolean)[] | null;
}

/** Conditions joined by AND or OR. */
export interface ConditionGroup {
  readonly logic?: "AND" | "OR";
  readonly filters?: readonly (Condition | ConditionGroup)[];
}

/** What a row must fulfil to be kept. */
export interface FilterConfig {
  readonly logic?: "AND" | "OR";
  readonly filters?: readonly (Condition | ConditionGroup)[];
}

/** The columns to keep. */
export interface SelectConfig {
  readonly columns: readonly string[];
}

/** New names by the old ones, all given at once: two columns may change places. */
export interface RenameConfig {
  readonly renames: Readonly<Record<string, string>>;
}

/** The formula and the column it fills; an existing column of that name is replaced in its place. */
export interface FormulaConfig {
  /** For example [price] * [quantity] */
  readonly expression: string;
  readonly output_column: string;
}

/** The time, the size (a count and s, m, h, d, w or M for months), and what the buckets start from. ``timezone`` is only read with the anchor ``zone``, ``session`` and ``calendar`` with ``session``. */
export interface TimeBucketConfig {
  readonly column: string;
  /** For example 5m, 1h, 1d, 1w or 1M */
  readonly size: string;
  readonly anchor?: "utc" | "zone" | "session";
  /** For example America/New_York */
  readonly timezone?: string | null;
  readonly session?: "all" | "rth";
  readonly calendar?: string;
  readonly output_column?: string;
}

/** How many rows a rolling aggregate looks at, the current one included. */
export interface Frame {
  readonly rows: number;
}

/** One column to sort by. */
export interface SortTerm {
  readonly column: string;
  readonly direction?: "asc" | "desc";
}

/** The function, the column it reads, and the order and the partitions it reads it in. ``order_by`` may be left out where the input is sorted. ``frame`` is that of the rolling functions, ``offset`` that of ``lag`` and ``lead``. The new column is called ``function_column`` by default. */
export interface WindowConfig {
  readonly function: "lag" | "lead" | "row_number" | "rank" | "rolling_avg" | "rolling_sum" | "rolling_min" | "rolling_max" | "rolling_stddev" | "cumulative_sum" | "pct_change";
  readonly column?: string | null;
  readonly partition_by?: readonly string[];
  readonly order_by?: readonly SortTerm[];
  readonly frame?: Frame | null;
  readonly offset?: number;
  readonly output_column?: string | null;
}

/** One aggregate. ``column`` may only be left out of ``count``. ``by`` orders ``first`` and ``last`` (default: the table's trade order). ``weight`` is the quantity of ``vwap``. */
export interface Aggregation {
  readonly function: "sum" | "avg" | "min" | "max" | "count" | "count_distinct" | "median" | "stddev" | "first" | "last" | "vwap";
  readonly column?: string | null;
  readonly by?: string | null;
  readonly weight?: string | null;
  readonly alias?: string | null;
}

/** The keys and the aggregates; at least one of either. */
export interface GroupByConfig {
  readonly group_by?: readonly string[];
  readonly aggregations?: readonly Aggregation[];
}

/** The keys, the column that is spread out with its listed values, and the aggregate in the cells. ``value`` may only be left out of ``count``. ``by`` and ``weight`` are those of a group by. */
export interface PivotConfig {
  readonly rows: readonly string[];
  readonly column: string;
  readonly column_values: readonly (string | number | boolean)[];
  readonly value?: string | null;
  readonly function: "sum" | "avg" | "min" | "max" | "count" | "count_distinct" | "median" | "stddev" | "first" | "last" | "vwap";
  readonly weight?: string | null;
  readonly by?: string | null;
}

/** The columns to sort by, the most significant first; an earlier sort breaks ties. */
export interface SortConfig {
  readonly sorts: readonly SortTerm[];
}

/** The columns whose values are to occur once; none means all of them. */
export interface UniqueConfig {
  readonly columns?: readonly string[];
}

/** Either a number of rows or a share of them, and the seed of the choice. */
export interface SampleConfig {
  readonly rows?: number | null;
  readonly fraction?: number | null;
  readonly seed?: number;
}

/** How many rows to keep after skipping some. */
export interface LimitConfig {
  readonly rows: number;
  readonly offset?: number;
}

/** Which rows without a partner are kept, and the keys by which partners are found. */
export interface JoinConfig {
  readonly left_key?: string | null;
  readonly left_keys?: readonly string[] | null;
  readonly right_key?: string | null;
  readonly right_keys?: readonly string[] | null;
  readonly join_type?: "inner" | "left" | "right" | "full";
}

/** Keys (none: any row may be the partner), the times to compare, and how near they must be. */
export interface AsOfJoinConfig {
  readonly left_key?: string | null;
  readonly left_keys?: readonly string[] | null;
  readonly right_key?: string | null;
  readonly right_keys?: readonly string[] | null;
  readonly left_time: string;
  readonly right_time: string;
  readonly direction?: "backward" | "forward";
  readonly allow_exact?: boolean;
  /** For example 30s, 5m, 1h or 1d */
  readonly tolerance?: string | null;
  readonly join_type?: "left" | "inner";
}

/** Whether equal rows are all kept, or one of them. */
export interface UnionConfig {
  readonly mode?: "all" | "distinct";
}

/** The page that is shown first (0-based) and the rows on each. */
export interface TableViewConfig {
  readonly page?: number;
  readonly page_size?: number;
}

/** The columns drawn on the axes. */
export interface LineChartConfig {
  readonly x: string;
  readonly y: readonly string[];
  readonly series?: string | null;
}

/** The columns drawn on the axes. */
export interface BarChartConfig {
  readonly x: string;
  readonly y: readonly string[];
  readonly series?: string | null;
}

/** The time of a bar, its four prices, and its volume. */
export interface CandlestickConfig {
  readonly time: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume?: string | null;
}

/** The columns drawn on the axes. */
export interface ScatterConfig {
  readonly x: string;
  readonly y: readonly string[];
  readonly series?: string | null;
}

/** The columns of the two axes, and the number that is coloured. */
export interface HeatmapConfig {
  readonly x: string;
  readonly y: string;
  readonly value: string;
}

/** The columns from the outermost to the innermost rectangle, and the number of the area. */
export interface TreemapConfig {
  readonly path: readonly string[];
  readonly value: string;
}

/** The column of the number, and of the one that it is compared with. */
export interface KpiConfig {
  readonly value: string;
  readonly comparison?: string | null;
}

/** The columns whose values head the rows, those whose values head the columns, and the cells. */
export interface PivotTableConfig {
  readonly rows: readonly string[];
  readonly columns?: readonly string[];
  readonly values: readonly string[];
}

/** A node's `data` by its kind, as drawn: what has a default may be left out. */
export interface NodeConfigs {
  readonly data_source: DataSourceConfig;
  readonly filter: FilterConfig;
  readonly select: SelectConfig;
  readonly rename: RenameConfig;
  readonly formula: FormulaConfig;
  readonly time_bucket: TimeBucketConfig;
  readonly window: WindowConfig;
  readonly group_by: GroupByConfig;
  readonly pivot: PivotConfig;
  readonly sort: SortConfig;
  readonly unique: UniqueConfig;
  readonly sample: SampleConfig;
  readonly limit: LimitConfig;
  readonly join: JoinConfig;
  readonly asof_join: AsOfJoinConfig;
  readonly union: UnionConfig;
  readonly table_view: TableViewConfig;
  readonly line_chart: LineChartConfig;
  readonly bar_chart: BarChartConfig;
  readonly candlestick: CandlestickConfig;
  readonly scatter: ScatterConfig;
  readonly heatmap: HeatmapConfig;
  readonly treemap: TreemapConfig;
  readonly kpi: KpiConfig;
  readonly pivot_table: PivotTableConfig;
}

export const NODES: Readonly<Record<NodeKind, NodeDescription>> = {
  data_source: {
    "doc": "The rows of a table.",
    "terminal": false,
    "ports": [],
    "initial": {
      "database": "",
      "table": "",
      "adjust": "none"
    },
    "schema": {
      "additionalProperties": false,
      "description": "Which table, as the catalogue names it, and what its prices are adjusted for.",
      "properties": {
        "database": {
          "maxLength": 128,
          "minLength": 1,
          "title": "Database",
          "type": "string"
        },
        "table": {
          "maxLength": 128,
          "minLength": 1,
          "title": "Table",
          "type": "string"
        },
        "adjust": {
          "default": "none",
          "description": "none, splits, or total_return for splits and dividends",
          "enum": [
            "none",
            "splits",
            "total_return"
          ],
          "title": "Adjust",
          "type": "string"
        }
      },
      "required": [
        "database",
        "table"
      ],
      "title": "DataSourceConfig",
      "type": "object"
    }
  },
  filter: {
    "doc": "The rows for which a condition holds.",
    "terminal": false,
    "ports": [
      {
        "handle": null,
        "least": 1,
        "most": 1
      }
    ],
    "initial": {
      "logic": "AND",
      "filters": []
    },
    "schema": {
      "$defs": {
        "Condition": {
          "additionalProperties": false,
          "description": "One comparison. ``value`` is a list for IN, NOT IN and BETWEEN, absent for IS [NOT] NULL.",
          "properties": {
            "column": {
              "maxLength": 128,
              "minLength": 1,
              "title": "Column",
              "type": "string"
            },
            "operator": {
              "enum": [
                "=",
                "!=",
                ">",
                "<",
                ">=",
                "<=",
                "LIKE",
                "NOT LIKE",
                "IN",
                "NOT IN",
                "BETWEEN",
                "IS NULL",
                "IS NOT NULL"
              ],
              "title": "Operator",
              "type": "string"
            },
            "value": {
              "anyOf": [
                {
                  "type": "string"
                },
                {
                  "type": "integer"
                },
                {
                  "type": "number"
                },
                {
                  "type": "boolean"
                },
                {
                  "items": {
                    "anyOf": [
                      {
                        "type": "string"
                      },
                      {
                        "type": "integer"
                      },
                      {
                        "type": "number"
                      },
                      {
                        "type": "boolean"
                      }
                    ]
                  },
                  "type": "array"
                },
                {
                  "type": "null"
                }
              ],
              "default": null,
              "title": "Value"
            }
          },
          "required": [
            "column",
            "operator"
          ],
          "title": "Condition",
          "type": "object"
        },
        "ConditionGroup": {
          "additionalProperties": false,
          "description": "Conditions joined by AND or OR.",
          "properties": {
            "logic": {
              "default": "AND",
              "enum": [
                "AND",
                "OR"
              ],
              "title": "Logic",
              "type": "string"
            },
            "filters": {
              "default": [],
              "items": {
                "anyOf": [
                  {
                    "$ref": "#/$defs/Condition"
                  },
                  {
                    "$ref": "#/$defs/ConditionGroup"
                  }
                ]
              },
              "maxItems": 1000,
              "title": "Filters",
              "type": "array"
            }
          },
          "title": "ConditionGroup",
          "type": "object"
        }
      },
      "additionalProperties": false,
      "description": "What a row must fulfil to be kept.",
      "properties": {
        "logic": {
          "default": "AND",
          "enum": [
            "AND",
            "OR"
          ],
          "title": "Logic",
          "type": "string"
        },
        "filters": {
          "default": [],
          "items": {
            "anyOf": [
              {
                "$ref": "#/$defs/Condition"
              },
              {
                "$ref": "#/$defs/ConditionGroup"
              }
            ]
          },
          "maxItems": 1000,
          "title": "Filters",
          "type": "array"
        }
      },
      "title": "FilterConfig",
      "type": "object"
    }
  },
  select: {
    "doc": "Chosen columns in a chosen order.",
    "terminal": false,
    "ports": [
      {
        "handle": null,
        "least": 1,
        "most": 1
      }
    ],
    "initial": {
      "columns": []
    },
    "schema": {
      "additionalProperties": false,
      "description": "The columns to keep.",
      "properties": {
        "columns": {
          "items": {
            "maxLength": 128,
            "minLength": 1,
            "type": "string"
          },
          "maxItems": 1000,
          "minItems": 1,
          "title": "Columns",
          "type": "array"
        }
      },
      "required": [
        "columns"
      ],
      "title": "SelectConfig",
      "type": "object"
    }
  },
  rename: {
    "doc": "Other names for columns.",
    "terminal": false,
    "ports": [
      {
        "handle": null,
        "least": 1,
        "most": 1
      }
    ],
    "initial": {
      "renames": {}
    },
    "schema": {
      "additionalProperties": false,
      "description": "New names by the old ones, all given at once: two columns may change places.",
      "properties": {
        "renames": {
          "additionalProperties": {
            "pattern": "^[^\\x00-\\x1f\\x7f\"`\\\\\\[\\]]{1,128}$",
            "type": "string"
          },
          "title": "Renames",
          "type": "object"
        }
      },
      "required": [
        "renames"
      ],
      "title": "RenameConfig",
      "type": "object"
    }
  },
  formula: {
    "doc": "A column computed from others.",
    "terminal": false,
    "ports": [
      {
        "handle": null,
        "least": 1,
        "most": 1
      }
    ],
    "initial": {
      "expression": "",
      "output_column": ""
    },
    "schema": {
      "additionalProperties": false,
      "description": "The formula and the column it fills; an existing column of that name is replaced in its place.",
      "properties": {
        "expression": {
          "description": "For example [price] * [quantity]",
          "title": "Expression",
          "type": "string"
        },
        "output_column": {
          "pattern": "^[^\\x00-\\x1f\\x7f\"`\\\\\\[\\]]{1,128}$",
          "title": "Output Column",
          "type": "string"
        }
      },
      "required": [
        "expression",
        "output_column"
      ],
      "title": "FormulaConfig",
      "type": "object"
    }
  },
  time_bucket: {
    "doc": "The start of the second … month that a time lies in.",
    "terminal": false,
    "ports": [
      {
        "handle": null,
        "least": 1,
        "most": 1
      }
    ],
    "initial": {
      "column": "",
      "size": "",
      "anchor": "utc",
      "session": "all",
      "calendar": "XNYS",
      "output_column": "bucket"
    },
    "schema": {
      "additionalProperties": false,
      "description": "The time, the size (a count and s, m, h, d, w or M for months), and what the buckets start from.\n\n``timezone`` is only read with the anchor ``zone``, ``session`` and ``calendar`` with ``session``.",
      "properties": {
        "column": {
          "maxLength": 128,
          "minLength": 1,
          "title": "Column",
          "type": "string"
        },
        "size": {
          "description": "For example 5m, 1h, 1d, 1w or 1M",
          "pattern": "^[1-9][0-9]{0,4}[smhdwM]$",
          "title": "Size",
          "type": "string"
        },
        "anchor": {
          "default": "utc",
          "enum": [
            "utc",
            "zone",
            "session"
          ],
          "title": "Anchor",
          "type": "string"
        },
        "timezone": {
          "anyOf": [
            {
              "maxLength": 64,
              "type": "string"
            },
            {
              "type": "null"
            }
          ],
          "default": null,
          "description": "For example America/New_York",
          "title": "Timezone"
        },
        "session": {
          "default": "all",
          "enum": [
            "all",
            "rth"
          ],
          "title": "Session",
          "type": "string"
        },
        "calendar": {
          "default": "XNYS",
          "maxLength": 64,
          "title": "Calendar",
          "type": "string"
        },
        "output_column": {
          "default": "bucket",
          "pattern": "^[^\\x00-\\x1f\\x7f\"`\\\\\\[\\]]{1,128}$",
          "title": "Output Column",
          "type": "string"
        }
      },
      "required": [
        "column",
        "size"
      ],
      "title": "TimeBucketConfig",
      "type": "object"
    }
  },
  window: {
    "doc": "A column worked out from the rows around each row.",
    "terminal": false,
    "ports": [
      {
        "handle": null,
        "least": 1,
        "most": 1
      }
    ],
    "initial": {
      "function": "",
      "partition_by": [],
      "order_by": [],
      "offset": 1
    },
    "schema": {
      "$defs": {
        "Frame": {
          "additionalProperties": false,
          "description": "How many rows a rolling aggregate looks at, the current one included.",
          "properties": {
            "rows": {
              "maximum": 1000000000,
              "minimum": 1,
              "title": "Rows",
              "type": "integer"
            }
          },
          "required": [
            "rows"
          ],
          "title": "Frame",
          "type": "object"
        },
        "SortTerm": {
          "additionalProperties": false,
          "description": "One column to sort by.",
          "properties": {
            "column": {
              "maxLength": 128,
              "minLength": 1,
              "title": "Column",
              "type": "string"
            },
            "direction": {
              "default": "asc",
              "enum": [
                "asc",
                "desc"
              ],
              "title": "Direction",
              "type": "string"
            }
          },
          "required": [
            "column"
          ],
          "title": "SortTerm",
          "type": "object"
        }
      },
      "additionalProperties": false,
      "description": "The function, the column it reads, and the order and the partitions it reads it in.\n\n``order_by`` may be left out where the input is sorted. ``frame`` is that of the rolling functions,\n``offset`` that of ``lag`` and ``lead``. The new column is called ``function_column`` by default.",
      "properties": {
        "function": {
          "enum": [
            "lag",
            "lead",
            "row_number",
            "rank",
            "rolling_avg",
            "rolling_sum",
            "rolling_min",
            "rolling_max",
            "rolling_stddev",
            "cumulative_sum",
            "pct_change"
          ],
          "title": "Function",
          "type": "string"
        },
        "column": {
          "anyOf": [
            {
              "maxLength": 128,
              "minLength": 1,
              "type": "string"
            },
            {
              "type": "null"
            }
          ],
          "default": null,
          "title": "Column"
        },
        "partition_by": {
          "default": [],
          "items": {
            "maxLength": 128,
            "minLength": 1,
            "type": "string"
          },
          "maxItems": 100,
          "title": "Partition By",
          "type": "array"
        },
        "order_by": {
          "default": [],
          "items": {
            "$ref": "#/$defs/SortTerm"
          },
          "maxItems": 100,
          "title": "Order By",
          "type": "array"
        },
        "frame": {
          "anyOf": [
            {
              "$ref": "#/$defs/Frame"
            },
            {
              "type": "null"
            }
          ],
          "default": null
        },
        "offset": {
          "default": 1,
          "maximum": 1000000000,
          "minimum": 1,
          "title": "Offset",
          "type": "integer"
        },
        "output_column": {
          "anyOf": [
            {
              "pattern": "^[^\\x00-\\x1f\\x7f\"`\\\\\\[\\]]{1,128}$",
              "type": "string"
            },
            {
              "type": "null"
            }
          ],
          "default": null,
          "title": "Output Column"
        }
      },
      "required": [
        "function"
      ],
      "title": "WindowConfig",
      "type": "object"
    }
  },
  group_by: {
    "doc": "One row per combination of keys, with aggregates.",
    "terminal": false,
    "ports": [
      {
        "handle": null,
        "least": 1,
        "most": 1
      }
    ],
    "initial": {
      "group_by": [],
      "aggregations": []
    },
    "schema": {
      "$defs": {
        "Aggregation": {
          "additionalProperties": false,
          "description": "One aggregate.\n\n``column`` may only be left out of ``count``. ``by`` orders ``first`` and ``last`` (default: the\ntable's trade order). ``weight`` is the quantity of ``vwap``.",
          "properties": {
            "function": {
              "enum": [
                "sum",
                "avg",
                "min",
                "max",
                "count",
                "count_distinct",
                "median",
                "stddev",
                "first",
                "last",
                "vwap"
              ],
              "title": "Function",
              "type": "string"
            },
            "column": {
              "anyOf": [
                {
                  "maxLength": 128,
                  "minLength": 1,
                  "type": "string"
                },
                {
                  "type": "null"
                }
              ],
              "default": null,
              "title": "Column"
            },
            "by": {
              "anyOf": [
                {
                  "maxLength": 128,
                  "minLength": 1,
                  "type": "string"
                },
                {
                  "type": "null"
                }
              ],
              "default": null,
              "title": "By"
            },
            "weight": {
              "anyOf": [
                {
                  "maxLength": 128,
                  "minLength": 1,
                  "type": "string"
                },
                {
                  "type": "null"
                }
              ],
              "default": null,
              "title": "Weight"
            },
            "alias": {
              "anyOf": [
                {
                  "pattern": "^[^\\x00-\\x1f\\x7f\"`\\\\\\[\\]]{1,128}$",
                  "type": "string"
                },
                {
                  "type": "null"
                }
              ],
              "default": null,
              "title": "Alias"
            }
          },
          "required": [
            "function"
          ],
          "title": "Aggregation",
          "type": "object"
        }
      },
      "additionalProperties": false,
      "description": "The keys and the aggregates; at least one of either.",
      "properties": {
        "group_by": {
          "default": [],
          "items": {
            "maxLength": 128,
            "minLength": 1,
            "type": "string"
          },
          "maxItems": 100,
          "title": "Group By",
          "type": "array"
        },
        "aggregations": {
          "default": [],
          "items": {
            "$ref": "#/$defs/Aggregation"
          },
          "maxItems": 200,
          "title": "Aggregations",
          "type": "array"
        }
      },
      "title": "GroupByConfig",
      "type": "object"
    }
  },
  pivot: {
    "doc": "One column per listed value, with aggregates.",
    "terminal": false,
    "ports": [
      {
        "handle": null,
        "least": 1,
        "most": 1
      }
    ],
    "initial": {
      "rows": [],
      "column": "",
      "column_values": [],
      "function": ""
    },
    "schema": {
      "additionalProperties": false,
      "description": "The keys, the column that is spread out with its listed values, and the aggregate in the cells.\n\n``value`` may only be left out of ``count``. ``by`` and ``weight`` are those of a group by.",
      "properties": {
        "rows": {
          "items": {
            "maxLength": 128,
            "minLength": 1,
            "type": "string"
          },
          "maxItems": 100,
          "minItems": 1,
          "title": "Rows",
          "type": "array"
        },
        "column": {
          "maxLength": 128,
          "minLength": 1,
          "title": "Column",
          "type": "string"
        },
        "column_values": {
          "items": {
            "anyOf": [
              {
                "type": "string"
              },
              {
                "type": "integer"
              },
              {
                "type": "number"
              },
              {
                "type": "boolean"
              }
            ]
          },
          "maxItems": 200,
          "minItems": 1,
          "title": "Column Values",
          "type": "array"
        },
        "value": {
          "anyOf": [
            {
              "maxLength": 128,
              "minLength": 1,
              "type": "string"
            },
            {
              "type": "null"
            }
          ],
          "default": null,
          "title": "Value"
        },
        "function": {
          "enum": [
            "sum",
            "avg",
            "min",
            "max",
            "count",
            "count_distinct",
            "median",
            "stddev",
            "first",
            "last",
            "vwap"
          ],
          "title": "Function",
          "type": "string"
        },
        "weight": {
          "anyOf": [
            {
              "maxLength": 128,
              "minLength": 1,
              "type": "string"
            },
            {
              "type": "null"
            }
          ],
          "default": null,
          "title": "Weight"
        },
        "by": {
          "anyOf": [
            {
              "maxLength": 128,
              "minLength": 1,
              "type": "string"
            },
            {
              "type": "null"
            }
          ],
          "default": null,
          "title": "By"
        }
      },
      "required": [
        "rows",
        "column",
        "column_values",
        "function"
      ],
      "title": "PivotConfig",
      "type": "object"
    }
  },
  sort: {
    "doc": "An order of the rows, NULL last.",
    "terminal": false,
    "ports": [
      {
        "handle": null,
        "least": 1,
        "most": 1
      }
    ],
    "initial": {
      "sorts": []
    },
    "schema": {
      "$defs": {
        "SortTerm": {
          "additionalProperties": false,
          "description": "One column to sort by.",
          "properties": {
            "column": {
              "maxLength": 128,
              "minLength": 1,
              "title": "Column",
              "type": "string"
            },
            "direction": {
              "default": "asc",
              "enum": [
                "asc",
                "desc"
              ],
              "title": "Direction",
              "type": "string"
            }
          },
          "required": [
            "column"
          ],
          "title": "SortTerm",
          "type": "object"
        }
      },
      "additionalProperties": false,
      "description": "The columns to sort by, the most significant first; an earlier sort breaks ties.",
      "properties": {
        "sorts": {
          "items": {
            "$ref": "#/$defs/SortTerm"
          },
          "maxItems": 100,
          "minItems": 1,
          "title": "Sorts",
          "type": "array"
        }
      },
      "required": [
        "sorts"
      ],
      "title": "SortConfig",
      "type": "object"
    }
  },
  unique: {
    "doc": "One row per combination of values.",
    "terminal": false,
    "ports": [
      {
        "handle": null,
        "least": 1,
        "most": 1
      }
    ],
    "initial": {
      "columns": []
    },
    "schema": {
      "additionalProperties": false,
      "description": "The columns whose values are to occur once; none means all of them.",
      "properties": {
        "columns": {
          "default": [],
          "items": {
            "maxLength": 128,
            "minLength": 1,
            "type": "string"
          },
          "maxItems": 1000,
          "title": "Columns",
          "type": "array"
        }
      },
      "title": "UniqueConfig",
      "type": "object"
    }
  },
  sample: {
    "doc": "Some of the rows, the same ones every time.",
    "terminal": false,
    "ports": [
      {
        "handle": null,
        "least": 1,
        "most": 1
      }
    ],
    "initial": {
      "seed": 0
    },
    "schema": {
      "additionalProperties": false,
      "description": "Either a number of rows or a share of them, and the seed of the choice.",
      "properties": {
        "rows": {
          "anyOf": [
            {
              "maximum": 1000000000,
              "minimum": 1,
              "type": "integer"
            },
            {
              "type": "null"
            }
          ],
          "default": null,
          "title": "Rows"
        },
        "fraction": {
          "anyOf": [
            {
              "exclusiveMinimum": 0,
              "maximum": 1,
              "type": "number"
            },
            {
              "type": "null"
            }
          ],
          "default": null,
          "title": "Fraction"
        },
        "seed": {
          "default": 0,
          "maximum": 9007199254740991,
          "minimum": -9007199254740991,
          "title": "Seed",
          "type": "integer"
        }
      },
      "title": "SampleConfig",
      "type": "object"
    }
  },
  limit: {
    "doc": "The first rows.",
    "terminal": false,
    "ports": [
      {
        "handle": null,
        "least": 1,
        "most": 1
      }
    ],
    "initial": {
      "rows": 0,
      "offset": 0
    },
    "schema": {
      "additionalProperties": false,
      "description": "How many rows to keep after skipping some.",
      "properties": {
        "rows": {
          "maximum": 1000000000,
          "minimum": 0,
          "title": "Rows",
          "type": "integer"
        },
        "offset": {
          "default": 0,
          "maximum": 1000000000,
          "minimum": 0,
          "title": "Offset",
          "type": "integer"
        }
      },
      "required": [
        "rows"
      ],
      "title": "LimitConfig",
      "type": "object"
    }
  },
  join: {
    "doc": "Rows of two inputs that have equal keys.",
    "terminal": false,
    "ports": [
      {
        "handle": "left",
        "least": 1,
        "most": 1
      },
      {
        "handle": "right",
        "least": 1,
        "most": 1
      }
    ],
    "initial": {
      "join_type": "inner"
    },
    "schema": {
      "additionalProperties": false,
      "description": "Which rows without a partner are kept, and the keys by which partners are found.",
      "properties": {
        "left_key": {
          "anyOf": [
            {
              "maxLength": 128,
              "minLength": 1,
              "type": "string"
            },
            {
              "type": "null"
            }
          ],
          "default": null,
          "title": "Left Key"
        },
        "left_keys": {
          "anyOf": [
            {
              "items": {
                "maxLength": 128,
                "minLength": 1,
                "type": "string"
              },
              "maxItems": 20,
              "minItems": 1,
              "type": "array"
            },
            {
              "type": "null"
            }
          ],
          "default": null,
          "title": "Left Keys"
        },
        "right_key": {
          "anyOf": [
            {
              "maxLength": 128,
              "minLength": 1,
              "type": "string"
            },
            {
              "type": "null"
            }
          ],
          "default": null,
          "title": "Right Key"
        },
        "right_keys": {
          "anyOf": [
            {
              "items": {
                "maxLength": 128,
                "minLength": 1,
                "type": "string"
              },
              "maxItems": 20,
              "minItems": 1,
              "type": "array"
            },
            {
              "type": "null"
            }
          ],
          "default": null,
          "title": "Right Keys"
        },
        "join_type": {
          "default": "inner",
          "enum": [
            "inner",
            "left",
            "right",
            "full"
          ],
          "title": "Join Type",
          "type": "string"
        }
      },
      "title": "JoinConfig",
      "type": "object"
    }
  },
  asof_join: {
    "doc": "To each row of one input, the row of another that is nearest in time.",
    "terminal": false,
    "ports": [
      {
        "handle": "left",
        "least": 1,
        "most": 1
      },
      {
        "handle": "right",
        "least": 1,
        "most": 1
      }
    ],
    "initial": {
      "left_time": "",
      "right_time": "",
      "direction": "backward",
      "allow_exact": true,
      "join_type": "left"
    },
    "schema": {
      "additionalProperties": false,
      "description": "Keys (none: any row may be the partner), the times to compare, and how near they must be.",
      "properties": {
        "left_key": {
          "anyOf": [
            {
              "maxLength": 128,
              "minLength": 1,
              "type": "string"
            },
            {
              "type": "null"
            }
          ],
          "default": null,
          "title": "Left Key"
        },
        "left_keys": {
          "anyOf": [
            {
              "items": {
                "maxLength": 128,
                "minLength": 1,
                "type": "string"
              },
              "maxItems": 20,
              "minItems": 1,
              "type": "array"
            },
            {
              "type": "null"
            }
          ],
          "default": null,
          "title": "Left Keys"
        },
        "right_key": {
          "anyOf": [
            {
              "maxLength": 128,
              "minLength": 1,
              "type": "string"
            },
            {
              "type": "null"
            }
          ],
          "default": null,
          "title": "Right Key"
        },
        "right_keys": {
          "anyOf": [
            {
              "items": {
                "maxLength": 128,
                "minLength": 1,
                "type": "string"
              },
              "maxItems": 20,
              "minItems": 1,
              "type": "array"
            },
            {
              "type": "null"
            }
          ],
          "default": null,
          "title": "Right Keys"
        },
        "left_time": {
          "maxLength": 128,
          "minLength": 1,
          "title": "Left Time",
          "type": "string"
        },
        "right_time": {
          "maxLength": 128,
          "minLength": 1,
          "title": "Right Time",
          "type": "string"
        },
        "direction": {
          "default": "backward",
          "enum": [
            "backward",
            "forward"
          ],
          "title": "Direction",
          "type": "string"
        },
        "allow_exact": {
          "default": true,
          "title": "Allow Exact",
          "type": "boolean"
        },
        "tolerance": {
          "anyOf": [
            {
              "pattern": "^[1-9][0-9]{0,5}[smhd]$",
              "type": "string"
            },
            {
              "type": "null"
            }
          ],
          "default": null,
          "description": "For example 30s, 5m, 1h or 1d",
          "title": "Tolerance"
        },
        "join_type": {
          "default": "left",
          "enum": [
            "left",
            "inner"
          ],
          "title": "Join Type",
          "type": "string"
        }
      },
      "required": [
        "left_time",
        "right_time"
      ],
      "title": "AsOfJoinConfig",
      "type": "object"
    }
  },
  union: {
    "doc": "The rows of several inputs.",
    "terminal": false,
    "ports": [
      {
        "handle": null,
        "least": 2,
        "most": 100
      }
    ],
    "initial": {
      "mode": "all"
    },
    "schema": {
      "additionalProperties": false,
      "description": "Whether equal rows are all kept, or one of them.",
      "properties": {
        "mode": {
          "default": "all",
          "enum": [
            "all",
            "distinct"
          ],
          "title": "Mode",
          "type": "string"
        }
      },
      "title": "UnionConfig",
      "type": "object"
    }
  },
  table_view: {
    "doc": "The rows as a table.",
    "terminal": true,
    "ports": [
      {
        "handle": null,
        "least": 1,
        "most": 1
      }
    ],
    "initial": {
      "page": 0,
      "page_size": 100
    },
    "schema": {
      "additionalProperties": false,
      "description": "The page that is shown first (0-based) and the rows on each.",
      "properties": {
        "page": {
          "default": 0,
          "minimum": 0,
          "title": "Page",
          "type": "integer"
        },
        "page_size": {
          "default": 100,
          "maximum": 1000,
          "minimum": 1,
          "title": "Page Size",
          "type": "integer"
        }
      },
      "title": "TableViewConfig",
      "type": "object"
    }
  },
  line_chart: {
    "doc": "Values over x as lines.",
    "terminal": true,
    "ports": [
      {
        "handle": null,
        "least": 1,
        "most": 1
      }
    ],
    "initial": {
      "x": "",
      "y": []
    },
    "schema": {
      "additionalProperties": false,
      "description": "The columns drawn on the axes.",
      "properties": {
        "x": {
          "maxLength": 128,
          "minLength": 1,
          "title": "X",
          "type": "string"
        },
        "y": {
          "items": {
            "maxLength": 128,
            "minLength": 1,
            "type": "string"
          },
          "maxItems": 50,
          "minItems": 1,
          "title": "Y",
          "type": "array"
        },
        "series": {
          "anyOf": [
            {
              "maxLength": 128,
              "minLength": 1,
              "type": "string"
            },
            {
              "type": "null"
            }
          ],
          "default": null,
          "title": "Series"
        }
      },
      "required": [
        "x",
        "y"
      ],
      "title": "LineChartConfig",
      "type": "object"
    }
  },
  bar_chart: {
    "doc": "Values over x as bars.",
    "terminal": true,
    "ports": [
      {
        "handle": null,
        "least": 1,
        "most": 1
      }
    ],
    "initial": {
      "x": "",
      "y": []
    },
    "schema": {
      "additionalProperties": false,
      "description": "The columns drawn on the axes.",
      "properties": {
        "x": {
          "maxLength": 128,
          "minLength": 1,
          "title": "X",
          "type": "string"
        },
        "y": {
          "items": {
            "maxLength": 128,
            "minLength": 1,
            "type": "string"
          },
          "maxItems": 50,
          "minItems": 1,
          "title": "Y",
          "type": "array"
        },
        "series": {
          "anyOf": [
            {
              "maxLength": 128,
              "minLength": 1,
              "type": "string"
            },
            {
              "type": "null"
            }
          ],
          "default": null,
          "title": "Series"
        }
      },
      "required": [
        "x",
        "y"
      ],
      "title": "BarChartConfig",
      "type": "object"
    }
  },
  candlestick: {
    "doc": "Prices over time as bars.",
    "terminal": true,
    "ports": [
      {
        "handle": null,
        "least": 1,
        "most": 1
      }
    ],
    "initial": {
      "time": "",
      "open": "",
      "high": "",
      "low": "",
      "close": ""
    },
    "schema": {
      "additionalProperties": false,
      "description": "The time of a bar, its four prices, and its volume.",
      "properties": {
        "time": {
          "maxLength": 128,
          "minLength": 1,
          "title": "Time",
          "type": "string"
        },
        "open": {
          "maxLength": 128,
          "minLength": 1,
          "title": "Open",
          "type": "string"
        },
        "high": {
          "maxLength": 128,
          "minLength": 1,
          "title": "High",
          "type": "string"
        },
        "low": {
          "maxLength": 128,
          "minLength": 1,
          "title": "Low",
          "type": "string"
        },
        "close": {
          "maxLength": 128,
          "minLength": 1,
          "title": "Close",
          "type": "string"
        },
        "volume": {
          "anyOf": [
            {
              "maxLength": 128,
              "minLength": 1,
              "type": "string"
            },
            {
              "type": "null"
            }
          ],
          "default": null,
          "title": "Volume"
        }
      },
      "required": [
        "time",
        "open",
        "high",
        "low",
        "close"
      ],
      "title": "CandlestickConfig",
      "type": "object"
    }
  },
  scatter: {
    "doc": "Values against x as points.",
    "terminal": true,
    "ports": [
      {
        "handle": null,
        "least": 1,
        "most": 1
      }
    ],
    "initial": {
      "x": "",
      "y": []
    },
    "schema": {
      "additionalProperties": false,
      "description": "The columns drawn on the axes.",
      "properties": {
        "x": {
          "maxLength": 128,
          "minLength": 1,
          "title": "X",
          "type": "string"
        },
        "y": {
          "items": {
            "maxLength": 128,
            "minLength": 1,
            "type": "string"
          },
          "maxItems": 50,
          "minItems": 1,
          "title": "Y",
          "type": "array"
        },
        "series": {
          "anyOf": [
            {
              "maxLength": 128,
              "minLength": 1,
              "type": "string"
            },
            {
              "type": "null"
            }
          ],
          "default": null,
          "title": "Series"
        }
      },
      "required": [
        "x",
        "y"
      ],
      "title": "ScatterConfig",
      "type": "object"
    }
  },
  heatmap: {
    "doc": "Values of pairs as colours.",
    "terminal": true,
    "ports": [
      {
        "handle": null,
        "least": 1,
        "most": 1
      }
    ],
    "initial": {
      "x": "",
      "y": "",
      "value": ""
    },
    "schema": {
      "additionalProperties": false,
      "description": "The columns of the two axes, and the number that is coloured.",
      "properties": {
        "x": {
          "maxLength": 128,
          "minLength": 1,
          "title": "X",
          "type": "string"
        },
        "y": {
          "maxLength": 128,
          "minLength": 1,
          "title": "Y",
          "type": "string"
        },
        "value": {
          "maxLength": 128,
          "minLength": 1,
          "title": "Value",
          "type": "string"
        }
      },
      "required": [
        "x",
        "y",
        "value"
      ],
      "title": "HeatmapConfig",
      "type": "object"
    }
  },
  treemap: {
    "doc": "Shares of a whole as areas.",
    "terminal": true,
    "ports": [
      {
        "handle": null,
        "least": 1,
        "most": 1
      }
    ],
    "initial": {
      "path": [],
      "value": ""
    },
    "schema": {
      "additionalProperties": false,
      "description": "The columns from the outermost to the innermost rectangle, and the number of the area.",
      "properties": {
        "path": {
          "items": {
            "maxLength": 128,
            "minLength": 1,
            "type": "string"
          },
          "maxItems": 3,
          "minItems": 1,
          "title": "Path",
          "type": "array"
        },
        "value": {
          "maxLength": 128,
          "minLength": 1,
          "title": "Value",
          "type": "string"
        }
      },
      "required": [
        "path",
        "value"
      ],
      "title": "TreemapConfig",
      "type": "object"
    }
  },
  kpi: {
    "doc": "One number and its change.",
    "terminal": true,
    "ports": [
      {
        "handle": null,
        "least": 1,
        "most": 1
      }
    ],
    "initial": {
      "value": ""
    },
    "schema": {
      "additionalProperties": false,
      "description": "The column of the number, and of the one that it is compared with.",
      "properties": {
        "value": {
          "maxLength": 128,
          "minLength": 1,
          "title": "Value",
          "type": "string"
        },
        "comparison": {
          "anyOf": [
            {
              "maxLength": 128,
              "minLength": 1,
              "type": "string"
            },
            {
              "type": "null"
            }
          ],
          "default": null,
          "title": "Comparison"
        }
      },
      "required": [
        "value"
      ],
      "title": "KpiConfig",
      "type": "object"
    }
  },
  pivot_table: {
    "doc": "Values by rows and columns.",
    "terminal": true,
    "ports": [
      {
        "handle": null,
        "least": 1,
        "most": 1
      }
    ],
    "initial": {
      "rows": [],
      "columns": [],
      "values": []
    },
    "schema": {
      "additionalProperties": false,
      "description": "The columns whose values head the rows, those whose values head the columns, and the cells.",
      "properties": {
        "rows": {
          "items": {
            "maxLength": 128,
            "minLength": 1,
            "type": "string"
          },
          "maxItems": 10,
          "minItems": 1,
          "title": "Rows",
          "type": "array"
        },
        "columns": {
          "default": [],
          "items": {
            "maxLength": 128,
            "minLength": 1,
            "type": "string"
          },
          "maxItems": 10,
          "title": "Columns",
          "type": "array"
        },
        "values": {
          "items": {
            "maxLength": 128,
            "minLength": 1,
            "type": "string"
          },
          "maxItems": 20,
          "minItems": 1,
          "title": "Values",
          "type": "array"
        }
      },
      "required": [
        "rows",
        "values"
      ],
      "title": "PivotTableConfig",
      "type": "object"
    }
  },
};
