"""What to write instead of words and signs of other languages, which a formula does not have."""

from __future__ import annotations

OPERATORS = "Operators are + - * / % ^ = <> < <= > >= AND OR NOT; decimals start with a digit: 0.5."

_SIGNS = {
    "&": "Write AND between conditions.",
    "|": "Write OR between conditions, CONCAT(…) to join texts.",
    "!": "Write NOT before a condition, <> for unequal.",
    ":": "Convert with TO_NUMBER, TO_TEXT or TO_DATE.",
    ";": "A formula is one expression: take it away.",
    "{": "Columns are written in brackets: [price].",
    "`": "Columns are written in brackets: [price].",
    "?": "Write IF(condition, then, else).",
}
_LOOKALIKES = {
    "'": "‘’‚‛′´＇",
    '"': "“”„‟″＂",
    "-": "−–—‐‑‒﹣－",
    "*": "×∗⋅·＊",
    "/": "÷∕⁄／",
    "+": "＋",
    "<=": "≤",
    ">=": "≥",
    "<>": "≠",
    "(": "（",
    ")": "）",
    ",": "，",
}
_BY_LOOKALIKE = {each: sign for sign, several in _LOOKALIKES.items() for each in several}

_WORDS = {
    "LIKE": "Write CONTAINS([text], 'part') or STARTS_WITH([text], 'start'), or use a filter node.",
    "ILIKE": "Write CONTAINS(LOWER([text]), 'part').",
    "AS": "Convert with TO_NUMBER, TO_TEXT or TO_DATE; a column is named in the node's settings.",
    "INTERVAL": "Write DATE_ADD('day', 1, [time]).",
    "SELECT": "A formula works on the columns of one row: [price] * 2.",
    "XOR": "Write <> between two conditions.",
    "MOD": "Write [a] % [b].",
    "DIV": "Write FLOOR([a] / [b]).",
    "OVER": "A window node looks at other rows.",
}
_WINDOWS = frozenset({"LAG", "LEAD", "ROW_NUMBER", "RANK", "DENSE_RANK", "FIRST_VALUE", "LAST_VALUE"})


def for_sign(sign: str) -> str:
    """Instead of a token that no formula has; it may be a sign that only looks like one of ours."""
    meant = _BY_LOOKALIKE.get(sign[:1])
    if meant is not None:
        return f"Write {meant} as on the keyboard; {sign[:1]} (U+{ord(sign[0]):04X}) only looks like it."
    return _SIGNS.get(sign[:1], OPERATORS)


def for_word(word: str) -> str | None:
    """Instead of a word that no formula has; None where it is most likely a column."""
    return _WORDS.get(word.upper())


def for_window(function: str) -> str | None:
    """Instead of a function that looks at other rows."""
    return "A window node looks at other rows." if function.upper() in _WINDOWS else None
