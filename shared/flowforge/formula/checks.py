"""Whether operands fit a function, and what comes out: the function table applied."""

from __future__ import annotations

from collections.abc import Sequence

from flowforge.errors import ErrorCode
from flowforge.formula import rules
from flowforge.formula.errors import formula_error
from flowforge.formula.literals import moment
from flowforge.formula.rules import FIXED
from flowforge.formula.signature import UNITS, Function
from flowforge.formula.tokens import Source
from flowforge.formula.tree import Constant, Expression, call
from flowforge.records import dataclass
from flowforge.types import DATETIME, INT64, STRING, ColumnType, decimal

MAX_ROUND_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Operand:
    """An expression and where it starts in the formula; None is a NULL that has no type yet."""

    expression: Expression | None
    position: int


def wrong_count(source: Source, function: Function, given: int, position: int) -> None:
    """Refuse a call with too few or too many arguments."""
    least, most = function.least, function.most
    if given < least or (most is not None and given > most):
        expected = (
            f"at least {least}" if most is None else str(least) if least == most else f"{least} to {most}"
        )
        raise formula_error(
            ErrorCode.WRONG_ARGUMENTS,
            f"{function.name} takes {expected} argument{'' if expected == '1' else 's'}; "
            f"{given} {'is' if given == 1 else 'are'} given.",
            source=source.text,
            position=position,
            hint=f"{function.signature}: {function.doc}",
        )


def check(source: Source, function: Function, operands: Sequence[Operand], position: int) -> Operand:
    """Apply a function or operator; ``GraphError`` points at the operand that does not fit."""
    if function.name == "CASE":
        return _case(source, function, operands, position)
    group = range(function.alike, len(operands)) if function.alike is not None else range(0)
    operands = _read_text_as_moments(source, operands, group)
    for index, operand in enumerate(operands):
        parameter, given = function.parameter(index), operand.expression
        if parameter.literal or (given is not None and given.type.kind not in parameter.accepts):
            _accept(source, function, index, operand, _beside(function, operands, index))
    shared = _common(source, function, [operands[index] for index in group]) if group else None
    expressions = [
        each.expression
        if each.expression is not None
        else Constant(None, (shared if index in group else None) or _null_type(function, index))
        for index, each in enumerate(operands)
    ]
    type_ = _type(function, expressions, shared)
    if function.returns in ("common", "branches") and shared is None:
        return Operand(None, position)
    result = call(function.name, tuple(expressions), type_, _nullable(function, expressions))
    return Operand(result, position)


def _case(source: Source, function: Function, operands: Sequence[Operand], position: int) -> Operand:
    tests, results = operands[0:-1:2], [*operands[1:-1:2], operands[-1]]
    results = _read_text_as_moments(source, results, range(len(results)))
    for test in tests:
        _accept(source, function, 0, test)
    shared = _common(source, function, results)
    if shared is None:
        return Operand(None, position)
    values = [each.expression or Constant(None, shared) for each in results]
    arguments: list[Expression] = []
    for test, value in zip(tests, values, strict=False):
        arguments += [test.expression or Constant(None, FIXED["boolean"]), value]
    arguments.append(values[-1])
    nullable = any(value.nullable for value in values)
    return Operand(call(function.name, tuple(arguments), shared, nullable), position)


def _beside(function: Function, operands: Sequence[Operand], index: int) -> Expression | None:
    """The other side of an operator between two values."""
    between = len(operands) == 2 and not function.name[0].isalpha()
    return operands[1 - index].expression if between else None


def _accept(
    source: Source, function: Function, index: int, operand: Operand, beside: Expression | None = None
) -> None:
    parameter, given = function.parameter(index), operand.expression
    if parameter.choices:
        value = given.value if isinstance(given, Constant) else None
        if not isinstance(value, str) or value.lower() not in parameter.choices:
            raise formula_error(
                ErrorCode.WRONG_ARGUMENTS,
                f"{function.name} needs its {parameter.name} as a literal text"
                + (f"; {value[:64]!r} is none." if isinstance(value, str) else "."),
                source=source.text,
                position=operand.position,
                hint=f"One of {', '.join(repr(each) for each in UNITS)}.",
            )
        return
    if parameter.digits:
        value = given.value if isinstance(given, Constant) else None
        if type(value) is not int or not 0 <= value <= MAX_ROUND_DIGITS:
            raise formula_error(
                ErrorCode.WRONG_ARGUMENTS,
                f"{function.name} needs its {parameter.name} as a whole number from 0 to {MAX_ROUND_DIGITS}.",
                source=source.text,
                position=operand.position,
            )
        return
    if given is not None and given.type.kind not in parameter.accepts:
        other = f", beside {beside.type}" if beside is not None else ""
        raise formula_error(
            ErrorCode.TYPE_MISMATCH,
            f"{_shown(function)} needs {_kinds(parameter.accepts)}, but this is {given.type}{other}.",
            source=source.text,
            position=operand.position,
            hint=_fix(function, given.type, parameter.accepts),
        )


