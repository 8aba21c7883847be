"""What a statement may consist of at all: node classes with their arguments, and functions by name.

Written out by hand and apart from the function table, so that neither can widen the other.
"""

from __future__ import annotations

from sqlglot import exp

_BINARY = frozenset({"this", "expression"})

ARGUMENTS: dict[type[exp.Expr], frozenset[str]] = {
    exp.Select: frozenset(
        {"with_", "expressions", "distinct", "from_", "joins", "prewhere", "where", "group", "having"}
        | {"order", "limit", "offset"}
    ),
    exp.Union: frozenset({"with_", "this", "expression", "distinct", "order", "limit", "offset"}),
    exp.With: frozenset({"expressions"}),
    exp.CTE: frozenset({"this", "alias", "materialized", "scalar"}),
    exp.Subquery: frozenset({"this", "alias"}),
    exp.From: frozenset({"this"}),
    exp.Join: frozenset({"this", "method", "side", "on"}),
    exp.Table: frozenset({"this", "db", "alias"}),
    exp.Final: frozenset({"this"}),
    exp.TableAlias: frozenset({"this"}),
    exp.Identifier: frozenset({"this", "quoted"}),
    exp.Column: frozenset({"this", "table"}),
    exp.Alias: frozenset({"this", "alias"}),
    exp.Literal: frozenset({"this", "is_string"}),
    exp.Boolean: frozenset({"this"}),
    exp.Null: frozenset(),
    exp.Star: frozenset(),
    exp.Where: frozenset({"this"}),
    exp.PreWhere: frozenset({"this"}),
    exp.Group: frozenset({"expressions"}),
    exp.Having: frozenset({"this"}),
    exp.Order: frozenset({"this", "expressions"}),
    exp.Ordered: frozenset({"this", "desc", "nulls_first"}),
    exp.Limit: frozenset({"expression", "expressions"}),
    exp.Offset: frozenset({"expression"}),
    exp.Paren: frozenset({"this"}),
    exp.Not: frozenset({"this"}),
    exp.Neg: frozenset({"this"}),
    exp.Is: frozenset({"this", "expression", "negate"}),
    exp.In: frozenset({"this", "expressions"}),
    exp.Between: frozenset({"this", "low", "high"}),
    exp.Div: _BINARY | {"typed"},
    exp.Case: frozenset({"ifs", "default"}),
    exp.If: frozenset({"this", "true"}),
    exp.Cast: frozenset({"this", "to"}),
    exp.DataType: frozenset({"this", "expressions"}),
    exp.DataTypeParam: frozenset({"this"}),
    exp.Anonymous: frozenset({"this", "expressions"}),
    exp.ParameterizedAgg: frozenset({"this", "expressions", "params"}),
    exp.Count: frozenset({"this"}),
    exp.Distinct: frozenset({"expressions", "on"}),
    exp.Tuple: frozenset({"expressions"}),
    exp.Extract: _BINARY,
    exp.Var: frozenset({"this"}),
    exp.RegexpLike: _BINARY,
    exp.WithinGroup: _BINARY,
    exp.PercentileDisc: frozenset({"this"}),
    exp.ArrayAgg: frozenset({"this"}),
    exp.Filter: _BINARY,
    exp.Window: frozenset({"this", "partition_by", "order", "spec"}),
    exp.WindowSpec: frozenset({"kind", "start", "start_side", "end", "end_side"}),
    exp.Bracket: frozenset({"this", "expressions", "offset"}),
    **dict.fromkeys(
        [
            exp.And,
            exp.Or,
            exp.EQ,
            exp.NEQ,
            exp.LT,
            exp.LTE,
            exp.GT,
            exp.GTE,
            exp.Like,
            exp.DPipe,
            exp.Add,
            exp.Sub,
            exp.Mul,
            exp.Mod,
        ],
        _BINARY,
    ),
}
"""Every class that may occur, with the arguments that may be set on it."""

