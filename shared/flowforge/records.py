"""``dataclass`` as in the standard library, without what its decorator costs each start of a function.

Up to Python 3.12 that compiles six methods for every frozen class with slots, which was a sixth of the time from exec to
a first answer. Here each is compiled when it is first used: a start declares many more classes than its first answer
makes, and hardly any that it compares. ``__init__`` also fills the slots directly, in three fifths of the time.

Type checkers see the standard library's decorator. ``fields``, ``replace``, ``asdict`` and ``match`` work, since that
is what finds the fields; classes with other options it makes alone. ``kw_only`` and ``InitVar`` are not offered.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

Method = Callable[..., Any]


def _dataclass(
    cls: type | None = None, /, *, frozen: bool = False, slots: bool = False, eq: bool = True
) -> Any:
    """The decorated class, or a decorator where only options are given."""
    if not (frozen and slots and eq):
        return dataclasses.dataclass(cls, frozen=frozen, slots=slots, eq=eq)
    return _frozen if cls is None else _frozen(cls)


if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    dataclass = _dataclass


def _frozen(cls: type) -> type:
    if cls.__doc__ is None:
        cls.__doc__ = (
            cls.__name__
        )  # the decorator would read the class's signature to write a text, with a tokenizer
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    written = vars(made)
    for name, write in _WRITERS.items():
        if written.get(name) is None:  # Python sets __hash__ to None where a class writes an __eq__
            setattr(made, name, _at_first_use(made, name, write))
    made.__setattr__, made.__delattr__ = _set, _delete
    made.__getstate__, made.__setstate__ = _state, _restore
    return made  # type: ignore[no-any-return]


def _at_first_use(cls: type, name: str, write: Callable[[type], Method]) -> Method:
    """A method that puts the compiled one into its place and calls that."""

    def method(self: object, *arguments: Any, **named: Any) -> Any:
        made = write(cls)
        made.__qualname__ = f"{cls.__qualname__}.{name}"  # as errors about arguments name it
        setattr(cls, name, made)
        return made(self, *arguments, **named)

    method.__name__ = name
    return method


def _init(cls: type) -> Method:
    """A parameter for each field, which goes into its slot; then ``__post_init__``."""
    scope: dict[str, Any] = {"absent": object()}
    parameters, lines = ["self"], []
    for field in dataclasses.fields(cls):
        if not field.init:
            continue  # __post_init__ sets it
        name = value = field.name
        scope[f"set_{name}"] = getattr(cls, name).__set__
        if field.default is not dataclasses.MISSING:
            scope[f"default_{name}"] = field.default
            parameters.append(f"{name}=default_{name}")
        elif field.default_factory is not dataclasses.MISSING:
            scope[f"make_{name}"] = field.default_factory
            parameters.append(f"{name}=absent")
            value = f"make_{name}() if {name} is absent else {name}"
        else:
            parameters.append(name)
        lines.append(f"set_{name}(self, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    return _compiled("__init__", parameters, lines or ["pass"], scope)


def _eq(cls: type) -> Method:
    compared = [field.name for field in dataclasses.fields(cls) if field.compare]
    mine, theirs = (_tuple(each, compared) for each in ("self", "other"))
    lines = [f"return {mine} == {theirs} if other.__class__ is self.__class__ else NotImplemented"]
    return _compiled("__eq__", ["self", "other"], lines, {})


def _hash(cls: type) -> Method:
    found = dataclasses.fields(cls)
    hashed = [each.name for each in found if (each.compare if each.hash is None else each.hash)]
    return _compiled("__hash__", ["self"], [f"return hash({_tuple('self', hashed)})"], {})


def _repr(cls: type) -> Method:
    shown = ", ".join(f"{each.name}={{self.{each.name}!r}}" for each in dataclasses.fields(cls) if each.repr)
    return _compiled("__repr__", ["self"], [f"return f'{{self.__class__.__qualname__}}({shown})'"], {})


_WRITERS: dict[str, Callable[[type], Method]] = {
    "__init__": _init,
    "__eq__": _eq,
    "__hash__": _hash,
    "__repr__": _repr,
}


def _tuple(one: str, names: list[str]) -> str:
    return "({})".format("".join([f"{one}.{name}, " for name in names]))


def _compiled(name: str, parameters: list[str], lines: list[str], scope: dict[str, Any]) -> Method:
    body = "".join(f"\n {line}" for line in lines)
    exec(f"def {name}({', '.join(parameters)}):{body}", scope)  # noqa: S102 - out of names of fields alone
    made: Method = scope[name]
    return made


def _set(self: object, name: str, value: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _delete(self: object, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    """For copies and pickles, which would otherwise set each attribute."""
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)
