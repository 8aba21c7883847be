"""SQLGlot tree → text, and where in it each node's pieces stand.

Pieces are marked with private-use characters while the text is made, which are then taken out again.
Text that has such characters itself (a user's literal may) is generated plainly, without spans.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.generator import Generator

from flowforge.formula.recursion import deep_recursion

Span = tuple[int, int]

_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}(\\d+){_OPEN}|{_CLOSE}")
_PRIVATE = re.compile("[\ue000-\ue002]")
_NOTHING_TO_ESCAPE = re.compile(r"[A-Za-z0-9 .:+-]*\Z", re.ASCII)
_WIDTH = 100
_NAMED = frozenset({"this", "table"})
_MANY = 12
"""Literals from which a list is filled into lines."""


class _Marking(Generator):
    """Surrounds the text of marked nodes. (Needs SQLGlot in pure Python: its C build has no subclasses.)."""

    SENTINEL_LINE_BREAK = "\ue002"

    marks: Mapping[int, int]
    names: dict[tuple[str, bool | None], str]

    def sql(self, expression: Any, key: str | None = None, comment: bool = True) -> str:
        """Text of a node, marked if asked for. Most nodes are names and numbers: each name is spelled once."""
        if key is not None:
            return super().sql(expression, key, comment)
        kind = type(expression)
        if kind is exp.Column and expression.args.keys() <= _NAMED:
            text = self._name(expression.this)
            table = expression.args.get("table")
            text = text if table is None else f"{self._name(table)}.{text}"
        elif kind is exp.Identifier:
            text = self._name(expression)
        elif kind is exp.Literal and not expression.args["is_string"]:
            text = expression.this
        elif kind is exp.Literal and _NOTHING_TO_ESCAPE.match(expression.this):
            text = f"'{expression.this}'"
        else:
            text = super().sql(expression, None, comment)
        if text and id(expression) in self.marks:
            return f"{_OPEN}{self.marks[id(expression)]}{_OPEN}{text}{_CLOSE}"
        return text

    def _name(self, identifier: exp.Identifier) -> str:
        key = (identifier.this, identifier.args.get("quoted"))
        text = self.names.get(key)
        if text is None:
            text = self.names[key] = self.identifier_sql(identifier)
        return text

    def in_sql(self, expression: exp.In) -> str:
        """A list of many literals fills its lines; SQLGlot gives each a line of its own."""
        listed = expression.expressions
        if (
            not self.pretty
            or len(listed) < _MANY
            or not all(isinstance(each, exp.Literal) for each in listed)
        ):
            return super().in_sql(expression)
        lines = [""]
        for text in [f"{self.sql(each)}, " for each in listed]:
            if len(lines[-1]) + len(text) > _WIDTH:
                lines.append("")
            lines[-1] += text
        filled = "\n".join(line.rstrip() for line in lines).removesuffix(",")
        return f"{self.sql(expression, 'this')} IN (\n{self.indent(filled)}\n)"

    def with_sql(self, expression: exp.With) -> str:
        """CTEs one after the other, as SQLGlot has them; then the named expressions, each on its line."""
        scalars = [each for each in expression.expressions if each.args.get("scalar")]
        if len(expression.expressions) < 2 or not scalars:
            return super().with_sql(expression)
        queries = ", ".join(self.sql(each) for each in expression.expressions if not each.args.get("scalar"))
        lines = self.indent(",\n".join(self.sql(each) for each in scalars))
        return f"WITH {queries},\n{lines}" if queries else f"WITH\n{lines}"


@cache
def _generators(dialect: str) -> tuple[type[Generator], type[_Marking]]:
    """The dialect's own generator and the one that marks; loaded with the first statement for that store."""
    unmarked = Dialect.get_or_raise(dialect).generator_class
    return unmarked, type(f"_Marking{unmarked.__name__}", (_Marking, unmarked), {})


def generate(
    tree: exp.Expr, pieces: Mapping[str, Sequence[exp.Expr]], dialect: str, *, plain: bool = False
) -> tuple[str, dict[str, Span]]:
    """The statement's text and, by node id, the offsets (start, end) of the node's pieces.

    ``plain``: no layout and no spans, for trees that have private-use characters themselves.
    """
    unmarked, marking = _generators(dialect)
    if plain:
        with deep_recursion():
            return unmarked(dialect=dialect, comments=False).generate(tree, copy=False), {}
    owners: list[str] = []
    marks: dict[int, int] = {}
    for node, written in pieces.items():
        for piece in written:
            marks.setdefault(id(piece), len(owners))
            owners.append(node)
    generator = marking(dialect=dialect, comments=False, pretty=True, max_text_width=_WIDTH)
    generator.marks, generator.names = marks, {}
    with deep_recursion():
        marked = generator.generate(tree, copy=False)
    return _unmarked(marked, owners)


def has_private_text(text: str) -> bool:
    """Whether a user's text could be taken for a mark of this module."""
    return _PRIVATE.search(text) is not None


def _unmarked(marked: str, owners: Sequence[str]) -> tuple[str, dict[str, Span]]:
    parts: list[str] = []
    open_: list[tuple[str, int]] = []
    found: list[tuple[str, int, int]] = []
    cursor = length = 0
    for match in _MARK.finditer(marked):
        parts.append(marked[cursor : match.start()])
        length += match.start() - cursor
        cursor = match.end()
        if match[1] is not None:
            open_.append((owners[int(match[1])], length))
        else:
            found.append((*open_.pop(), length))
    parts.append(marked[cursor:])
    text = "".join(parts)
    spans: dict[str, Span] = {}
    for owner, start, end in sorted(found, key=lambda each: each[1:]):
        start += len(text[start:end]) - len(text[start:end].lstrip())
        known = spans.get(owner)
        if known is None:
            spans[owner] = (start, end)
        elif text[known[1] : start].strip() in ("", ",", "AND"):  # the same clause goes on
            spans[owner] = (known[0], max(known[1], end))
    return text, spans