PLACES: dict[type[exp.Expr], frozenset[tuple[type[exp.Expr] | None, str]]] = {
    exp.Select: frozenset(
        {
            (None, ""),
            (exp.CTE, "this"),
            (exp.Subquery, "this"),
            (exp.Union, "this"),
            (exp.Union, "expression"),
        }
    ),
    exp.Union: frozenset(
        {
            (None, ""),
            (exp.CTE, "this"),
            (exp.Subquery, "this"),
            (exp.Union, "this"),
            (exp.Union, "expression"),
        }
    ),
    exp.With: frozenset({(exp.Select, "with_"), (exp.Union, "with_")}),
    exp.CTE: frozenset({(exp.With, "expressions")}),
    exp.From: frozenset({(exp.Select, "from_")}),
    exp.Distinct: frozenset({(exp.Select, "distinct"), (exp.Count, "this")}),
    exp.Tuple: frozenset({(exp.Distinct, "on")}),
    exp.Join: frozenset({(exp.Select, "joins")}),
    exp.Subquery: frozenset({(exp.From, "this"), (exp.Join, "this")}),
    exp.Table: frozenset({(exp.From, "this"), (exp.Join, "this"), (exp.Final, "this")}),
    exp.Final: frozenset({(exp.From, "this"), (exp.Join, "this")}),
    exp.TableAlias: frozenset({(exp.CTE, "alias"), (exp.Subquery, "alias"), (exp.Table, "alias")}),
    exp.Alias: frozenset({(exp.Select, "expressions")}),
    exp.Star: frozenset({(exp.Count, "this")}),
    exp.Var: frozenset({(exp.Extract, "this")}),
    exp.WindowSpec: frozenset({(exp.Window, "spec")}),
}
"""Where a class may stand, if not anywhere: queries and tables never inside an expression, aliases
only on the columns that come out."""

JOINS: dict[str, frozenset[tuple[str | None, str | None, str | None]]] = {
    "clickhouse": frozenset(
        {
            (None, None, None),
            (None, "LEFT", None),
            (None, "RIGHT", None),
            (None, "FULL", None),
            ("ASOF", None, None),
            ("ASOF", "LEFT", None),
        }
    ),
    "postgres": frozenset(
        {(None, None, None), (None, "LEFT", None), (None, "RIGHT", None), (None, "FULL", None)}
    ),
}
"""(method, side, kind) of a join; all have a condition."""

_CLICKHOUSE = """
abs addDays addHours addMinutes addMonths addQuarters addSeconds addWeeks addYears argMax argMaxIf
argMaxOrNull argMaxOrNullIf argMin argMinIf argMinOrNull argMinOrNullIf ceil coalesce concat count
dateDiff exp floor formatDateTime greatest if ignore intDiv isFinite isNaN least leftUTF8 lengthUTF8 ln log10
lowerUTF8 match max maxOrNull min minOrNull nullIf parseDateTime64OrNull position pow
quantileExactHigh quantileExactHighOrNull quantileExactLow quantileExactLowOrNull replaceAll
rightUTF8 round row_number sign sqrt startsWith stddevSampStable sum sumOrNull throwIf toBool toDate toDate32
toDateTime64 toDayOfMonth toDayOfWeek toDecimal128 toDecimal256 toDecimal256OrNull toDecimal64
toFloat64 toHour toInt64 toMinute toMonday toMonth toStartOfDay toStartOfHour toStartOfMinute
toStartOfMonth toStartOfQuarter toStartOfSecond toStartOfYear toString toYear trimBoth tuple
tupleElement uniqExact upperUTF8
countIf maxIf maxOrNullIf minIf minOrNullIf quantileExactHighIf quantileExactHighOrNullIf quantileExactLowIf
quantileExactLowOrNullIf stddevSampStableIf sumIf sumOrNullIf uniqExactIf
lag lead positiveModulo rank sipHash64 splitByChar subtractMinutes subtractMonths subtractNanoseconds
subtractSeconds timeZoneOffset toIntervalDay toIntervalHour toIntervalMinute toIntervalSecond toNullable
toStartOfInterval toTimeZone toUnixTimestamp64Nano
"""
_POSTGRES = """
ABS BTRIM CEIL COALESCE DATE_TRUNC DIV EXP FLOOR GREATEST LEAST LEFT LENGTH LN LOG LOWER MAX MIN MOD
NULLIF PG_INPUT_IS_VALID POWER REPLACE RIGHT ROUND ROW_NUMBER SIGN SQRT STARTS_WITH STDDEV_SAMP STRPOS SUM
TIMEZONE TO_CHAR TRIM_SCALE TRUNC UPPER
DATE_BIN LAG LEAD RANK
"""

FUNCTIONS: dict[str, frozenset[str]] = {
    "clickhouse": frozenset(_CLICKHOUSE.split()),
    "postgres": frozenset(_POSTGRES.split()),
}
"""Functions that read nothing but their arguments and never raise on a value (but for overflow)."""

PARTS = frozenset({"YEAR", "QUARTER", "MONTH", "DAY", "HOUR", "MINUTE", "ISODOW", "EPOCH"})
"""What EXTRACT may extract."""

TYPES = frozenset(
    {"TEXT", "BIGINT", "INT", "DOUBLE", "DECIMAL", "DATE", "TIMESTAMP", "TIMESTAMPTZ", "INTERVAL", "BOOLEAN"}
)
"""Types that a CAST may name."""
