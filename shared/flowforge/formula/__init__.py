"""The formula language: text → typed expression → SQL of each store.

analyse("[price] * [quantity]", schema) -> Expression

Each name is loaded with its first use (PEP 562): most graphs have expressions and no formula to read.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flowforge.formula.functions import FUNCTIONS
    from flowforge.formula.tree import Call, Constant, Expression, Reference
    from flowforge.formula.typing import analyse

__all__ = ["FUNCTIONS", "Call", "Constant", "Expression", "Reference", "analyse"]

_DECLARED_IN = {"FUNCTIONS": "functions", "analyse": "typing"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_DECLARED_IN.get(name, 'tree')}"), name)
