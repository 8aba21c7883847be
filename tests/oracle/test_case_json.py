"""A kept case is the case that was found."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings

from oracle.case_json import dumped, loaded
from oracle.strategies import Case, cases


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=cases())
def test_round_trip(case: Case) -> None:
    again = loaded(json.loads(json.dumps(dumped(case))))
    kept, found = ((each.tables, each.target, each.symbols, each.as_of) for each in (again, case))
    assert repr(kept) == repr(found)  # NaN is equal to nothing, but written like every other
    assert dumped(again) == dumped(case)
