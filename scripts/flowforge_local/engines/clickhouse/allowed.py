"""Everything the read-only user may name. What is not listed is refused."""

from __future__ import annotations

import re

DATABASES = frozenset({"flowforge", "marts", "metrics", "reference"})
"""The serving layer; every table in these is declared by the library, which guards its rows."""

SYSTEM_TABLES = frozenset(
    {"system.columns", "system.databases", "system.one", "system.settings", "system.tables"}
)
"""What schema discovery and the client libraries read."""

TABLE_FUNCTIONS = frozenset(
    {"SQLStandardValues", "generateSeries", "generate_series", "null", "numbers", "values"}
)
"""Those that make rows from their arguments alone."""

STATEMENTS = frozenset({"DescribeQuery", "ExistsTableQuery", "Explain", "SelectWithUnionQuery"})

NODES = STATEMENTS | {
    "ArrayJoin",
    "Asterisk",
    "ColumnsExceptTransformer",
    "ColumnsListMatcher",
    "ColumnsRegexpMatcher",
    "ColumnsReplaceTransformer",
    "ColumnsReplaceTransformer::Replacement",
    "ColumnsTransformerList",
    "ExpressionList",
    "Function",
    "Identifier",
    "InterpolateElement",
    "Literal",
    "OrderByElement",
    "QualifiedAsterisk",
    "QualifiedColumnsListMatcher",
    "QualifiedColumnsRegexpMatcher",
    "SampleRatio",
    "SelectIntersectExceptQuery",
    "SelectQuery",
    "Subquery",
    "TableExpression",
    "TableIdentifier",
    "TableJoin",
    "TablesInSelectQuery",
    "TablesInSelectQueryElement",
    "WindowDefinition",
    "WindowListElement",
    "WithElement",
}
"""Node kinds of EXPLAIN AST. Not among them: ``Set`` (SETTINGS), and ``ColumnsApplyTransformer``,
which does not show the function that it applies."""

SETTINGS = re.compile(
    r"aggregate_functions_null_for_empty|cast_\w+|compile_\w+|count_distinct_implementation|date_time_\w+"
    r"|decimal_check_overflow|enable_\w+|extremes|final|format_csv_\w+|format_tsv_\w+|group_by_\w+"
    r"|input_format_\w+|join_\w+|low_priority_query_wait_time_ms|max_\w+|min_\w+|optimize_\w+"
    r"|output_format_\w+|prefer_\w+|priority|query_plan_\w+|read_\w+|result_overflow_mode|session_timezone"
    r"|set_overflow_mode|short_circuit_\w+|sort_overflow_mode|timeout_\w+|totals_mode"
    r"|transform_null_in|use_\w+"
)
"""Limits, output shape and optimiser switches."""

NOT_SETTINGS = frozenset({"output_format_schema", "max_concurrent_queries_for_user"})
"""Exceptions to the patterns: ``output_format_schema`` names a file that the engine writes."""

LIMITS = {"max_execution_time": "300"}
"""Applied where the request does not say otherwise: no query runs without an end."""

CATEGORIES = frozenset(
    {
        "Arithmetic",
        "Arrays",
        "Bit",
        "Bitmap",
        "Comparison",
        "Conditional",
        "Dates and Times",
        "Distance",
        "Encoding",
        "Financial",
        "Hash",
        "IP Address",
        "JSON",
        "Logical",
        "Map",
        "Mathematical",
        "Null",
        "Rounding",
        "String",
        "String Replacement",
        "String Search",
        "String Splitting",
        "Time Series",
        "Time Window",
        "Tuple",
        "Type Conversion",
        "URL",
        "UUID",
    }
)
"""Categories of ``system.functions`` whose members compute from their arguments alone."""

FUNCTIONS = frozenset(
    {
        "bar",
        "currentDatabase",
        "exists",
        "formatReadableDecimalSize",
        "formatReadableQuantity",
        "formatReadableSize",
        "formatReadableTimeDelta",
        "grouping",
        "identity",
        "ignore",
        "isConstant",
        "isDecimalOverflow",
        "countDigits",
        "lambda",
        "materialize",
        "rand",
        "rand64",
        "randCanonical",
        "rowNumberInAllBlocks",
        "rowNumberInBlock",
        "throwIf",
        "toColumnTypeName",
        "toTypeName",
        "transform",
        "version",
        "widthBucket",
        "_CAST",
    }
)
"""Single functions beside those of the categories, and names that only the parser makes."""
