"""Formula text → SQLGlot expression whose leaves are token indices.

[price] * 2   →   Mul(Column(Identifier "0"), Literal 2)     with tokens 0 = [price], 2 = "2"
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from sqlglot import exp
from sqlglot.errors import ParseError
from sqlglot.tokenizer_core import Token

from flowforge.errors import ErrorCode, GraphError
from flowforge.formula.errors import formula_error
from flowforge.formula.limits import MAX_DEPTH
from flowforge.formula.misfit import first_misfit
from flowforge.formula.recursion import deep_recursion
from flowforge.formula.skeletons import recall, remember, skeleton
from flowforge.formula.structure import is_formula
from flowforge.formula.tokens import (
    FUNCTION_PREFIX,
    WORD_PREFIX,
    Source,
    ends_operand,
    formula_dialect,
    tokenize,
)


@lru_cache(maxsize=2048)
def parse(text: str) -> tuple[Source, exp.Expr]:
    """The tree of a formula, not yet typed; callers must not change it (it is shared).

    Raises ``GraphError`` with ``FORMULA_SYNTAX``, ``FORMULA_TOO_LONG`` or ``FORMULA_TOO_DEEP``.
    """
    shape = skeleton(text)
    known = recall(text, shape) if shape is not None else None
    if known is not None:
        return known
    source, tokens, refusal = tokenize(text)
    tree = _tree(tokens) if refusal is None else len(tokens)
    if isinstance(tree, int):
        raise _misfit(source, tokens, refusal, tree)
    _check_height(source, tree)
    if shape is not None:
        remember(shape, source, tree)
    return source, tree


def _tree(tokens: Sequence[Token]) -> exp.Expr | int:
    """The tree of tokens; if they are no formula, about how many of them the parser read."""
    try:
        with deep_recursion():
            trees = formula_dialect().parser().parse(list(tokens), "")
    except ParseError as error:
        details = error.errors[0] if error.errors else {}
        place = (details.get("line"), details.get("col"))
        return next((at for at, token in enumerate(tokens) if (token.line, token.col) == place), len(tokens))
    except RecursionError:
        raise _too_deep() from None
    tree = trees[0] if len(trees) == 1 else None
    return tree if tree is not None and is_formula(tree) else len(tokens)


def _misfit(source: Source, tokens: Sequence[Token], refusal: GraphError | None, read: int) -> GraphError:
    """Point at the first token that no formula has there; at the end of the text if more must follow.

    ``refusal``: what is wrong behind the tokens, if all of them fit. ``read``: where the parser gave up.
    """
    index = first_misfit(
        tokens,
        lambda at: ends_operand(source.tokens, at),
        lambda each: not isinstance(_tree(each), int),
        read,
    )
    if index is not None:
        token = source.tokens[index]
        return formula_error(
            ErrorCode.FORMULA_SYNTAX,
            f"The formula cannot be read at {source.text[token.start : token.end + 1][:64]!r}.",
            source=source.text,
            position=token.start,
            hint="Check operators, commas and parentheses around it.",
        )
    if refusal is not None:
        return refusal
    return formula_error(
        ErrorCode.FORMULA_SYNTAX,
        "The formula ends too early.",
        source=source.text,
        position=len(source.text),
        hint="Something is missing after the last operator, or a parenthesis is not closed.",
    )


def _check_height(source: Source, tree: exp.Expr) -> None:
    """Operators, calls and CASE nest at most ``MAX_DEPTH`` deep; parentheses do not count here."""
    stack = [(tree, 0)]
    while stack:
        node, above = stack.pop()
        transparent = type(node) is exp.Paren or (type(node) is exp.If and type(node.parent) is exp.Case)
        depth = above + (not transparent)
        if depth > MAX_DEPTH:
            raise _too_deep()
        if type(node) is not exp.Column:
            stack.extend((child, depth) for child in node.iter_expressions())


def _too_deep() -> GraphError:
    return formula_error(
        ErrorCode.FORMULA_TOO_DEEP,
        f"The formula chains more than {MAX_DEPTH} operations into each other.",
        hint="Split it into several formula nodes.",
    )


def token_index(node: exp.Expr) -> int:
    """The index of the user's token behind a name, a literal or a function call."""
    return int(node.name.removeprefix(FUNCTION_PREFIX).removeprefix(WORD_PREFIX))
