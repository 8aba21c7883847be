"""Which SQLGlot trees are formulas: PostgreSQL's grammar reads more than the language has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sqlglot import exp

from flowforge.formula.tokens import WORD_PREFIX

BINARY: Mapping[type[exp.Expr], str] = {
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.Mod: "%",
    exp.Pow: "POWER",
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.And: "AND",
    exp.Or: "OR",
}
"""Operators with two operands, by their names in the function table."""

UNARY: Mapping[type[exp.Expr], str] = {exp.Neg: "negate", exp.Not: "NOT"}
"""Operators with one."""


def is_formula(tree: exp.Expr) -> bool:
    """Whether the tree says nothing but what the language has."""
    stack: list[exp.Expr | None] = [tree]
    while stack:
        node = stack.pop()
        parts = None if node is None else _PARTS.get(type(node))
        found = None if node is None or parts is None else parts(node)
        if found is None:
            return False
        stack.extend(found)
    return True


_Parts = Callable[[exp.Expr], Iterable[exp.Expr | None] | None]
"""The operands of a node, None if it means something else here."""


def _column(node: exp.Expr) -> Iterable[exp.Expr] | None:
    name = node.this
    named = isinstance(name, exp.Identifier) and (name.quoted or name.name.startswith(WORD_PREFIX))
    return () if named else None


def _is(node: exp.Expr) -> Iterable[exp.Expr] | None:
    return (node.this,) if type(node.expression) is exp.Null else None


def _in(node: exp.Expr) -> Iterable[exp.Expr] | None:
    return (node.this, *node.expressions) if node.expressions else None


def _case(node: exp.Expr) -> Iterable[exp.Expr | None]:
    for branch in node.args["ifs"]:
        yield branch.this
        yield branch.args.get("true")
    yield from (part for part in (node.this, node.args.get("default")) if part is not None)


_PARTS: Mapping[type[exp.Expr], _Parts] = {
    **dict.fromkeys(BINARY, lambda node: (node.this, node.expression)),
    **dict.fromkeys((*UNARY, exp.Paren), lambda node: (node.this,)),
    exp.Literal: lambda _: (),
    exp.Column: _column,
    exp.Anonymous: lambda node: node.expressions,
    exp.Case: _case,
    exp.Is: _is,
    exp.In: _in,
    exp.Between: lambda node: (node.this, node.args.get("low"), node.args.get("high")),
}
