"""Bounds on a formula, checked before the parser sees it (thousands of parentheses exhaust its stack)."""

MAX_LENGTH = 10_000
"""Characters."""

MAX_DEPTH = 200
"""Nesting: of parentheses and CASE in the text, of signs and NOT in a row, and of operations in the tree."""

MAX_DIGITS = 38
"""Digits of a numeric literal."""
