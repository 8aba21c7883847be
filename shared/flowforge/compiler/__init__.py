"""Graph → verified SQL.

    compile_graph(graph, target, catalog=…, access=…, params=…, as_of=…, page=…) -> Plan
    propagate(graph, catalog=…, params=…) -> Propagation

``catalog`` is always the one already narrowed to the tenant (``Catalog.visible_to``).
"""

from flowforge.compiler.compile import compile_graph
from flowforge.compiler.plan import (
    ColumnOrigin,
    NodeOutcome,
    NodeReport,
    Page,
    Plan,
    Proof,
    Propagation,
    Statement,
    TableRead,
)
from flowforge.compiler.propagate import propagate

__all__ = [
    "ColumnOrigin",
    "NodeOutcome",
    "NodeReport",
    "Page",
    "Plan",
    "Proof",
    "Propagation",
    "Statement",
    "TableRead",
    "compile_graph",
    "propagate",
]
