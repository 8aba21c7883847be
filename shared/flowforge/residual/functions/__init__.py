"""The function table of ``formula.functions`` once more, for columns in memory: the same names."""

from __future__ import annotations

from collections.abc import Mapping

from flowforge.residual.functions.arithmetic import ARITHMETIC, Compute
from flowforge.residual.functions.buckets import BUCKETS
from flowforge.residual.functions.casts import CASTS
from flowforge.residual.functions.choice import CHOICE
from flowforge.residual.functions.comparison import COMPARISON
from flowforge.residual.functions.joining import JOINING
from flowforge.residual.functions.numeric import NUMERIC
from flowforge.residual.functions.sampling import SAMPLING
from flowforge.residual.functions.temporal import TEMPORAL
from flowforge.residual.functions.text import TEXT

COMPUTE: Mapping[str, Compute] = {
    **ARITHMETIC,
    **COMPARISON,
    **CHOICE,
    **NUMERIC,
    **TEXT,
    **TEMPORAL,
    **CASTS,
    **JOINING,
    **SAMPLING,
    **BUCKETS,
}
