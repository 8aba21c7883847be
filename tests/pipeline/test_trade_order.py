"""``trade_order``: one text that compares as (event_time, sequence, source_file, row_no) do."""

from __future__ import annotations

import pytest

from flowforge_local.engines import Endpoints
from flowforge_pipeline.clickhouse import ClickHouse

from .answers import application, compiled, lines

ORDERED = ("raw_trades", "raw_quotes", "crypto_trades", "crypto_quotes")
COLUMNS = "(event_time, sequence, source_file, row_no)"

INSTANTS = "['1970-01-01 00:00:00', '2013-10-07 13:30:00.000000255', '2013-10-07 13:30:00.000000256', '2262-04-11 23:47:16']"
NUMBERS = "[-9223372036854775808, -256, -1, 0, 1, 255, 256, 9223372036854775807]"
FILES = "['', 'a', 'a\\0', 'a\\0b', 'a\\0\\xFF', 'a\\x01', 'ab', 'b', 'é']"


@pytest.mark.parametrize("table", ORDERED)
def test_it_compares_as_its_columns_do(clickhouse: ClickHouse, table: str) -> None:
    clickhouse.execute(
        f"INSERT INTO flowforge.{table} (event_time, sequence, source_file, row_no) "
        f"SELECT toDateTime64(arrayJoin({INSTANTS}), 9, 'UTC'), arrayJoin({NUMBERS}), arrayJoin({FILES}), "
        "arrayJoin([-1, 1, 2, 300])"
    )
    try:
        (found,) = clickhouse.rows(
            f"WITH (SELECT groupArray(({COLUMNS}, trade_order)) FROM flowforge.{table}) AS all_rows "
            "SELECT length(all_rows) AS rows, uniqExact(row.2) AS keys, "
            "arraySort(each -> each.1, all_rows) = arraySort(each -> each.2, all_rows) AS alike "
            "FROM (SELECT arrayJoin(all_rows) AS row)"
        )
        assert found == {"rows": "1152", "keys": "1152", "alike": 1}
    finally:
        clickhouse.execute(f"TRUNCATE TABLE flowforge.{table}")


def test_first_and_last_are_by_it_and_nobody_sees_it(store: Endpoints, clickhouse: ClickHouse) -> None:
    clickhouse.execute(
        "INSERT INTO flowforge.raw_trades (symbol, event_time, sequence, source_file, row_no, quantity, price) VALUES "
        "('A', '2024-01-02 15:00:00.001', 7, 'b', 1, 1, 20), ('A', '2024-01-02 15:00:00.001', 7, 'a', 2, 1, 10), "
        "('A', '2024-01-02 15:00:00.001', 8, 'a', 1, 1, 30)"
    )
    ends = [{"function": each, "column": "price", "alias": f"{each}_price"} for each in ("first", "last")]
    group = ("group_by", {"group_by": ["symbol"], "aggregations": ends})
    mine = ("formula", {"expression": "[price] * 2", "output_column": "trade_order"})
    least = {"function": "min", "column": "trade_order", "alias": "trade_order"}
    with application(store) as catalog:
        table = catalog.tables["flowforge.raw_trades"]
        assert table.order_key == "trade_order"
        assert "trade_order" not in [each.name for each in table.columns]
        plan = compiled([group], catalog, use_rollups=False)
        assert "argMin(price, trade_order) AS first_price" in plan.statements[0].sql
        assert {name for read in plan.reads for name in read.columns} >= {"price", "sequence", "row_no"}
        assert lines(plan) == [b'["A", "10", "30"]']
        own = {**group[1], "aggregations": [*ends, least]}
        assert lines(compiled([mine, ("group_by", own)], catalog)) == [b'["A", "10", "30", "20"]']
