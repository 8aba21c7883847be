"""A node's ``data`` → its typed configuration, and its wires → its input ports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_origin

from pydantic import ValidationError

from flowforge.compiler.parameters import resolve
from flowforge.errors import ErrorCode, GraphError
from flowforge.formula.errors import nearest
from flowforge.graph import Edge, Graph, Node
from flowforge.nodes import BY_KIND, NodeConfig, NodeType
from flowforge.nodes.base import NEW_NAME

_MESSAGES = {
    "missing": "is missing",
    "extra_forbidden": "is not a setting of this node",
    "string_pattern_mismatch": "is not written as this setting must be",
}
_NAME = "must have 1 to 128 characters and no quotes, brackets, backslashes or line breaks"


def node_type(node: Node) -> NodeType:
    """The node's type; ``UNKNOWN_NODE_TYPE`` names the nearest ones."""
    found = BY_KIND.get(node.type)
    if found is None:
        raise GraphError(
            ErrorCode.UNKNOWN_NODE_TYPE,
            f"There is no node type {node.type[:64]!r}.",
            node_id=node.id,
            field="type",
            hint=nearest(node.type, BY_KIND),
        )
    return found


def configuration(node: Node, type_: NodeType, parameters: Mapping[str, Any]) -> NodeConfig:
    """The typed configuration; ``INVALID_CONFIG`` names the field by its dotted path."""
    data = resolve(node.data, parameters, _own_keys(type_.config))
    try:
        return type_.config.model_validate(data)
    except ValidationError as error:
        raise _invalid(node, type_, data, error) from None


@cache
def _own_keys(config: type[NodeConfig]) -> list[str]:
    """The settings that are mappings, so that their keys are the user's own."""
    fields = config.model_fields.items()
    return [name for name, field in fields if get_origin(field.annotation) is dict]


def _invalid(node: Node, type_: NodeType, data: Any, error: ValidationError) -> GraphError:
    details = error.errors(include_url=False)
    first = max(details, key=lambda each: len(each["loc"]))
    path = ".".join(_path(first["loc"], data))
    quoted = repr(first.get("input"))
    shown = quoted if len(quoted) <= 64 else f"{quoted[:61]}…"
    missing = first["type"] == "missing"
    named = first.get("ctx", {}).get("pattern") == NEW_NAME
    message = _NAME if named else _MESSAGES.get(first["type"], first["msg"])
    setting = type_.config.model_fields.get(str(first["loc"][0])) if first["loc"] else None
    said = setting.description if setting is not None else None
    return GraphError(
        ErrorCode.INVALID_CONFIG,
        f"{path or 'data'}: {message}" + ("." if missing else f", got {shown}."),
        node_id=node.id,
        field=path or "data",
        hint=f"{said}." if said else f"Check the settings of this {node.type} node.",
    )


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


def inputs(graph: Graph, node: Node, type_: NodeType) -> tuple[Edge, ...]:
    """The wires into the node, in the order of its ports; too few or too many is refused."""
    wires = graph.inputs(node.id)
    ordered: list[Edge] = []
    handles = {port.handle for port in type_.ports}
    for port in type_.ports:
        only = len(type_.ports) == 1
        here = [wire for wire in wires if only or wire.target_handle == port.handle]
        where = f"input {port.handle!r}" if port.handle else "input"
        if len(here) < port.least:
            raise GraphError(
                ErrorCode.MISSING_INPUT,
                f"The {where} of this {node.type} node is not connected.",
                node_id=node.id,
                field=port.handle or "input",
                hint="Draw a wire to it.",
            )
        if len(here) > port.most:
            raise _too_many(node, where, port.handle or "input")
        ordered += here
    unplaced = [wire for wire in wires if len(type_.ports) != 1 and wire.target_handle not in handles]
    if unplaced:
        raise _too_many(node, "set of inputs", "input")
    return tuple(ordered)


def _too_many(node: Node, where: str, field: str) -> GraphError:
    return GraphError(
        ErrorCode.TOO_MANY_INPUTS,
        f"Too many wires lead to the {where} of this {node.type} node.",
        node_id=node.id,
        field=field,
        hint="Remove the wires that do not belong there.",
    )
