"""Formula text → tree, by precedence climbing.

A parser of its own, so that precedence and grouping are evidence and not assumption. Strongest first:
unary minus, ``^``, ``* / %``, ``+ -``, IN and BETWEEN, ``< <= > >=``, ``= <>`` and IS, NOT, AND, OR; all
group to the left. Only valid formulas are read here; whatever else is an ``AssertionError``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"""\s*(?:
        \[(?P<column>(?:[^\]]|\]\])*)\]
      | '(?P<single>(?:[^']|'')*)'
      | "(?P<double>(?:[^"]|"")*)"
      | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
      | (?P<word>[A-Za-z_][A-Za-z_0-9]*)
      | (?P<sign><>|!=|<=|>=|[-+*/%^=<>(),])
    )""",
    re.VERBOSE,
)

LEVELS: dict[str, int] = {
    "OR": 1, "AND": 2,
    "=": 4, "<>": 4, "!=": 4, "IS": 4, "<": 5, "<=": 5, ">": 5, ">=": 5, "IN": 6, "BETWEEN": 6, "NOT": 6,
    "+": 7, "-": 7, "*": 8, "/": 8, "%": 8, "^": 9,
}  # fmt: skip
"""``NOT`` here is that of NOT IN and NOT BETWEEN."""

NOT_LEVEL, OPERAND_LEVEL, UNARY_LEVEL = 3, 6, 10


@dataclass(frozen=True, slots=True)
class Node:
    """``kind``: column, number, text, word, or call (of an operator or a function by its name)."""

    kind: str
    text: str
    arguments: tuple[Node, ...] = ()


def parse(text: str) -> Node:
    """The tree of a valid formula."""
    reader = _Reader(text)
    node = reader.expression(0)
    assert reader.peek() == ("end", ""), f"{reader.peek()} is left over in {text!r}"
    return node


def _call(name: str, *arguments: Node) -> Node:
    return Node("call", name, arguments)


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        position = 0
        while text[position:].strip():
            match = TOKEN.match(text, position)
            assert match is not None, f"cannot read {text[position:]!r}"
            assert match.lastgroup is not None
            self._tokens.append((match.lastgroup, match[match.lastgroup]))
            position = match.end()
        self._at = 0

    def peek(self) -> tuple[str, str]:
        """The next token; words in capitals."""
        if self._at == len(self._tokens):
            return "end", ""
        kind, text = self._tokens[self._at]
        return kind, text.upper() if kind == "word" else text

    def take(self, expected: str | None = None) -> tuple[str, str]:
        token = self.peek()
        assert expected is None or token[1] == expected, f"{expected!r} is missing before {token}"
        self._at += 1
        return token

    def expression(self, level: int) -> Node:
        """Everything that binds more tightly than ``level``."""
        left = self._prefix()
        while (kind := self.peek())[0] in ("sign", "word") and LEVELS.get(kind[1], 0) > level:
            left = self._infix(left, self.take()[1])
        return left

    def _infix(self, left: Node, operator: str) -> Node:
        if operator == "IS":
            negated = self.peek()[1] == "NOT" and self.take() is not None
            self.take("NULL")
            test = _call("IS NULL", left)
            return _call("NOT", test) if negated else test
        if operator == "NOT":
            return _call("NOT", self._infix(left, self.take()[1]))
        if operator == "IN":
            return _call("IN", left, *self._listed())
        if operator == "BETWEEN":
            low = self.expression(OPERAND_LEVEL)
            self.take("AND")
            return _call("BETWEEN", left, low, self.expression(OPERAND_LEVEL))
        name = {"!=": "<>", "^": "POWER"}.get(operator, operator)
        return _call(name, left, self.expression(LEVELS[operator]))

    def _listed(self) -> list[Node]:
        self.take("(")
        found: list[Node] = []
        while self.peek()[1] != ")":
            found.append(self.expression(0))
            if self.peek()[1] == ",":
                self.take()
        self.take(")")
        return found

    def _prefix(self) -> Node:
        kind, text = self.take()
        if kind == "column":
            return Node("column", text.replace("]]", "]"))
        if kind == "number":
            return Node("number", text)
        if kind in ("single", "double"):
            quote = "'" if kind == "single" else '"'
            return Node("text", text.replace(quote * 2, quote))
        if text == "(":
            inner = self.expression(0)
            self.take(")")
            return inner
        if text == "-":
            return _call("negate", self.expression(UNARY_LEVEL))
        if text == "NOT":
            return _call("NOT", self.expression(NOT_LEVEL))
        if text == "CASE":
            return self._case()
        if text in ("TRUE", "FALSE", "NULL"):
            return Node("word", text)
        assert kind == "word", f"a value is missing before {text!r}"
        return _call(text, *self._listed())

    def _case(self) -> Node:
        subject = None if self.peek()[1] == "WHEN" else self.expression(0)
        parts: list[Node] = []
        while self.peek()[1] == "WHEN":
            self.take()
            test = self.expression(0)
            self.take("THEN")
            parts += [test if subject is None else _call("=", subject, test), self.expression(0)]
        if self.peek()[1] == "ELSE":
            self.take()
            parts.append(self.expression(0))
        else:
            parts.append(Node("word", "NULL"))
        self.take("END")
        return _call("CASE", *parts)
