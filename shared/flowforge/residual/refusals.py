"""What joining stores cannot do exactly is refused by name, never approximated."""

from __future__ import annotations

from flowforge.errors import ErrorCode, FlowForgeError, GraphError, StoreError
from flowforge.types import ColumnType

DIGITS = 38
"""Digits that a decimal has while several stores' rows are worked on (128 bits)."""


def unsupported(what: str, hint: str) -> GraphError:
    """``what`` as the beginning of a sentence."""
    return GraphError(
        ErrorCode.UNSUPPORTED_IN_STORE,
        f"{what} cannot be worked with outside of one store, where rows of several meet.",
        hint=hint,
    )


def too_large(type_: ColumnType) -> FlowForgeError:
    """A number left its type, or the 38 digits that there are here."""
    if type_.kind == "decimal" and type_.precision > DIGITS:
        return unsupported(
            f"A number of more than {DIGITS} digits", "Round or divide before the rows of two stores meet."
        )
    return StoreError(
        ErrorCode.NUMERIC_OVERFLOW,
        "A number became too large for its type.",
        hint="Divide before you multiply, or round intermediate results.",
    )
