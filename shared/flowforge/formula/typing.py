"""Formula text → typed expression: names resolved, every operand checked, every type worked out.

What is a formula
    columns         [price]; ``]]`` stands for a bracket in a name
    numbers         1 is int64 (decimal from 19 digits on); 1.50 is decimal(3,2); 1e3 is float64
    text            'it''s' or "it's"; beside a date or datetime it is read as one (ISO 8601)
    words           TRUE FALSE NULL (case does not matter, as for function names)
    operators       strongest first:  unary -   ^   * / %   + -   IN BETWEEN   < <= > >=
                    = <> != IS [NOT] NULL   NOT   AND   OR; all group to the left. -2 ^ 2 is 4
    choice          IF(test, a, b)   CASE WHEN test THEN a … ELSE b END   CASE x WHEN 1 THEN …
    functions       the table in ``functions``; ``rules`` says what each returns

Limits: 10,000 characters; parentheses and CASE nest 200 deep; so do operators, calls and CASE in the
tree, where an operand is one level below its operator (NOT IN, NOT BETWEEN and IS NOT NULL are two).

Order of errors: too long, empty, nesting, syntax, height, then left to right, inner before outer – but
an unknown function and a wrong number of arguments come before its arguments.

Positions: syntax: the first token that no formula has there (``misfit``). An unknown column or function,
a literal: its token. An operand of the wrong type: the first token of that operand. Clashing operands:
the first token of the later one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from flowforge.errors import ErrorCode
from flowforge.formula import advice
from flowforge.formula.checks import Operand, check, wrong_count
from flowforge.formula.errors import formula_error, nearest
from flowforge.formula.functions import FUNCTIONS, OPERATIONS
from flowforge.formula.literals import number_constant, text_constant
from flowforge.formula.parser import parse, token_index
from flowforge.formula.recursion import deep_recursion
from flowforge.formula.structure import BINARY, UNARY
from flowforge.formula.tokens import Source
from flowforge.formula.tree import Constant, Expression, Reference
from flowforge.types import BOOLEAN, Schema

SHALLOW = 60
"""Tokens of a formula that cannot nest deeper than the interpreter's own stack allows."""


def analyse(text: str, schema: Schema) -> Expression:
    """The typed expression of a formula over these columns.

    Raises ``GraphError`` on the field ``expression`` with code, position and caret.
    """
    source, tree = parse(text)
    with deep_recursion() if len(source.tokens) > SHALLOW else nullcontext():
        operand = _Typing(source, schema).visit(tree)
    if operand.expression is None:
        raise formula_error(
            ErrorCode.TYPE_MISMATCH,
            "The formula is always NULL, which has no type.",
            source=text,
            position=operand.position,
            hint="Say which type it has, for example TO_NUMBER('').",
        )
    return operand.expression


class _Typing:
    """One pass over one formula's tree; ``Operand.expression`` is None for a NULL not yet typed."""

    def __init__(self, source: Source, schema: Schema) -> None:
        self._source = source
        self._columns = {column.name: column for column in schema}

    def visit(self, node: exp.Expr) -> Operand:
        """Type one node; ``structure`` has seen to it that the language has it."""
        kind = type(node)
        while kind is exp.Paren:
            node = node.this
            kind = type(node)
        if kind in BINARY:
            return self._apply(BINARY[kind], [self.visit(node.this), self.visit(node.expression)])
        if kind in UNARY:
            return self._apply(UNARY[kind], [self.visit(node.this)])
        return _HANDLERS[kind](self, node)

    def _apply(self, name: str, operands: Sequence[Operand], position: int | None = None) -> Operand:
        place = operands[0].position if position is None else position
        return check(self._source, OPERATIONS[name], operands, place)

    def _column(self, node: exp.Expr) -> Operand:
        identifier = node.this
        if not identifier.quoted:
            return self._word(identifier)
        token = self._source.tokens[token_index(identifier)]
        column = self._columns.get(token.text)
        if column is None:
            raise formula_error(
                ErrorCode.UNKNOWN_COLUMN,
                f"There is no column {token.text[:128]!r}.",
                source=self._source.text,
                position=token.start,
                column=token.text[:128],
                hint=nearest(token.text, self._columns),
            )
        return Operand(Reference(column.name, column.type, column.nullable), token.start)

    def _literal(self, node: exp.Expr) -> Operand:
        token = self._source.tokens[token_index(node)]
        if node.is_string:
            return Operand(text_constant(self._source.text[token.start : token.end + 1]), token.start)
        return Operand(number_constant(self._source, token), token.start)

    def _word(self, identifier: exp.Identifier) -> Operand:
        """TRUE, FALSE or NULL, which ``tokens`` hands to the parser as names."""
        token = self._source.tokens[token_index(identifier)]
        if token.token_type is TokenType.NULL:
            return Operand(None, token.start)
        return Operand(Constant(token.token_type is TokenType.TRUE, BOOLEAN), token.start)

    def _function(self, node: exp.Expr) -> Operand:
        token = self._source.tokens[token_index(node)]
        function = FUNCTIONS.get(token.text.upper())
        if function is None:
            raise formula_error(
                ErrorCode.UNKNOWN_FUNCTION,
                f"There is no function {token.text[:64].upper()}.",
                source=self._source.text,
                position=token.start,
                hint=_instead(token.text),
            )
        arguments = node.expressions
        wrong_count(self._source, function, len(arguments), token.start)
        return self._apply(function.name, [self.visit(each) for each in arguments], token.start)

    def _case(self, node: exp.Expr) -> Operand:
        subject = self.visit(node.this) if node.this is not None else None
        operands: list[Operand] = []
        for branch in node.args["ifs"]:
            test = self.visit(branch.this)
            if subject is not None:
                test = self._apply("=", [subject, test])
            operands += [test, self.visit(branch.args["true"])]
        default = node.args.get("default")
        operands.append(self.visit(default) if default is not None else Operand(None, operands[-1].position))
        return self._apply("CASE", operands)

    def _is(self, node: exp.Expr) -> Operand:
        result = self._apply("IS NULL", [self.visit(node.this)])
        return self._apply("NOT", [result]) if node.args.get("negate") else result

    def _in(self, node: exp.Expr) -> Operand:
        return self._apply("IN", [self.visit(node.this), *[self.visit(each) for each in node.expressions]])

    def _between(self, node: exp.Expr) -> Operand:
        parts = [node.this, node.args["low"], node.args["high"]]
        return self._apply("BETWEEN", [self.visit(each) for each in parts])


_HANDLERS: dict[type[exp.Expr], Callable[[_Typing, exp.Expr], Operand]] = {
    exp.Column: _Typing._column,
    exp.Literal: _Typing._literal,
    exp.Anonymous: _Typing._function,
    exp.Case: _Typing._case,
    exp.Is: _Typing._is,
    exp.In: _Typing._in,
    exp.Between: _Typing._between,
}

_AGGREGATES = frozenset({"SUM", "AVG", "MIN", "MAX", "COUNT", "MEDIAN", "STDDEV", "FIRST", "LAST", "VWAP"})


def _instead(name: str) -> str | None:
    if name.upper() in _AGGREGATES:
        return "Aggregates are made by a group by node; GREATEST and LEAST compare columns of one row."
    return advice.for_window(name) or nearest(name, FUNCTIONS)
