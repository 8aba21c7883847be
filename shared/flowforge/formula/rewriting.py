"""Expressions rebuilt with other parts: what was one object in two places is one object afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flowforge.formula.tree import Call, Expression, call, contains_aggregate, labelled

Change = Callable[[Expression], Expression | None]
"""What becomes of an expression; None: nothing of itself, only of its operands."""


def rewriter(change: Change) -> Callable[[Expression], Expression]:
    """Rewrites expressions from the outside in. It asks once for each, and gives back what nothing changed in."""
    done: dict[int, Expression] = {}

    def rewritten(expression: Expression) -> Expression:
        known = done.get(id(expression))
        if known is None:
            known = change(expression)
            if known is None:
                known = expression
                if isinstance(expression, Call):
                    known = like(expression, [rewritten(each) for each in expression.arguments])
            done[id(expression)] = known
        return known

    return rewritten


def like(it: Call, arguments: Sequence[Expression], function: str | None = None) -> Call:
    """The call with other arguments, or of another function; itself where nothing is other."""
    name = function or it.function
    if name == it.function and [*map(id, arguments)] == [*map(id, it.arguments)]:
        return it
    made = call(name, tuple(arguments), it.type, it.nullable, aggregates(it))
    return made if it.label is None else labelled(made, it.label.column, it.label.node)  # type: ignore[return-value]


def aggregates(it: Call) -> bool:
    """Whether the call itself makes one value of many rows, and does not only stand above one that does."""
    return it.aggregate and not any(map(contains_aggregate, it.arguments))
