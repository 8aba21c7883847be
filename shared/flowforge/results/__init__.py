"""From a graph to rows on the wire: plan, look in the cache, run once, remember.

plan(graph, target, access=…) -> Plan            compile against the tenant's catalogue
answer(plan, access, …) -> Answer                rows as JSON, cached by content
ask(question, compiling) -> Asked                the same in one, …
answer_asked(asked, …) -> Answer, Address        … which compiles only if it must
"""

from flowforge.results.answer import Answer, answer, answer_asked, answer_with, remembered
from flowforge.results.asked import Address, Asked, Question, ask
from flowforge.results.planning import as_of_now, plan

__all__ = [
    "Address",
    "Answer",
    "Asked",
    "Question",
    "answer",
    "answer_asked",
    "answer_with",
    "as_of_now",
    "ask",
    "plan",
    "remembered",
]
