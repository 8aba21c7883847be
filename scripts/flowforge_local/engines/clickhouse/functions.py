"""Which functions the read-only user may call, by the engine's own catalogue of them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flowforge_local.engines.clickhouse import allowed
from flowforge_local.engines.clickhouse.engine import Engine
from flowforge_local.engines.clickhouse.errors import ACCESS_DENIED, UNKNOWN_FUNCTION, ClickHouseError

_COMBINATORS = re.compile(
    r"(?:If|Array|Map|Distinct|OrDefault|OrNull|Resample|ForEach|State|Merge|SimpleState|ArgMin|ArgMax|MergeState)\Z"
)
_RESPECT_NULLS = re.compile(r"_(?:respect|ignore)_nulls\Z")


class Functions:
    """The catalogue, read once: functions that appear later are unknown, hence refused."""

    def __init__(self, engine: Engine) -> None:
        rows = engine.scalar(
            "SELECT arrayStringConcat(groupArray(concat(name, '\\t', alias_to, '\\t', toString(is_aggregate), '\\t',"
            " toString(case_insensitive), '\\t', toString(categories))), '\\n') FROM system.functions"
        )
        self._allowed: dict[str, bool] = {}
        self._aggregates: set[str] = set()
        self._folded: dict[str, str] = {}
        aliases: dict[str, str] = {}
        for row in rows.splitlines():
            name, alias, aggregate, insensitive, category = row.split("\t")
            if aggregate == "1":
                self._aggregates.add(name)
            if alias:
                aliases[name] = alias
            self._allowed[name] = (
                aggregate == "1" or category in allowed.CATEGORIES or name in allowed.FUNCTIONS
            )
            if insensitive == "1":
                self._folded[name.lower()] = name
        for name, target in aliases.items():
            self._allowed[name] = self._resolve(target, aliases)

    def check(self, name: str) -> None:
        """Return where a function may be called.

        Raises:
            ClickHouseError: it may not, or there is none of that name.

        """
        if name in allowed.FUNCTIONS:
            return
        plain = _RESPECT_NULLS.sub("", name)
        known = plain if plain in self._allowed else self._folded.get(plain.lower())
        if known is None:
            if not self._is_combination(plain):
                raise ClickHouseError(UNKNOWN_FUNCTION, f"Unknown function {name}")
        elif not self._allowed[known]:
            raise ClickHouseError(
                ACCESS_DENIED, f"app: Not enough privileges. This user may not use the function {name}"
            )

    def _resolve(self, name: str, aliases: Mapping[str, str]) -> bool:
        while name in aliases:
            name = aliases[name]
        return self._allowed.get(name, False)

    def _is_combination(self, name: str) -> bool:
        """Whether a name is an aggregate function with combinators, such as ``argMaxIf``."""
        while match := _COMBINATORS.search(name):
            name = name[: match.start()]
            if name in self._aggregates or self._folded.get(name.lower()) in self._aggregates:
                return True
        return False
