"""A node's ``data`` → its typed configuration, and its wires → its input ports."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, get_origin

from pydantic import ValidationError

from flowforge.compiler.misset import invalid
from flowforge.compiler.parameters import resolve
from flowforge.errors import ErrorCode, GraphError
from flowforge.formula.errors import nearest
from flowforge.graph import Edge, Graph, Node
from flowforge.nodes import BY_KIND
from flowforge.nodes.base import NodeConfig, NodeType


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
        raise invalid(node, type_, data, error) from None


@cache
def _own_keys(config: type[NodeConfig]) -> list[str]:
    """The settings that are mappings, so that their keys are the user's own."""
    fields = config.model_fields.items()
    return [name for name, field in fields if get_origin(field.annotation) is dict]


def inputs(graph: Graph, node: Node, type_: NodeType) -> tuple[Edge, ...]:
    """The wires into the node, in the order of its ports; too few or too many is refused."""
    wires = graph.inputs(node.id)
    ordered: list[Edge] = []
    stray = _stray(wires, type_)
    for port in type_.ports:
        only = len(type_.ports) == 1
        here = [wire for wire in wires if only or wire.target_handle == port.handle]
        where = f"input {port.handle!r}" if port.handle else "input"
        if len(here) < port.least:
            raise GraphError(
                ErrorCode.MISSING_INPUT,
                f"This {node.type} node needs {port.least} inputs, and {len(here)} is connected."
                if here
                else f"The {where} of this {node.type} node is not connected.",
                node_id=node.id,
                field=port.handle or "input",
                hint=stray or "Draw a wire to it.",
            )
        if len(here) > port.most:
            raise GraphError(
                ErrorCode.TOO_MANY_INPUTS,
                f"Too many wires lead to the {where} of this {node.type} node.",
                node_id=node.id,
                field=port.handle or "input",
                hint="Remove the wires that do not belong there.",
            )
        ordered += here
    if len(ordered) < len(wires):
        raise GraphError(
            ErrorCode.TOO_MANY_INPUTS,
            "Not all wires lead to an input." if type_.ports else f"A {node.type} node takes no input.",
            node_id=node.id,
            field="input",
            hint=stray or "Remove the wires that lead to it.",
        )
    return tuple(ordered)


def _stray(wires: tuple[Edge, ...], type_: NodeType) -> str | None:
    """What to say of a wire to an input that the node does not have."""
    handles = [port.handle for port in type_.ports]
    stray = [wire.target_handle or "" for wire in wires if wire.target_handle not in handles]
    if len(handles) < 2 or not stray:
        return None
    known = " and ".join(repr(each) for each in handles)
    return f"A wire leads to {stray[0][:64]!r}, but the inputs are {known}."
