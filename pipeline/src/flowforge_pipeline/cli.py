"""The command line: ``migrate``, ``import``, ``seed``, ``dbt``, ``backfill``. Heavy libraries load only where needed."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from flowforge_pipeline import environment, migrations
from flowforge_pipeline.backfill.arguments import EPILOG as BACKFILL_EXAMPLES
from flowforge_pipeline.backfill.arguments import add_arguments as add_backfill_arguments
from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.problems import PipelineError
from flowforge_pipeline.terminal import say

EXAMPLES = """\
examples:
  flowforge import data/equity/usa/tick/spy/*_trade.zip
  flowforge import trades.csv --symbol AAPL --timezone America/New_York
  flowforge import fills.parquet --table trades --map price=px --map quantity=sz
  flowforge import esh4.mbp-10.dbn.zst btcusdt_20240808.gz 2017-07-28_BINS_XETR07.csv

formats, recognised by name and content:
  Lean archives (.zip)   ticks; second, minute, hour and daily bars of shares, futures and options; quote bars
  Lean factor files      splits and dividends
  Databento DBN          trades, tbbo, mbp-1, mbp-10, mbo, bbo, cbbo, ohlcv, definition, statistics, status
  Binance recordings     trades, best bids and offers, book updates
  Xetra                  minute bars of the Public Data Set
  Yahoo                  daily bars
  CSV, Parquet           trades, quotes, daily bars, by the names of their columns or --map

Each file is checked whole before its first row is written, so a bad file leaves nothing behind. Good
files of the same run stay imported; the exit status is 1 if any file was refused. Importing a file
again adds nothing. Equal rows are separate trades and are all kept.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0, 1 for a failure, 2 for wrong usage, 130 for Ctrl-C."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
        return status
    except PipelineError as problem:
        say(f"✗ {problem}", failure=True)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="flowforge", description="FlowForge's data pipeline.")
    commands = parser.add_subparsers(required=True, metavar="command")

    migrate = commands.add_parser("migrate", help="bring the stores' schemas up to date")
    migrate.set_defaults(run=_migrate)

    seed = commands.add_parser("seed", help="fill empty stores with sample data")
    seed.add_argument("--random-seed", type=int, default=7, help="seed of the synthetic trades (default 7)")
    seed.add_argument("--days", type=int, default=183, help="calendar days of synthetic trades (default 183)")
    seed.set_defaults(run=_seed)

    again = commands.add_parser(
        "backfill",
        help="recompute a window of a derived table from raw",
        epilog=BACKFILL_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_backfill_arguments(again)
    again.set_defaults(run=_backfill)

    failed = commands.add_parser("failed", help="tell the broker that a scheduled job failed")
    for name in ("job", "run", "task", "reason"):  # ``run`` is the command's own attribute
        failed.add_argument(f"--{name}", dest=f"failed_{name}", required=name != "task", default="")
    failed.set_defaults(run=_failed)

    dbt = commands.add_parser("dbt", help="run dbt on the marts", add_help=False)
    dbt.add_argument("arguments", nargs=argparse.REMAINDER)
    dbt.set_defaults(run=_dbt)

    files = commands.add_parser(
        "import",
        help="import market data from files",
        description="Import trades, quotes, bars, books and reference data from files.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    files.add_argument("files", nargs="+", type=Path, metavar="FILE")
    files.add_argument(
        "--map", action="append", default=[], metavar="FIELD=COLUMN", help="which column fills a field"
    )
    files.add_argument(
        "--table", choices=("trades", "quotes", "daily_bars"), help="where to (default: by columns)"
    )
    files.add_argument("--symbol", help="symbol of all rows, where no column says it")
    files.add_argument("--timezone", default="UTC", help="zone of times without an offset (default UTC)")
    files.add_argument(
        "--calendar", help="trading calendar such as XNYS (default: that of the symbol, if known)"
    )
    files.add_argument("--source", help="name of the data set (default: the file's name, or lean)")
    files.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    files.add_argument("--block-rows", type=int, default=0, help=argparse.SUPPRESS)
    files.set_defaults(run=_import)
    _lanes(commands)
    _backbone(commands)
    return parser


def _backbone(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    normalise = commands.add_parser("normalise", help="check raw messages, publish the normalised ones")
    normalise.set_defaults(run=_normalise)
    sink = commands.add_parser("sink", help="store normalised messages in ClickHouse")
    sink.set_defaults(run=_sink)
    generate = commands.add_parser("generate", help="send synthetic trades, quotes and orders, live")
    generate.add_argument("--rate", type=float, default=20.0, help="messages a second (default 20)")
    generate.add_argument("--random-seed", type=int, help="the same market each time")
    generate.set_defaults(run=_generate)
    replay = commands.add_parser(
        "replay",
        help="send files through the running pipeline",
        description="Send trades and quotes of files to raw.trades and raw.quotes, wait until they are stored, compare.",
    )
    replay.add_argument("files", nargs="+", type=Path, metavar="FILE")
    replay.add_argument("--speed", default="max", help="times faster than it happened, or max (default)")
    replay.add_argument(
        "--shuffle",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="messages come late by up to so much event time",
    )
    replay.add_argument("--twice", action="store_true", help="send everything a second time")
    replay.add_argument("--seed", type=int, default=7, help="of the shuffle (default 7)")
    replay.add_argument("--source", help="name of the data set (default: the file's name, or lean)")
    replay.set_defaults(run=_replay)
    counts = commands.add_parser("counts", help="what became of the messages of raw.*")
    counts.add_argument("--json", action="store_true", help="print one JSON object")
    counts.set_defaults(run=_counts)
    quarantine = commands.add_parser("quarantine", help="the newest refused messages")
    quarantine.add_argument("--last", type=int, default=20, help="how many of each topic (default 20)")
    quarantine.add_argument("--json", action="store_true", help="print one JSON object per message")
    quarantine.set_defaults(run=_quarantine)


def _lanes(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    for name, purpose in (
        ("vwap", "five-minute VWAP from normalised trades"),
        ("volatility", "rolling volatility from normalised trades"),
        ("anomaly", "alerts of unusual volume, spread and price"),
    ):
        commands.add_parser(name, help=purpose).set_defaults(run=_flow, flow=name)
    commands.add_parser("hot", help="live quotes, positions and P&L").set_defaults(run=_hot)
    send = commands.add_parser(
        "send",
        help="send messages of a file to the running pipeline",
        description="One JSON object per line to raw.<kind>: an envelope, or a payload to be put into one.",
    )
    send.add_argument("kind", choices=("trades", "quotes", "orders"))
    send.add_argument("file", type=Path, metavar="FILE")
    send.set_defaults(run=_send)
    lag = commands.add_parser("lag", help="how many messages each process is behind")
    lag.add_argument("--json", action="store_true", help="print one JSON array")
    lag.set_defaults(run=_lag)


def _send(options: argparse.Namespace) -> int:
    from flowforge_pipeline.sending import send

    return send(options.kind, options.file)


def _lag(options: argparse.Namespace) -> int:
    from flowforge_pipeline.lag import show

    return show(as_json=options.json)


def _hot(_: argparse.Namespace) -> int:
    from flowforge_pipeline.hot.lane import run

    return run()


def _flow(options: argparse.Namespace) -> int:
    from flowforge_pipeline.warm.flows import FLOWS
    from flowforge_pipeline.warm.run import run

    return run(FLOWS[options.flow])


def _normalise(_: argparse.Namespace) -> int:
    from flowforge_pipeline.normalise.loop import run

    return run()


def _replay(options: argparse.Namespace) -> int:
    from flowforge_pipeline.importers.files import Options
    from flowforge_pipeline.replay.run import run
    from flowforge_pipeline.replay.schedule import Order, parse_speed

    order = Order(parse_speed(options.speed), options.shuffle, options.twice, options.seed)
    return run(options.files, Options(source=options.source), order)


def _counts(options: argparse.Namespace) -> int:
    from flowforge_pipeline.normalise.counts import show_counts

    return show_counts(as_json=options.json)


def _quarantine(options: argparse.Namespace) -> int:
    from flowforge_pipeline.normalise.counts import show_quarantine

    return show_quarantine(options.last, as_json=options.json)


def _generate(options: argparse.Namespace) -> int:
    from flowforge_pipeline.generate.loop import run

    return run(options.rate, options.random_seed)


def _sink(_: argparse.Namespace) -> int:
    from flowforge_pipeline.sink.loop import run

    return run()


def _current_clickhouse() -> ClickHouse:
    """ClickHouse with its schema up to date, so that every command works on a new home."""
    clickhouse = ClickHouse.from_environment()
    migrations.migrate_clickhouse(clickhouse)
    return clickhouse


def _migrate(_: argparse.Namespace) -> int:
    clickhouse = ClickHouse.from_environment()
    applied = [f"clickhouse/{name}" for name in migrations.migrate_clickhouse(clickhouse)]
    dsn = environment.live_dsn()
    if dsn is not None:
        import asyncio

        applied += [f"live/{name}" for name in asyncio.run(migrations.migrate_live(dsn))]
    for name in applied:
        say(f"✓ {name}")
    if not applied:
        say("= schemas are up to date")
    return 0


def _import(options: argparse.Namespace) -> int:
    from flowforge_pipeline import report
    from flowforge_pipeline.importers.files import Options
    from flowforge_pipeline.importers.mapping import parse_options
    from flowforge_pipeline.loading.blocks import BLOCK_ROWS
    from flowforge_pipeline.loading.imports import import_files

    reading = Options(
        map=parse_options(options.map),
        table=options.table,
        symbol=options.symbol,
        timezone=options.timezone,
        calendar=options.calendar,
        source=options.source,
    )
    began = time.perf_counter()
    outcomes = []
    clickhouse = _current_clickhouse()
    with report.progress_bars(options.files, quiet=options.json) as progress:
        for outcome in import_files(
            clickhouse, options.files, reading, progress=progress, block_rows=options.block_rows or BLOCK_ROWS
        ):
            outcomes.append(outcome)
            if not options.json:
                say(report.line(outcome), failure=outcome.state == "failed")
    seconds = time.perf_counter() - began
    say(report.to_json(outcomes, seconds) if options.json else report.summary(outcomes, seconds))
    return 1 if any(outcome.state == "failed" for outcome in outcomes) else 0


def _seed(options: argparse.Namespace) -> int:
    from flowforge_pipeline.seed import run

    return run(_current_clickhouse(), seed=options.random_seed, days=options.days)


def _dbt(options: argparse.Namespace) -> int:
    from flowforge_pipeline.marts.run import run

    status: int = run(_current_clickhouse(), options.arguments)
    return status


def _backfill(options: argparse.Namespace) -> int:
    from flowforge_pipeline.backfill.command import run

    return run(_current_clickhouse(), options)


def _failed(options: argparse.Namespace) -> int:
    from flowforge_events.catalog import PipelineFailed
    from flowforge_pipeline.loading.tell import tell

    data = PipelineFailed(
        job=options.failed_job,
        run=options.failed_run,
        task=options.failed_task,
        reason=options.failed_reason,
    )
    tell("scheduler", [(f"{data.job}/{data.task}" if data.task else data.job, data)])
    return 0
