"""The engines behind one seam: a verified ``Statement`` goes in, bytes for the wire come out.

    read(statement, limits, columns) -> Rows          a page, as JSON arrays
    export(statement, limits, columns, fmt) -> chunks  a whole result, as CSV or Arrow, streamed
    estimate(statement, limits) -> rows by table      what the planner would read

Only this package imports store clients, and an engine's own error text never leaves it.
"""

from flowforge.stores.limits import ESTIMATE, EXECUTE, PREVIEW, Limits
from flowforge.stores.router import estimate, export, read
from flowforge.stores.rows import Rows

__all__ = ["ESTIMATE", "EXECUTE", "PREVIEW", "Limits", "Rows", "estimate", "export", "read"]
