"""An independent evaluation of workflow graphs over tables in memory.

It answers what a graph *means*, so that what the compiler's SQL *does* can be compared with it. It is
written from the documented meaning of nodes, formulas and numbers, exact and slow, and shares no code
with the compiler; only the vocabulary of column types (``flowforge.types``) is common.

evaluate(graph, "target", {"flowforge.trades": Relation(...)}) -> Relation
"""

from oracle.evaluate import evaluate
from oracle.problems import Overflow, Unspecified
from oracle.relation import Choice, Relation

__all__ = ["Choice", "Overflow", "Relation", "Unspecified", "evaluate"]
