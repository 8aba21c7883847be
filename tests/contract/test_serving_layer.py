"""The serving layer is what the application's catalogue expects: columns, types, nullability, order.

Made here as the pipeline makes it – migrations on the real engine, marts by the contract that dbt enforces when it
builds them – and read as the application reads it.
"""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from flowforge.catalog import Catalog
from flowforge.resources import close_all
from flowforge.schema import refresh
from flowforge.schema.declared import DECLARED
from flowforge.settings import settings
from flowforge_local.engines import Endpoints
from flowforge_local.paths import ROOT
from flowforge_local.workflow.snapshot import shipped, snapshot_of
from flowforge_pipeline import migrations
from flowforge_pipeline.clickhouse import ClickHouse

DBT = ROOT / "pipeline" / "dbt"
MODELS: list[dict[str, Any]] = yaml.safe_load((DBT / "models/marts/marts.yml").read_text())["models"]


@pytest.fixture(scope="module")
def serving_layer(engines: Endpoints) -> Iterator[Catalog]:
    """The application's catalogue of an engine with every migration and the marts. The marts go again."""
    clickhouse = ClickHouse(engines.clickhouse_admin_url)
    migrations.migrate_clickhouse(clickhouse)
    asyncio.run(migrations.migrate_live(engines.live_admin_dsn))
    for model in MODELS:
        columns = ", ".join(f"{each['name']} {each['data_type']}" for each in model["columns"])
        clickhouse.execute(
            f"CREATE TABLE marts.{model['name']} ({columns}) ENGINE = MergeTree ORDER BY tuple()"
        )
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("APP_ENV", "development")
            patch.setenv("FLOWFORGE_CLICKHOUSE_URL", engines.clickhouse_app_url)
            patch.setenv("FLOWFORGE_LIVE_DSN", engines.live_dsn)
            patch.setenv("FLOWFORGE_LIVE_ENGINE", "postgresql")
            settings.cache_clear()
            yield asyncio.run(_catalog())
    finally:
        settings.cache_clear()
        for model in MODELS:
            clickhouse.execute(f"DROP TABLE marts.{model['name']} SYNC")


async def _catalog() -> Catalog:
    try:
        return (await refresh()).catalog
    finally:
        await close_all()


def difference(found: Catalog, expected: Catalog) -> str:
    """A unified diff of the two, empty where they are the same."""
    texts = (snapshot_of(each).splitlines(keepends=True) for each in (expected, found))
    return "".join(difflib.unified_diff(*texts, "the application expects", "the serving layer has", n=2))


def test_the_serving_layer_is_what_the_application_expects(serving_layer: Catalog) -> None:
    found = difference(serving_layer, shipped())
    assert not found, f"\n{found}"


def test_every_declared_table_is_there_and_protected(serving_layer: Catalog) -> None:
    assert serving_layer.tables.keys() == DECLARED.keys()
    for name, table in serving_layer.tables.items():
        column = table.protection.column
        assert column in {each.name for each in table.columns}, (
            f"{name} is guarded by {column}, which it has not"
        )


def test_a_difference_is_shown(serving_layer: Catalog) -> None:
    """A column that changed its type, one that is gone and a table too many each have their line."""
    expected = snapshot_of(serving_layer)
    changed = expected.replace('"price", "type": "decimal(18,6)"', '"price", "type": "float64"', 1)
    assert changed != expected
    from flowforge_local.workflow.snapshot import catalog_from

    shown = difference(serving_layer, catalog_from(changed))
    assert '-    {"name": "price", "type": "float64"' in shown
    assert '+    {"name": "price", "type": "decimal(18,6)"' in shown


def test_every_model_and_column_is_documented() -> None:
    """In every layer of the dbt project; each model has a test."""
    files = sorted((DBT / "models").glob("*/*.yml"))
    documented = {
        model["name"]: model for file in files for model in yaml.safe_load(file.read_text())["models"]
    }
    assert documented.keys() == {path.stem for path in (DBT / "models").rglob("*.sql")}
    for name, model in documented.items():
        assert model["description"].strip(), name
        assert all(column["description"].strip() for column in model["columns"]), name
        assert "data_tests" in model or any("data_tests" in column for column in model["columns"]), name
