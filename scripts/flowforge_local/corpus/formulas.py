"""Random formulas: mostly well-typed expressions over given columns, some with one thing wrong."""

from __future__ import annotations

from random import Random

from flowforge.formula.functions import FUNCTIONS
from flowforge.formula.rules import FIXED
from flowforge.formula.signature import Function
from flowforge.types import KINDS, NUMERIC, Schema

_NUMBERS = (
    "0",
    "1",
    "2",
    "100",
    "0.5",
    "1.25",
    "12.3456789",
    "1e3",
    "9223372036854775808",
    "1" * 38 + ".5",
    "5.",
    "1e",
)
_TEXTS = ("'a'", "'it''s'", '"double"', "'2024-01-31'", "'2024-02-30'", "'2024-01-31T15:30:00+05:30'", "''")
_NUMBER_RULES = frozenset({"add", "multiply", "divide", "round", "whole", "number"})
_SAME_KIND_RULES = frozenset({"common", "branches", "first"})
_NOISE = ("(", ")", ",", "+", "AND", "NOT", "[", "]", "'", "=", " 1 ", "é", "#", "CASE", "END", "IS", "..")
_WORDS = (
    "AND", "or", "NOT", "NOT", "IS", "IS NULL", "IS NOT NULL", "IN", "IN (1, 2)", "BETWEEN", "TRUE", "NULL",
    "CASE", "WHEN", "THEN", "ELSE", "END", "CAST", "ROUND(", "NULL(", "price", "x_1", "é(",
)  # fmt: skip
_SIGNS = ("+", "-", "*", "/", "%", "^", "=", "==", "!=", "<>", "<", "<=", ">", "(", "(", ")", ")", ",", ", ")
_NO_TOKENS = (
    ".",
    "!",
    "#",
    "&",
    "||",
    "->",
    "::",
    ";",
    "$",
    "$$",
    "?",
    "{#",
    "}",
    "[",
    "]",
    "'",
    '"',
    "`",
    "\x1f",
)
_HEAPS = 0.1
"""Share of texts that follow no grammar at all."""
_MISTAKE = 0.04
"""Share of places at which something else is written than what fits."""


def formula(random: Random, schema: Schema) -> str:
    """A formula over ``schema``; about half of them are valid, and every tenth is a heap of tokens."""
    if random.random() < _HEAPS:
        return _heap(random, schema)
    writer = _Writer(random, schema, mistakes=_MISTAKE if random.random() < 0.5 else 0.0)
    text = writer.expression(random.choice(KINDS), depth=random.randint(1, 4))
    return _noisy(random, text) if random.random() < 0.12 else text


def _heap(random: Random, schema: Schema) -> str:
    """Tokens in any order, which show where a text stops being a formula."""
    columns = [f"[{each.name.replace(']', ']]')}]" for each in schema]
    kinds = (columns, columns, _NUMBERS[:6], _TEXTS[:2], _WORDS, _WORDS, _SIGNS, _SIGNS, _SIGNS)
    pieces = [random.choice(random.choice(kinds)) for _ in range(random.randint(1, 12))]
    if random.random() < 0.2:
        pieces.insert(random.randrange(len(pieces) + 1), random.choice(_NO_TOKENS))
    return random.choice((" ", " ", " ", "")).join(pieces)


def _noisy(random: Random, text: str) -> str:
    place = random.randrange(len(text) + 1)
    if random.random() < 0.5:
        return text[:place] + text[place + random.randint(1, 3) :]
    return text[:place] + random.choice(_NOISE) + text[place:]


