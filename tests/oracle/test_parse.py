"""Precedence and grouping, written out."""

from __future__ import annotations

import pytest

from oracle.formula.parse import Node, parse


def shown(node: Node) -> str:
    if node.kind != "call":
        return node.text
    return f"({node.text} {' '.join(map(shown, node.arguments))})"


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1 + 2 * 3 - 4", "(- (+ 1 (* 2 3)) 4)"),
        ("8 / 4 / 2 % 3", "(% (/ (/ 8 4) 2) 3)"),
        ("-2 ^ 2", "(POWER (negate 2) 2)"),
        ("2 * -3 ^ 4", "(* 2 (POWER (negate 3) 4))"),
        ("[f] = [a] < 3", "(= f (< a 3))"),
        ("[a] < 3 = [f]", "(= (< a 3) f)"),
        ("[a] = [b] IS NULL", "(IS NULL (= a b))"),
        ("[f] = [a] IN (1, 2)", "(= f (IN a 1 2))"),
        ("[f] <> [a] NOT BETWEEN 1 AND 2 + 3", "(<> f (NOT (BETWEEN a 1 (+ 2 3))))"),
        ("NOT [a] = 1 AND NOT [b] IS NULL", "(AND (NOT (= a 1)) (NOT (IS NULL b)))"),
        ("[f] OR [g] AND [h] OR [i]", "(OR (OR f (AND g h)) i)"),
        ("CASE [a] WHEN 1 THEN 2 END", "(CASE (= a 1) 2 NULL)"),
        ("if([a]]b] != 'it''s', \"q\"\"\", .5)".replace(".5", "0.5"), "(IF (<> a]b it's) q\" 0.5)"),
    ],
)
def test_grouping(text: str, tree: str) -> None:
    assert shown(parse(text)) == tree
