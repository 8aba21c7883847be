"""``GET /metrics``: what the process has counted, in the format that Prometheus reads.

https://prometheus.io/docs/instrumenting/exposition_formats/ – no gateway routes the path.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

from prometheus_client import GC_COLLECTOR, PLATFORM_COLLECTOR, PROCESS_COLLECTOR, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector, CollectorRegistry

from flowforge.metrics import METRICS, SECONDS, Counter, Histogram

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_BOUNDS = [str(bound) for bound in SECONDS] + ["+Inf"]


class _Counted(Collector):
    def collect(self) -> Iterable[Metric]:
        """Each metric with all its labels, as they are now."""
        for each in METRICS:
            yield _durations(each) if isinstance(each, Histogram) else _counts(each)


def _counts(metric: Counter) -> Metric:
    family = GaugeMetricFamily if metric.gauge else CounterMetricFamily
    made = family(metric.name, metric.about, labels=metric.labels)
    for labels, value in list(metric.values.items()):
        made.add_metric(labels, value)
    return made


def _durations(metric: Histogram) -> Metric:
    made = HistogramMetricFamily(metric.name, metric.about, labels=metric.labels)
    for labels, observed in list(metric.values.items()):
        upwards = [float(count) for count in accumulate(observed.buckets)]
        made.add_metric(labels, list(zip(_BOUNDS, upwards, strict=True)), observed.sum)
    return made


_registry = CollectorRegistry(auto_describe=False)
for _collector in (_Counted(), PROCESS_COLLECTOR, PLATFORM_COLLECTOR, GC_COLLECTOR):
    _registry.register(_collector)


def exposition() -> bytes:
    """All metrics of this process as text."""
    return generate_latest(_registry)
