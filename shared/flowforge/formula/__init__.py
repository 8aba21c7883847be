"""The formula language: text → typed expression → SQL of each store.

analyse("[price] * [quantity]", schema) -> Expression
"""

from flowforge.formula.functions import FUNCTIONS
from flowforge.formula.tree import Call, Constant, Expression, Reference
from flowforge.formula.typing import analyse

__all__ = ["FUNCTIONS", "Call", "Constant", "Expression", "Reference", "analyse"]
