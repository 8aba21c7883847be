"""Settings come from the environment or by name, are checked, and do not change afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from flowforge.settings import Settings


def test_variables_are_read_as_their_types(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "APP_ENV": "development",
        "K_SINK": "http://127.0.0.1:1",
        "FLOWFORGE_ENGINE_THREADS": "2",
        "FLOWFORGE_EXECUTION_SECONDS": "1.5",
        "FLOWFORGE_CLICKHOUSE_URL": "http://user:secret@127.0.0.1:1",
    }.items():
        monkeypatch.setenv(name, value)
    read = Settings()
    assert read.development
    assert (read.broker_url, read.engine_threads, read.execution_seconds) == ("http://127.0.0.1:1", 2, 1.5)
    assert read.clickhouse_url.get_secret_value() == "http://user:secret@127.0.0.1:1"
    assert "secret@" not in str(read.clickhouse_url)


def test_what_is_given_comes_before_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWFORGE_EMBED_SECRET", "of the environment")
    given = Settings(embed_secret="given", app_env="production")
    assert given.embed_secret is not None
    assert given.embed_secret.get_secret_value() == "given"
    assert not given.development


def test_nothing_grants_access_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("APP_ENV", raising=False)
    monkeypatch.delenv("FLOWFORGE_EMBED_SECRET", raising=False)
    plain = Settings()
    assert not plain.development
    assert plain.embed_secret is None


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"engine_threads": "many"}, "FLOWFORGE_ENGINE_THREADS is 'many'"),
        ({"engine_threads": 0}, "FLOWFORGE_ENGINE_THREADS is 0: it may be 1 to"),
        ({"execution_keep_hours": 721}, "it may be 1 to 720"),
        ({"app_env": "prod"}, "APP_ENV is 'prod': it may be production or development"),
    ],
    ids=str,
)
def test_what_cannot_be_used_is_named(given: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Settings(**given)


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(TypeError, match="no setting nothing"):
        Settings(nothing=1)


def test_settings_do_not_change() -> None:
    with pytest.raises(AttributeError, match="app_env"):
        Settings().app_env = "development"
