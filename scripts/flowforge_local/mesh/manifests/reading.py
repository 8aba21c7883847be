"""YAML files as documents, and one document as an admitted object, with every fault's file, field and reason."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from flowforge_local.mesh.manifests.model import Object

Model = TypeVar("Model", bound=Object)


class ManifestError(Exception):
    """Manifests that are not admitted; ``problems`` has one sentence per fault: file, field, reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _UniqueKeys(yaml.SafeLoader):
    """PyYAML keeps the last of two equal keys without a word; kubectl refuses them."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} is there twice", node.start_mark
                )
        return super().construct_mapping(node, deep)


def documents(path: Path) -> Iterator[object]:
    """The documents of a YAML file, empty ones left out; raises ManifestError."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ManifestError([f"{path}: no such file"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestError([f"{path}: cannot be read: {error}"]) from None
    yield from parse(text, path)


def parse(text: str, name: object) -> Iterator[object]:
    """The documents of a YAML text; ``name`` stands before each problem."""
    try:
        # _UniqueKeys is a SafeLoader: it builds plain values only.
        yield from (each for each in yaml.load_all(text, Loader=_UniqueKeys) if each is not None)
    except (yaml.YAMLError, RecursionError) as error:
        raise ManifestError([f"{name}: {' '.join(str(error).split())}"]) from None
    except (ValueError, TypeError) as error:  # such as a date or a key that YAML's types cannot hold
        raise ManifestError([f"{name}: not readable as YAML: {error}"]) from None


def admit(model: type[Model], document: object, name: object) -> Model:
    """The document as ``model``; raises ManifestError with each field and reason."""
    try:
        return model.model_validate(document)
    except ValidationError as error:
        faults = error.errors()
        raise ManifestError(
            [f"{name}: {_place(each['loc'])}{_reason(each)}" for each in faults if not _follows(each, faults)]
        ) from None


def _follows(fault: Any, faults: Sequence[Any]) -> bool:
    """Whether a list is only too short because what is in it was refused."""
    place = fault["loc"]
    return fault["type"] == "too_short" and any(
        len(each["loc"]) > len(place) and each["loc"][: len(place)] == place for each in faults
    )


def _place(location: tuple[int | str, ...]) -> str:
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in location]
    return "".join(parts).removeprefix(".") + ": " if parts else ""


def _reason(fault: Any) -> str:
    if fault["type"] == "extra_forbidden":
        return "no such field, or not one this project may use"
    if fault["type"] == "none_required" and fault["loc"][-1] == "periodSeconds":
        return "leave it out, so that readiness is polled every 50 ms"
    return str(fault["msg"]).removeprefix("Value error, ")
