"""Formulas by kind of result, from the columns of a schema. All are valid; many are silly."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from flowforge.types import Column
from oracle.strategies.pick import chance, pick

UNITS = ("day", "second", "minute", "hour", "week", "month", "quarter", "year")
CLOCK, CALENDAR = UNITS[1:4], (UNITS[0], *UNITS[4:])
LITERALS = {
    "int64": ("0", "1", "2", "7", "-1", "1000", "2147483647", "9007199254740993"),
    "decimal": ("0.5", "2.50", "-0.05", "0.000001", "10.0", "9999999999999999999999.5", "0.3333333333333333"),
    "float64": ("1e0", "2.5e1", "1e3"),
    "string": ("''", "'a'", "'it''s'", '"q""q"', "'%'", "'é'", "'back\\slash'"),
    "boolean": ("TRUE", "FALSE"),
    "date": ("TO_DATE('2024-02-29')", "TO_DATE('2023-12-31')"),
    "datetime": ("NOW()",),
}
COMPARISONS = ("=", "<>", "!=", "<", "<=", ">", ">=")
MOMENTS = ("'2024-03-10'", "'2024-03-10T07:00:00Z'", "'2024-03-10T02:00:00.5-05:00'")
MIXED = (("float64", "number"), ("date", "datetime"), ("float64", "float64"))
KINDS = ("number", "float64", "string", "boolean", "date", "datetime")


class Formulas:
    """Draws formula text over the ``exact`` columns of a schema.

    Exact columns may decide something (be compared, rounded, grouped by). A float64 that came out of
    a division or a power may not: engines differ in its last bit. The kind ``number`` stands for int64
    and decimal, which never differ.
    """

    def __init__(self, draw: st.DrawFn, columns: Sequence[Column], exact: frozenset[str]) -> None:
        self._draw = draw
        self._columns = [column for column in columns if column.name in exact]

    def of(self, kind: str, depth: int) -> str:
        """A formula whose result is of this kind."""
        if depth == 0 or chance(self._draw, 15):
            return self.leaf(kind)
        if chance(self._draw, 20):
            return self._choice(kind, depth - 1)
        return {
            "int64": self._integer,
            "number": self._number,
            "float64": self._float,
            "string": self._string,
            "boolean": self._boolean,
            "date": self._date,
            "datetime": self._datetime,
        }[kind](depth - 1)

    def leaf(self, kind: str) -> str:
        """A column, or a literal."""
        kinds = ("int64", "decimal") if kind == "number" else (kind,)
        columns = [f"[{c.name.replace(']', ']]')}]" for c in self._columns if c.type.kind in kinds]
        if columns and chance(self._draw, 75):
            return self._pick(columns)
        return self._pick([text for each in kinds for text in LITERALS[each]])

    def _pick(self, options: Sequence[str]) -> str:
        return pick(self._draw, options)

    def _choice(self, kind: str, d: int) -> str:
        one, two = self.of(kind, d), self.of(kind, d)
        forms = ["IF", "CASE", "COALESCE", "NULL"]
        forms += ["SUBJECT", "NULLIF"] if kind != "float64" else []
        forms += ["GREATEST", "LEAST"] if kind != "boolean" else []
        match form := self._pick(forms):
            case "IF":
                return f"IF({self.of('boolean', d)}, {one}, {two})"
            case "CASE":
                test, other = self.of("boolean", d), self.of("boolean", 0)
                return f"CASE WHEN {test} THEN {one} WHEN {other} THEN {two} ELSE {self.leaf(kind)} END"
            case "SUBJECT":
                return f"CASE {one} WHEN {two} THEN {self.leaf(kind)} END"
            case "NULL":
                return f"COALESCE(NULL, {one})"
        return f"{form}({one}, {two})"

    def _arithmetic(self, kind: str, d: int, operators: str) -> str:
        """Two or three operands without inner parentheses, so that precedence and grouping decide."""
        text = f"{self.of(kind, d)} {self._pick(operators)} {self.of(kind, d)}"
        return (
            f"({text} {self._pick(operators)} {self.leaf(kind)})" if chance(self._draw, 30) else f"({text})"
        )

    def _day(self, d: int) -> str:
        return self.of(self._pick(("date", "datetime")), d)

    def _integer(self, d: int) -> str:
        match form := self._pick(
            ("+-*%", "-", "ABS", "SIGN", "TO_NUMBER", "LENGTH", "YEAR", "MONTH", "DAY", "WEEKDAY", "HOUR", "MINUTE",
             "DATE_DIFF")
        ):  # fmt: skip
            case "+-*%":
                return self._arithmetic("int64", d, form)
            case "-":
                return f"(-{self.of('int64', d)})"
            case "ABS":
                return f"ABS({self.of('int64', d)})"
            case "SIGN":
                return f"SIGN({self.of('number', d)})"
            case "TO_NUMBER":
                return f"TO_NUMBER({self.of('boolean', d)})"
            case "LENGTH":
                return f"LENGTH({self.of('string', d)})"
            case "HOUR" | "MINUTE":
                return f"{form}({self.of('datetime', d)})"
            case "DATE_DIFF":
                return f"DATE_DIFF('{self._pick(UNITS)}', {self._day(d)}, {self._day(d)})"
        return f"{form}({self._day(d)})"

    def _number(self, d: int) -> str:
        match form := self._pick(
            ("+-*/%", "+-*/", "int64", "-", "ABS", "CEIL", "FLOOR", "ROUND", "DIGITS", "TO_NUMBER")
        ):
            case "+-*/%" | "+-*/":
                return self._arithmetic("number", d, form)
            case "int64":
                return self._integer(d)
            case "-":
                return f"(-{self.of('number', d)})"
            case "DIGITS":
                return f"ROUND({self.of('number', d)}, {self._pick(('0', '1', '2', '7', '12'))})"
            case "TO_NUMBER":
                return f"TO_NUMBER({self.of('string', d)})"
        return f"{form}({self.of('number', d)})"

    def _float(self, d: int) -> str:
        match form := self._pick(
            ("+-*/", "left", "right", "SQRT", "LN", "LOG10", "EXP", "^", "ROUND", "FLOOR", "-")
        ):
            case "+-*/":
                return self._arithmetic("float64", d, form)
            case "left":
                return f"({self.of('float64', d)} {self._pick('+-*/')} {self.of('number', d)})"
            case "right":
                return f"({self.of('number', d)} {self._pick('+-*/')} {self.of('float64', d)})"
            case "EXP":
                return f"EXP({self.leaf('int64')} / 100)"
            case "^":
                return f"({self.of('number', d)} ^ {self._pick(('2', '0.5', '0', '-1'))})"
            case "ROUND":
                return f"ROUND({self.leaf('float64')}, 1)"
            case "FLOOR":
                return f"FLOOR({self.leaf('float64')})"
            case "-":
                return f"(-{self.of('float64', d)})"
        return f"{form}({self.of(self._pick(('float64', 'number')), d)})"

    def _string(self, d: int) -> str:
        one = self.of("string", d)
        match form := self._pick(("CONCAT", "LEFT", "RIGHT", "UPPER", "LOWER", "TRIM", "REPLACE", "TO_TEXT")):
            case "CONCAT":
                return f"CONCAT({one}, {self.of('string', d)})"
            case "LEFT" | "RIGHT":
                return f"{form}({one}, {self.leaf('int64')})"
            case "REPLACE":
                return f"REPLACE({one}, {self.leaf('string')}, {self.leaf('string')})"
            case "TO_TEXT":
                return f"TO_TEXT({self.of(self._pick(('number', 'boolean', 'date', 'datetime')), d)})"
        return f"{form}({one})"

    def _boolean(self, d: int) -> str:
        kind = self._pick(("number", "int64", "string", "date", "datetime"))
        one, two, three = self.of(kind, d), self.of(kind, d), self.leaf(kind)
        match form := self._pick(
            ("compare", "mixed", "IN", "NOT IN", "BETWEEN", "NOT BETWEEN", "IS NULL", "IS NOT NULL", "logic", "NOT",
             "CONTAINS", "STARTS_WITH", "literal")
        ):  # fmt: skip
            case "compare":
                return f"({one} {self._pick(COMPARISONS)} {two})"
            case "mixed":
                left, right = pick(self._draw, MIXED)
                return f"({self.leaf(left)} {self._pick(COMPARISONS)} {self.leaf(right)})"
            case "IN":
                return f"({one} IN ({two}, {three}))"
            case "NOT IN":
                return f"({one} NOT IN ({three}, NULL))"
            case "BETWEEN" | "NOT BETWEEN":
                return f"({one} {form} {two} AND {three})"
            case "IS NULL" | "IS NOT NULL":
                return f"({one} {form})"
            case "NOT":
                return f"(NOT {self.of('boolean', d)})"
            case "CONTAINS" | "STARTS_WITH":
                return f"{form}({self.of('string', d)}, {self.leaf('string')})"
            case "literal":
                return f"({self.leaf('datetime')} {self._pick(COMPARISONS)} {self._pick(MOMENTS)})"
        tests = [self.of("boolean", each) for each in (d, d, 0)]
        return (
            f"({tests[0]} {self._pick(('AND', 'OR'))} {tests[1]} {self._pick(('AND', 'OR'))} NOT {tests[2]})"
        )

    def _date(self, d: int) -> str:
        match self._pick(("TO_DATE", "DATE_TRUNC", "DATE_ADD")):
            case "TO_DATE":
                return f"TO_DATE({self.of(self._pick(('datetime', 'string', 'date')), d)})"
            case "DATE_TRUNC":
                return f"DATE_TRUNC('{self._pick(UNITS)}', {self.of('date', d)})"
        return f"DATE_ADD('{self._pick(CALENDAR)}', {self._shift()}, {self.of('date', d)})"

    def _datetime(self, d: int) -> str:
        match self._pick(("DATE_TRUNC", "DATE_ADD", "date")):
            case "DATE_TRUNC":
                return f"DATE_TRUNC('{self._pick(UNITS)}', {self.of('datetime', d)})"
            case "DATE_ADD":
                return f"DATE_ADD('{self._pick(UNITS)}', {self._shift()}, {self.of('datetime', d)})"
        return f"DATE_ADD('{self._pick(CLOCK)}', {self._shift()}, {self.of('date', d)})"

    def _shift(self) -> str:
        return self._pick(("0", "1", "-1", "25", "-400", f"({self.leaf('int64')} % 50)"))
