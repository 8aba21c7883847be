"""Graph parameters: ``{"param": "name"}`` anywhere in a configuration stands for a value.

The value is the caller's, else the default that the graph declares. Values take the place of
configuration values before anything is checked, so that a parameter can do nothing else than the
value typed in by hand could. A setting whose keys are the user's own (``renames``) is never one itself:
``{"renames": {"param": "x"}}`` gives the column ``param`` the name ``x``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flowforge.errors import ErrorCode, GraphError
from flowforge.formula.errors import nearest
from flowforge.graph import Graph

MAX_DEPTH = 60
_SCALARS = frozenset({str, int, float, bool, type(None)})


def values(graph: Graph, given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Every declared parameter's value; an undeclared one is ``UNKNOWN_PARAMETER``."""
    declared = {str(each.get("name")): each.get("default") for each in graph.parameters}
    for name in given or {}:
        if name not in declared:
            raise GraphError(
                ErrorCode.UNKNOWN_PARAMETER,
                f"The graph has no parameter {name!r}.",
                field="params",
                hint=nearest(name, declared) or "It declares none.",
            )
    return declared | dict(given or {})


def resolve(data: Any, known: Mapping[str, Any], own_keys: Collection[str] = ()) -> Any:
    """The configuration with every parameter replaced; ``own_keys`` are the settings with keys of users."""
    if not isinstance(data, Mapping) or _parameter(data) is not None:
        return _resolve(data, known, "", 0)
    return {
        name: {key: _resolve(each, known, f"{name}.{key}", 2) for key, each in value.items()}
        if name in own_keys and isinstance(value, Mapping)
        else value
        if type(value) in _SCALARS
        else _resolve(value, known, name, 1)
        for name, value in data.items()
    }


def _parameter(data: Mapping[str, Any]) -> str | None:
    """The name of the parameter that a mapping stands for, if it does."""
    name = data.get("param")
    return name if len(data) == 1 and isinstance(name, str) else None


def _resolve(data: Any, known: Mapping[str, Any], place: str, depth: int) -> Any:
    """``place``: the dotted path of ``data`` in the configuration."""
    if depth > MAX_DEPTH:
        raise GraphError(
            ErrorCode.INVALID_CONFIG,
            f"The configuration nests more than {MAX_DEPTH} levels deep.",
            field=place.partition(".")[0],
        )
    if isinstance(data, Mapping):
        if (name := _parameter(data)) is not None:
            if name not in known:
                raise GraphError(
                    ErrorCode.UNKNOWN_PARAMETER,
                    f"There is no parameter {name!r}.",
                    field=place or None,
                    hint=nearest(name, known) or "The graph declares none.",
                )
            return known[name]
        return {
            key: value
            if type(value) in _SCALARS
            else _resolve(value, known, f"{place}.{key}" if place else key, depth + 1)
            for key, value in data.items()
        }
    if isinstance(data, list):
        return [
            value if type(value) in _SCALARS else _resolve(value, known, f"{place}.{index}", depth + 1)
            for index, value in enumerate(data)
        ]
    return data
