"""The plain Kubernetes manifests agree with the settings and with the functions' Services."""

from __future__ import annotations

from pathlib import Path

import yaml

from flowforge.settings import settings

ROOT = Path(__file__).resolve().parents[2]
BASE = ROOT / "k8s" / "base"
SECRET = {"FLOWFORGE_CLICKHOUSE_URL", "FLOWFORGE_META_DSN", "FLOWFORGE_LIVE_DSN", "FLOWFORGE_REDIS_URL"}


def load(name: str) -> dict:
    return yaml.safe_load((BASE / name).read_text(encoding="utf-8"))


def test_the_kustomization_lists_every_file() -> None:
    others = {path.name for path in BASE.glob("*.yaml")} - {"kustomization.yaml"}
    assert set(load("kustomization.yaml")["resources"]) == others


def test_the_functions_accept_the_configured_settings(monkeypatch) -> None:
    data = load("settings.yaml")["data"]
    assert not SECRET & data.keys()
    for name, value in data.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    try:
        read = settings()
        assert not read.development
        assert read.live_engine == "materialize"
    finally:
        settings.cache_clear()


def test_every_function_is_an_allowed_host() -> None:
    services = {path.parent.name.replace("_", "-") for path in (ROOT / "functions").glob("*/main.py")}
    hosts = load("settings.yaml")["data"]["FLOWFORGE_ALLOWED_HOSTS"].split(",")
    assert {host.split(".")[0] for host in hosts} == services