class _Writer:
    """Writes expressions of a wanted kind; at ``mistakes`` of the places, one of any kind."""

    def __init__(self, random: Random, schema: Schema, mistakes: float) -> None:
        self._random = random
        self._schema = schema
        self._mistakes = mistakes

    def expression(self, kind: str, depth: int) -> str:
        random = self._random
        if random.random() < self._mistakes:
            kind = random.choice(KINDS)
        if depth == 0 or random.random() < 0.15:
            return self._leaf(kind)
        written = random.choice((self._operation, self._call, self._call, self._choice))(kind, depth - 1)
        return f"({written})" if random.random() < 0.4 else written

    def _leaf(self, kind: str) -> str:
        random = self._random
        if random.random() < 0.05:
            return random.choice(("NULL", "null"))
        columns = [each.name for each in self._schema if _alike(each.type.kind, kind)]
        if columns and random.random() < 0.75:
            name = random.choice(columns)
            return f"[{(name + 'x' if random.random() < self._mistakes else name).replace(']', ']]')}]"
        if kind in NUMERIC:
            return random.choice(_NUMBERS)
        if kind == "boolean":
            return random.choice(("TRUE", "false"))
        return (
            "NOW()"
            if kind == "datetime"
            else "TO_DATE('2024-01-31')"
            if kind == "date"
            else random.choice(_TEXTS)
        )

    def _operation(self, kind: str, depth: int) -> str:
        random = self._random
        if kind in NUMERIC:
            sign = random.choice(("", "", "", "-", "+"))
            left, right = (self.expression(random.choice(tuple(sorted(NUMERIC))), depth) for _ in range(2))
            return f"{sign}{left} {random.choice('+-*/%^')} {right}"
        if kind != "boolean":
            return self._call(kind, depth)
        return random.choice((self._comparison, self._logic, self._membership))(depth)

    def _comparison(self, depth: int) -> str:
        kind = self._random.choice(KINDS)
        operator = self._random.choice(("=", "==", "<>", "!=", "<", "<=", ">", ">="))
        return f"{self.expression(kind, depth)} {operator} {self._beside(kind, depth)}"

    def _beside(self, kind: str, depth: int) -> str:
        """Something comparable; beside a time often a text that may be one."""
        if kind in ("date", "datetime") and self._random.random() < 0.5:
            return self._random.choice(_TEXTS)
        return self.expression(kind, depth)

    def _logic(self, depth: int) -> str:
        left, right = self.expression("boolean", depth), self.expression("boolean", depth)
        return self._random.choice((f"{left} AND {right}", f"{left} or {right}", f"NOT {left}"))

    def _membership(self, depth: int) -> str:
        random, kind = self._random, self._random.choice(KINDS)
        subject = self.expression(kind, depth)
        negation = random.choice(("", "", "NOT "))
        if random.random() < 0.3:
            return f"{subject} IS {negation}NULL"
        if random.random() < 0.5:
            listed = ", ".join(self._beside(kind, depth) for _ in range(random.randint(1, 3)))
            return f"{subject} {negation}IN ({listed})"
        return f"{subject} {negation}BETWEEN {self._beside(kind, 0)} AND {self._beside(kind, 0)}"

    def _choice(self, kind: str, depth: int) -> str:
        random = self._random
        subject = random.choice((*KINDS, *[""] * 7))
        tests = (self._beside(subject, 0) if subject else self.expression("boolean", depth) for _ in range(2))
        branches = " ".join(f"WHEN {test} THEN {self.expression(kind, depth)}" for test in tests)
        otherwise = f" ELSE {self.expression(kind, depth)}" if random.random() < 0.7 else ""
        return f"CASE {self.expression(subject, 0) + ' ' if subject else ''}{branches}{otherwise} END"

    def _call(self, kind: str, depth: int) -> str:
        random = self._random
        if random.random() < self._mistakes:
            return random.choice((f"MEDIAN({self._leaf(kind)})", f"RUOND({self._leaf(kind)})"))
        fitting = [function for function in FUNCTIONS.values() if _returns(function, kind)]
        if not fitting:
            return self._leaf(kind)
        function = random.choice(fitting)
        count = random.randint(function.least, function.most or function.least + 2)
        if random.random() < self._mistakes:
            count += random.choice((-1, 1, 2))
        arguments = [self._argument(function, index, kind, depth) for index in range(max(0, count))]
        name = random.choice((function.name, function.name.lower()))
        return f"{name}({', '.join(arguments)})"

    def _argument(self, function: Function, index: int, kind: str, depth: int) -> str:
        random = self._random
        if not function.parameters:
            return self._leaf(kind)
        parameter = function.parameter(index)
        if random.random() < self._mistakes:
            return self._leaf(random.choice(KINDS))
        if parameter.choices:
            return f"'{random.choice((*parameter.choices, parameter.choices[0].upper()))}'"
        if parameter.digits:
            return random.choice(("0", "2", "4", "12", "13" if self._mistakes else "3"))
        alike = function.returns in _SAME_KIND_RULES and kind in parameter.accepts
        return self.expression(kind if alike else random.choice(sorted(parameter.accepts)), depth)


def _returns(function: Function, kind: str) -> bool:
    if function.returns in FIXED:
        return _alike(function.returns, kind)
    if function.returns in _NUMBER_RULES:
        return kind in NUMERIC
    if function.returns in _SAME_KIND_RULES:
        return any(kind in parameter.accepts for parameter in function.parameters)
    return kind in ("date", "datetime")


def _alike(kind: str, wanted: str) -> bool:
    return kind == wanted or (kind in NUMERIC and wanted in NUMERIC)
