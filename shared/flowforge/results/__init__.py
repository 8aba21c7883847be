"""From a graph to rows on the wire: plan, look in the cache, run once, remember.

plan(graph, target, access=…) -> Plan            compile against the tenant's catalogue
answer(plan, access, …) -> Answer                rows as JSON, cached by content
"""

from flowforge.results.answer import Answer, answer, answer_with, remembered
from flowforge.results.planning import as_of_now, plan

__all__ = ["Answer", "answer", "answer_with", "as_of_now", "plan", "remembered"]
