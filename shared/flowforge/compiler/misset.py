"""What is wrong with a setting, as people read it: pydantic's finding, where it is, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from flowforge.errors import ErrorCode, GraphError
from flowforge.formula.errors import nearest
from flowforge.graph import Node
from flowforge.nodes.base import NEW_NAME, NodeType

_MESSAGES = {
    "missing": "is missing",
    "extra_forbidden": "is not a setting of this node",
    "string_pattern_mismatch": "is not written as this setting must be",
    "too_short": "needs at least one entry",
}
_NAME = "must have 1 to 128 characters and no quotes, brackets, backslashes or line breaks"
_REMEDIES = {
    "missing": "Give it a value.",
    "too_short": "Choose at least one.",
    "int_type": "Give a whole number, without quotes.",
    "int_from_float": "Give a whole number.",
    "float_type": "Give a number, without quotes.",
    "bool_type": "Give true or false, without quotes.",
    "string_type": "Give a text in quotes.",
    "list_type": "Give a list, also of one: [ … ].",
    "dict_type": "Give an object: { … }.",
    "greater_than": "Give a larger one.",
    "greater_than_equal": "Give a larger one.",
    "less_than": "Give a smaller one.",
    "less_than_equal": "Give a smaller one.",
}
_QUOTED = re.compile(r"'([^']*)'")


def invalid(node: Node, type_: NodeType, data: Any, error: ValidationError) -> GraphError:
    """``INVALID_CONFIG`` at the deepest place that pydantic complains about, by its dotted path."""
    first: Mapping[str, Any] = max(error.errors(include_url=False), key=lambda each: len(each["loc"]))
    path = ".".join(_path(first["loc"], data))
    quoted = repr(first.get("input"))
    shown = quoted if len(quoted) <= 64 else f"{quoted[:61]}…"
    named = first.get("ctx", {}).get("pattern") == NEW_NAME
    message = _NAME if named else _MESSAGES.get(first["type"], first["msg"])
    return GraphError(
        ErrorCode.INVALID_CONFIG,
        f"{path or 'data'}: {message}" + ("." if first["type"] == "missing" else f", got {shown}."),
        node_id=node.id,
        field=path or "data",
        hint=_remedy(node, type_, first),
    )


def _remedy(node: Node, type_: NodeType, first: Mapping[str, Any]) -> str:
    fields = type_.config.model_fields
    setting = fields.get(str(first["loc"][0])) if first["loc"] else None
    if setting is not None and setting.description is not None:
        return f"{setting.description}."
    given = first.get("input")
    if first["type"] == "literal_error" and isinstance(given, str):
        return nearest(given, _QUOTED.findall(first["ctx"]["expected"])) or "Choose one of them."
    if first["type"] == "extra_forbidden":
        known = nearest(str(first["loc"][-1]), fields) if len(first["loc"]) == 1 else None
        return known or "Take it away."
    return _REMEDIES.get(first["type"], f"Check the settings of this {node.type} node.")


def _path(location: tuple[int | str, ...], data: Any) -> Iterator[str]:
    """The steps of a location that lead through the data, and the last one where it leads out of it."""
    for part in location:
        inside = (
            data if isinstance(data, Mapping) else dict(enumerate(data)) if isinstance(data, list) else {}
        )
        if part in inside:
            data = inside[part]
            yield str(part)
        elif not _is_union_branch(part):
            yield str(part)


def _is_union_branch(part: int | str) -> bool:
    """Pydantic names the branch of a union that it tried: a class, or a type like ``list[…]``."""
    return isinstance(part, str) and (
        part[:1].isupper() or "[" in part or part in ("str", "int", "float", "bool")
    )
