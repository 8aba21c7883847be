"""Buckets of time as each store says them; ``formula.buckets`` describes their trees."""

from __future__ import annotations

from collections.abc import Mapping

from flowforge.formula.buckets import NAME
from flowforge.formula.functions import buckets_clickhouse, buckets_postgres
from flowforge.formula.signature import PerStore

BUCKETS: Mapping[str, PerStore] = {
    NAME: PerStore(
        buckets_clickhouse.time_bucket,
        buckets_postgres.time_bucket,
        sharing=buckets_clickhouse.time_bucket_sharing,
    ),
}
