"""``FILTER(aggregate, condition)``: an aggregate over only those rows for which a condition holds.

ClickHouse says it inside the aggregate, ``sumOrNullIf(x, c)``; what the aggregate's writer puts
around its aggregate functions (a cast, a quotient) stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from flowforge.errors import ErrorCode, GraphError
from flowforge.formula.signature import PerStore
from flowforge.formula.sql import conjunction
from flowforge.formula.tree import Call, Expression, call

FILTER = "FILTER"

_WITHOUT_ARGUMENTS = ("count",)
_NAMES = (
    *_WITHOUT_ARGUMENTS, "uniqExact", "sum", "min", "max", "stddevSampStable", "quantileExactLow", "quantileExactHigh",
    "argMin", "argMax",
)  # fmt: skip
_FUNCTIONS = frozenset(f"{name}{suffix}" for name in _NAMES for suffix in ("", "OrNull", "If", "OrNullIf"))


def filtered(expression: Expression, condition: Expression, aggregates: frozenset[str]) -> Expression:
    """The expression with every aggregate in it (their tree names are given) held to the condition."""
    if not isinstance(expression, Call):
        return expression
    if expression.function in aggregates:
        return call(FILTER, (expression, condition), expression.type, expression.nullable)
    arguments = tuple([filtered(each, condition, aggregates) for each in expression.arguments])
    return call(expression.function, arguments, expression.type, expression.nullable)


def _clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    aggregate, condition = arguments
    for node in list(aggregate.find_all(exp.Anonymous, exp.ParameterizedAgg)):
        if node.this not in _FUNCTIONS:
            continue
        key = "params" if isinstance(node, exp.ParameterizedAgg) else "expressions"
        operands = list(node.args.get(key) or ())
        if node.this.endswith("If"):
            operands[-1] = conjunction([operands[-1], condition.copy()])
        else:
            node.set("this", f"{node.this}If")
            operands.append(condition.copy())
        node.set(key, operands)
    return aggregate


def _postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    raise GraphError(
        ErrorCode.UNSUPPORTED_IN_STORE,
        "PostgreSQL does not take aggregates held to a condition.",
        hint="Use a table of ClickHouse.",
    )


FILTERED: Mapping[str, PerStore] = {FILTER: PerStore(_clickhouse, _postgres)}
