"""Terms of embedded widgets, as relays keep them for one another."""

from __future__ import annotations

import pytest

from flowforge.live.terms import terms_from


def test_kept_terms_are_read_as_they_were_written() -> None:
    terms = terms_from(
        b'["demo", "w", [{"column": "symbol", "operator": "=", "value": "AAPL"}], {"days": 3}]'
    )
    assert terms is not None
    assert terms_from(terms.text) == terms
    assert terms.name.startswith("w/")


@pytest.mark.parametrize("text", [b"1", b"", b"{", b'["demo", "w"]', b'["demo", "w", null, {}]'])
def test_what_another_version_wrote_stops_no_relay(text: bytes) -> None:
    assert terms_from(text) is None
