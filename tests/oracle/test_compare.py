"""The comparison, by hand."""

from __future__ import annotations

from decimal import Decimal

from oracle.compare import difference
from oracle.relation import Choice, Relation

ABC = (("a",), ("b",), ("c",))


def test_any_order_is_right_where_none_is_defined() -> None:
    assert difference(Relation((), ABC), ABC[::-1]) is None
    assert difference(Relation((), ABC), ABC[:2]) is not None
    assert difference(Relation((), ABC[:2]), ABC) is not None
    assert difference(Relation((), (("a",), ("a",))), (("a",), ("b",))) is not None


def test_ties_may_come_in_either_order() -> None:
    tied = Relation((), ABC, ranks=(0, 0, 1))
    assert difference(tied, (("b",), ("a",), ("c",))) is None
    assert difference(tied, (("a",), ("c",), ("b",))) is not None


def test_a_choice_takes_any_of_its_candidates() -> None:
    chosen = Relation((), (("a",),), ranks=(0,), choices=(Choice(1, 1, (("b",), ("c",))),))
    assert difference(chosen, (("a",), ("c",))) is None
    assert difference(chosen, (("a",), ("a",))) is not None
    assert difference(chosen, (("c",), ("a",))) is not None


def test_floats_are_close_and_decimals_equal() -> None:
    assert difference(Relation((), ((0.1 + 0.2,),)), ((0.3,),)) is None
    assert difference(Relation((), ((1.0,),)), ((1.00001,),)) is not None
    assert difference(Relation((), ((Decimal("1.50"),),)), ((Decimal("1.5"),),)) is None
    assert difference(Relation((), ((Decimal("0.1"),),)), ((Decimal("0.1000000000001"),),)) is not None
    assert difference(Relation((), ((1.0,),)), ((None,),)) is not None
