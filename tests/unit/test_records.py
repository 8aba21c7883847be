"""Frozen records do what the standard library's do, whose decorator makes the same classes here."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import field
from typing import Any, Generic, TypeVar

import pytest

from flowforge import records

T = TypeVar("T")
Decorator = Callable[..., Any]


@records.dataclass(frozen=True, slots=True)
class Kept:
    """One that a pickle finds by its name."""

    name: str
    sizes: tuple[int, ...] = (1, 2)
    more: dict[str, int] = field(default_factory=dict, hash=False)


def made(dataclass: Decorator) -> tuple[Any, Any, Any]:
    """Classes of each kind of field and method, by one of the two decorators."""

    @dataclass(frozen=True, slots=True)
    class Base:
        first: int
        second: list[int] = field(default_factory=list)
        hidden: str = field(default="h", repr=False)
        aside: float = field(default=0.5, compare=False)

    @dataclass(frozen=True, slots=True)
    class Inheriting(Base):
        third: str = "t"
        worked_out: int = field(init=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "worked_out", self.first * 2)

    @dataclass(frozen=True, slots=True)
    class Written(Generic[T]):
        only: T

        def __eq__(self, other: object) -> bool:
            return True

        def __repr__(self) -> str:
            return "written"

    return Base, Inheriting, Written


BOTH = list(zip(made(records.dataclass), made(dataclasses.dataclass), strict=True))


def observed(work: Callable[[], Any]) -> Any:
    """What it gives, or the error that it raises."""
    try:
        return work()
    except (TypeError, AttributeError) as error:
        return type(error), str(error)


@pytest.mark.parametrize(("ours", "theirs"), BOTH, ids=["plain", "inheriting", "with methods of its own"])
def test_a_record_is_what_the_standard_library_makes(ours: Any, theirs: Any) -> None:
    def told(cls: Any) -> list[Any]:
        one, other = cls(3), cls(4)
        return [
            *[observed(lambda args=args: repr(cls(*args))) for args in ((), (1,), (1, [2]), (1,) * 9)],
            observed(lambda: cls(1, nothing=2)),
            [(one == each, one != each) for each in (cls(3), other, None, (3, [], "h"))],
            dataclasses.asdict(one),
            [each.name for each in dataclasses.fields(cls)],
            repr(copy.copy(one)),
            repr(copy.deepcopy(one)),
            observed(lambda: setattr(one, dataclasses.fields(cls)[0].name, 1)),
            observed(lambda: delattr(one, dataclasses.fields(cls)[0].name)),
            observed(lambda: setattr(one, "another", 1)) is None,
            hasattr(one, "__dict__"),
            observed(lambda: dataclasses.replace(one, **{cls.__match_args__[0]: 9})) == cls(9),
        ]

    assert told(ours) == told(theirs)


def test_equal_records_are_one_key() -> None:
    assert hash(Kept("a")) == hash(Kept("a", (1, 2))) == hash(("a", (1, 2)))
    assert len({Kept("a"), Kept("a", (1, 2)), Kept("b"), Kept("a", more={"x": 1})}) == 3


def test_a_record_with_a_list_has_no_hash() -> None:
    ours = BOTH[0][0]
    with pytest.raises(TypeError, match="unhashable"):
        hash(ours(1, [2]))


def test_a_factory_makes_a_value_for_each_record() -> None:
    ours = BOTH[0][0]
    assert ours(1).second is not ours(1).second


def test_patterns_match_by_position() -> None:
    match Kept("a"):
        case Kept(name, (_, last)):
            assert (name, last) == ("a", 2)
        case _:
            pytest.fail("not matched")


def test_a_pickled_record_comes_back() -> None:
    assert pickle.loads(pickle.dumps(Kept("a", (3,)))) == Kept("a", (3,))


@pytest.mark.parametrize("options", [{}, {"slots": True}, {"frozen": True}], ids=str)
def test_other_classes_are_the_standard_librarys(options: dict[str, bool]) -> None:
    @records.dataclass(**options)
    class Other:
        number: int

    assert Other.__init__.__code__.co_varnames == ("self", "number")
    assert Other(1) == Other(1)