def _common(source: Source, function: Function, operands: Sequence[Operand]) -> ColumnType | None:
    shared: ColumnType | None = None
    for operand in operands:
        if operand.expression is None:
            continue
        joined = rules.common([shared, operand.expression.type]) if shared else operand.expression.type
        if joined is None:
            raise clash(source, function, shared, operand)
        shared = joined
    return shared


def clash(source: Source, function: Function, left: ColumnType | None, right: Operand) -> Exception:
    """Two operands whose types have nothing in common: names both and the fix."""
    given = right.expression.type if right.expression else "NULL"
    return formula_error(
        ErrorCode.TYPE_MISMATCH,
        f"{_shown(function)} cannot bring {left} and {given} together.",
        source=source.text,
        position=right.position,
        hint="Convert one of them with TO_NUMBER, TO_TEXT or TO_DATE.",
    )


def _read_text_as_moments(source: Source, operands: Sequence[Operand], group: range) -> list[Operand]:
    """Within a group of comparable operands, a literal text beside a date or datetime is one."""
    result = list(operands)
    if not group:
        return result
    members = [result[index].expression for index in group]
    temporal = [each.type for each in members if each is not None and each.type.temporal]
    if not temporal:
        return result
    for index in group:
        operand = result[index]
        if isinstance(operand.expression, Constant) and operand.expression.type == STRING:
            value = str(operand.expression.value)
            constant = moment(value, temporal[0]) or moment(value, DATETIME)
            if constant is None:
                raise formula_error(
                    ErrorCode.TYPE_MISMATCH,
                    f"{value[:64]!r} is compared with a {temporal[0]} but cannot be read as one.",
                    source=source.text,
                    position=operand.position,
                    hint="Write '2024-01-31' or '2024-01-31T15:30:00Z'.",
                )
            result[index] = Operand(constant, operand.position)
    return result


def _type(function: Function, arguments: Sequence[Expression], shared: ColumnType | None) -> ColumnType:
    types, rule = [each.type for each in arguments], function.returns
    if rule in FIXED:
        return FIXED[rule]
    if rule == "add":
        return rules.add(types[0], types[1])
    if rule == "multiply":
        return rules.multiply(types[0], types[1])
    if rule == "divide":
        return rules.divide(types[0], types[1])
    if rule == "round":
        digits = arguments[1].value if len(arguments) > 1 and isinstance(arguments[1], Constant) else 0
        return rules.rounded(types[0], digits if isinstance(digits, int) else 0)
    if rule == "whole":
        return rules.rounded(types[0], 0)
    if rule == "number":
        return decimal(38, 12) if types[0] == STRING else INT64 if types[0].kind == "boolean" else types[0]
    if rule == "shift":
        unit = arguments[0].value if isinstance(arguments[0], Constant) else None
        below_day = str(unit).lower() in UNITS[:3]
        return DATETIME if below_day and function.name == "DATE_ADD" else types[-1]
    if rule in ("common", "branches"):
        return shared or STRING
    return types[0]


def _nullable(function: Function, arguments: Sequence[Expression]) -> bool:
    considered = arguments[1:] if function.returns == "branches" else arguments
    if function.nullable == "any":
        return any(each.nullable for each in considered)
    if function.nullable == "all":
        return all(each.nullable for each in considered)
    return function.nullable == "always"


def _null_type(function: Function, index: int) -> ColumnType:
    accepts = function.parameter(index).accepts
    for name in ("int64", "string", "boolean", "datetime"):
        if name in accepts:
            return FIXED[name]
    return STRING


def _shown(function: Function) -> str:
    return "A minus sign" if function.name == "negate" else function.name


def _kinds(accepts: frozenset[str]) -> str:
    if accepts >= {"int64", "float64", "decimal"} and len(accepts) == 3:
        return "a number"
    order = ("string", "int64", "float64", "decimal", "boolean", "date", "datetime")
    return " or ".join(kind for kind in order if kind in accepts)


def _fix(function: Function, given: ColumnType, accepts: frozenset[str]) -> str | None:
    if given == STRING and "decimal" in accepts:
        return "Convert the text with TO_NUMBER(…)."
    if given.temporal and function.name in ("+", "-"):
        return "Use DATE_ADD('day', 1, …) or DATE_DIFF('day', …, …)."
    if accepts == {"string"}:
        return "Convert it with TO_TEXT(…)."
    if accepts == {"boolean"}:
        return "Compare it with something: [column] > 0."
    if "date" in accepts or "datetime" in accepts:
        return "Convert the text with TO_DATE(…)."
    return None
