"""The formula language as a SQLGlot dialect: PostgreSQL's grammar, in which ``[…]`` names a column.

SQLGlot's base grammar reads ``^`` as bitwise XOR; PostgreSQL's reads it as a power. Two things are
documented rules rather than accidents of the grammar: unary minus binds tighter than ``^``
(``-2 ^ 2`` is 4, as in spreadsheets), and ``^`` groups to the left (``2 ^ 3 ^ 2`` is 64).
"""

from __future__ import annotations

from typing import ClassVar

from sqlglot import tokens
from sqlglot.dialects.postgres import Postgres


class FormulaDialect(Postgres):
    """Only its tokenizer differs from PostgreSQL; functions are resolved by ``functions``."""

    class Tokenizer(tokens.Tokenizer):
        """Brackets quote columns (``]]`` is a bracket), both quotes quote text, nothing comments.

        Signs beyond those of the language are single characters, so that the first one which does
        not fit is the one that is named: in ``[a] -> [b]`` the ``>``.
        """

        IDENTIFIERS: ClassVar = [("[", "]")]
        QUOTES: ClassVar = ["'", '"']
        COMMENTS: ClassVar = []
        STRING_ESCAPES: ClassVar = ["'", '"']
        BIT_STRINGS: ClassVar = []
        BYTE_STRINGS: ClassVar = []
        HEX_STRINGS: ClassVar = []
        UNICODE_STRINGS: ClassVar = []
        HEREDOC_STRINGS: ClassVar = []
        KEYWORDS: ClassVar = {
            keyword: kind
            for keyword, kind in Postgres.Tokenizer.KEYWORDS.items()
            if keyword.isalpha() or keyword in {"==", "!=", "<>", "<=", ">="}
        }
