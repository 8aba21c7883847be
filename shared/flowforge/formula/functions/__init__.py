"""The one table of functions: editor completion, typing, both stores' SQL and the docs read it."""

from collections.abc import Mapping

from flowforge.formula.functions.aggregates import AGGREGATES
from flowforge.formula.functions.buckets import BUCKETS
from flowforge.formula.functions.casts import CASTS
from flowforge.formula.functions.conditional import CASE, CONDITIONAL
from flowforge.formula.functions.filtered import FILTERED
from flowforge.formula.functions.joins import JOINS
from flowforge.formula.functions.numeric import NUMERIC
from flowforge.formula.functions.operators import OPERATORS
from flowforge.formula.functions.sampling import SAMPLING
from flowforge.formula.functions.temporal import TEMPORAL
from flowforge.formula.functions.text import TEXT_FUNCTIONS
from flowforge.formula.functions.windows import WINDOWS
from flowforge.formula.signature import Function, PerStore

FUNCTIONS: Mapping[str, Function] = {
    function.name: function for function in (*CONDITIONAL, *NUMERIC, *TEMPORAL, *TEXT_FUNCTIONS, *CASTS)
}
"""What can be called by name, in the order of the documentation."""

OPERATIONS: Mapping[str, Function] = {
    **FUNCTIONS,
    CASE.name: CASE,
    **{function.name: function for function in OPERATORS},
}
"""Functions and operators: every name that a tree can carry (aggregates apart)."""

SQL: Mapping[str, PerStore] = {
    **{name: function.sql for name, function in OPERATIONS.items()},
    **AGGREGATES,
    **FILTERED,
    **WINDOWS,
    **SAMPLING,
    **BUCKETS,
    **JOINS,
}
"""How each store says every name that a tree can carry."""
