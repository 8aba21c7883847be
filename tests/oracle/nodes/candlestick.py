"""``candlestick``: the columns that are drawn – time, open, high, low, close, volume – and all rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from oracle.context import Context
from oracle.nodes.select import chosen
from oracle.relation import Relation


def evaluate(config: Mapping[str, Any], inputs: Sequence[Relation], context: Context) -> Relation:
    volume = [config["volume"]] if config.get("volume") is not None else []
    prices = [config[each] for each in ("open", "high", "low", "close")]
    return chosen(inputs[0], [config["time"], *prices, *volume])
