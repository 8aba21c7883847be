"""Every setting of a node type, found in its pydantic model: a new one is tested without a line here."""

from __future__ import annotations

import copy
import types
import typing
from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel

ENTRY, KEY, VALUE = "[]", "<key>", "<value>"
"""Steps of a path: into the entries of a list, onto a key of a mapping, into the values of a mapping."""

Path = tuple[str, ...]


def paths(model: type[BaseModel]) -> list[Path]:
    """The path of every leaf; a model inside itself is not entered again."""
    return list(dict.fromkeys(_of_model(model, ())))


def _of_model(model: type[BaseModel], above: tuple[type, ...]) -> Iterator[Path]:
    if any(issubclass(each, model) or issubclass(model, each) for each in above):
        return
    for name, field in model.model_fields.items():
        for rest in _of_annotation(field.annotation, (*above, model)):
            yield (name, *rest)


def _of_annotation(annotation: Any, above: tuple[type, ...]) -> Iterator[Path]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _of_annotation(arguments[0], above)
    elif origin in (typing.Union, types.UnionType):
        for each in arguments:
            yield from _of_annotation(each, above)
    elif origin in (list, tuple):
        for rest in _of_annotation(arguments[0], above):
            yield (ENTRY, *rest)
    elif origin is dict:
        yield (KEY,)
        for rest in _of_annotation(arguments[1], above):
            yield (VALUE, *rest)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from _of_model(annotation, above)
    elif annotation is not types.NoneType:
        yield ()


def holds(config: Any, path: Path) -> bool:
    """Whether the path leads to a value of this configuration."""
    if not path:
        return not isinstance(config, dict | list)
    step, *rest = path
    if step == KEY:
        return isinstance(config, dict) and bool(config)
    if step == VALUE:
        return isinstance(config, dict) and any(holds(each, tuple(rest)) for each in config.values())
    if step == ENTRY:
        return isinstance(config, list) and any(holds(each, tuple(rest)) for each in config)
    return isinstance(config, dict) and step in config and holds(config[step], tuple(rest))


def put(config: Any, path: Path, value: Any) -> Any:
    """A copy of the configuration with a value at the path, which is made where it is not there."""
    if not path:
        return value
    step, *rest = path
    below = tuple(rest)
    made = copy.deepcopy(config)
    if step == ENTRY:
        entries = made if isinstance(made, list) else []
        at = next((index for index, each in enumerate(entries) if holds(each, below)), 0)
        return [*entries[:at], put(entries[at] if entries else None, below, value), *entries[at + 1 :]]
    members = made if isinstance(made, dict) else {}
    if step == KEY:
        first = next(iter(members.values()), "made")
        return {value: first} | dict(list(members.items())[1:])
    if step == VALUE:
        name = next(iter(members), "price")
        return members | {name: put(members.get(name), below, value)}
    return members | {step: put(members.get(step), below, value)}


def at(config: Any, path: Path) -> Any:
    """The value that a path leads to."""
    for step in path:
        if step == ENTRY:
            config = config[0]
        elif step == KEY:
            return next(iter(config))
        else:
            config = config[step] if step != VALUE else next(iter(config.values()))
    return config
