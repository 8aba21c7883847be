"""Which writer makes a kind's random configurations; a test asserts that every kind has one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random

from flowforge.types import Schema
from flowforge_local.corpus import configs, configs_in_time, configs_of_several
from flowforge_local.corpus.configs import Config

OF_ONE: Mapping[str, Callable[[Random, Schema], Config]] = {
    "data_source": configs.data_source,
    "filter": configs.filter,
    "select": configs.select,
    "rename": configs.rename,
    "formula": configs.formula,
    "group_by": configs.group_by,
    "pivot": configs.pivot,
    "sort": configs.sort,
    "unique": configs.unique,
    "limit": configs.limit,
    "sample": configs_in_time.sample,
    "time_bucket": configs_in_time.time_bucket,
    "window": configs_in_time.window,
    "table_view": configs.table_view,
    "line_chart": configs.line_chart,
    "bar_chart": configs.bar_chart,
    "candlestick": configs.candlestick,
    "scatter": configs.scatter,
    "heatmap": configs.heatmap,
    "treemap": configs.treemap,
    "kpi": configs.kpi,
    "pivot_table": configs.pivot_table,
}
"""Kinds with one input (or none), by the columns that arrive."""

OF_SEVERAL: Mapping[str, Callable[[Random, Sequence[Schema]], Config]] = {
    "join": configs_of_several.join,
    "asof_join": configs_of_several.asof_join,
    "union": configs_of_several.union,
}
"""Kinds with several inputs."""

KINDS = (*OF_ONE, *OF_SEVERAL)


def write(random: Random, kind: str, inputs: Sequence[Schema]) -> Config:
    """A configuration over these inputs, mostly a valid one."""
    if kind in OF_SEVERAL:
        return OF_SEVERAL[kind](random, inputs)
    return OF_ONE[kind](random, inputs[0] if inputs else ())
