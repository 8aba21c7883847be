"""The catalogue as a file: what a check needs to know of the tables, and nothing that changes by itself.

    {
     "flowforge_schema": 1,
     "tables": {
      "flowforge.raw_trades": {
       "columns": [ {"name", "type", "nullable"} … ],       one column, one line
       "store": "clickhouse",
       "trade_order": ["event_time", …],
       "adjustable": {"day", "prices", "quantities", "amounts", "made"}     where prices can be adjusted
      }
     }
    }

``shipped.json`` is that of the tables which the pipeline's migrations make, ``marts.json`` that of dbt's; tests
make them anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from flowforge.catalog import Adjustable, Catalog, Protection, Store, Table
from flowforge.types import Column
from flowforge_local.workflow.canonical import lines, one_line, scalar
from flowforge_local.workflow.json_text import Item, MalformedError, parse, plain

VERSION = 1
FILE_NAME = "flowforge.schema.json"
"""What a snapshot beside a workflow is called."""

SHIPPED = Path(__file__).with_name("shipped.json")
MARTS = Path(__file__).with_name("marts.json")
"""The tables that dbt makes: they are there after the first `flowforge dbt build`."""


def snapshot_of(catalog: Catalog) -> str:
    """The text for a catalogue: tables by name, columns in their order."""
    tables = ",\n".join(
        f"  {scalar(name)}: {{\n"
        f'   "columns": {lines([column.to_json() for column in table.columns], 3)},\n'
        f'   "store": {scalar(table.store)},\n'
        f'   "trade_order": {one_line(list(table.trade_order))}{_order_key(table)}{_adjustable(table)}\n'
        "  }"
        for name, table in sorted(catalog.tables.items())
    )
    body = f"{{\n{tables}\n }}" if tables else "{}"
    return f'{{\n "flowforge_schema": {VERSION},\n "tables": {body}\n}}\n'


def _order_key(table: Table) -> str:
    return "" if table.order_key is None else f',\n   "order_key": {scalar(table.order_key)}'


def _adjustable(table: Table) -> str:
    found = table.adjustable
    if found is None:
        return ""
    members = {"day": found.day, **found.columns(), "made": found.made}
    return f',\n   "adjustable": {one_line(members)}'


def shipped() -> Catalog:
    """Everything that the serving layer has after its migrations and a run of dbt."""
    made = (catalog_from(each.read_text(encoding="utf-8")) for each in (SHIPPED, MARTS))
    return Catalog.of([table for catalog in made for table in catalog.tables.values()], "snapshot")


def catalog_from(text: str) -> Catalog:
    """The catalogue of a snapshot; ``MalformedError`` has the place of what is none.

    Nothing can be read by it: it only tells names and types.
    """
    item = parse(text)
    version, tables = item.get("flowforge_schema"), item.get("tables")
    if version is None or plain(version) != VERSION or tables is None or not isinstance(tables.value, dict):
        raise MalformedError(f"this is no schema snapshot of version {VERSION}", item.start)
    return Catalog.of([_table(name, each) for name, each in tables.value.items()], "snapshot")


def _table(name: str, item: Item) -> Table:
    database, _, table = name.partition(".")
    found = plain(item)
    try:
        return Table(
            database=database,
            name=table,
            store=_store(found),
            columns=tuple([Column.from_json(each) for each in found["columns"]]),
            protection=Protection("shared"),
            physical=(database, table),
            trade_order=tuple(found.get("trade_order", ())),
            order_key=found.get("order_key"),
            adjustable=_adjustable_of(found),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MalformedError(f"table {name!r} cannot be read: {error}", item.start) from None


def _adjustable_of(found: Mapping[str, Any]) -> Adjustable | None:
    members = found.get("adjustable")
    if members is None:
        return None
    prices, quantities, amounts = [tuple(members[name]) for name in ("prices", "quantities", "amounts")]
    return Adjustable(members["day"], prices, quantities, amounts, members["made"])


def _store(found: Mapping[str, Any]) -> Store:
    store = found["store"]
    if store not in get_args(Store):
        raise ValueError(f"there is no store {store!r}")
    known: Store = store
    return known
