"""Run statements: as generators, so that each step can be a turn of one worker thread.

A reader yields pieces of the answer, an inserter takes pieces of the data. Closing either before
its end cancels the statement; nothing of a cancelled insert is committed unless it already filled
whole blocks, as in ClickHouse.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flowforge_local.engines.clickhouse import formats
from flowforge_local.engines.clickhouse.engine import Engine, Options, refuse_several, run
from flowforge_local.engines.clickhouse.errors import BAD_ARGUMENTS, from_engine

NOT_STREAMABLE = "Streaming query is not supported"


@dataclass
class Summary:
    """Counters for ``X-ClickHouse-Summary``; of the finished statement, or so far."""

    read_rows: int = 0
    read_bytes: int = 0
    written_rows: int = 0
    written_bytes: int = 0
    result_rows: int = 0
    result_bytes: int = 0


@dataclass(frozen=True)
class Job:
    """One statement, ready to run."""

    sql: str
    options: Options
    format: str
    parameters: Mapping[str, str]
    session: tuple[str, ...] = ()
    """SET and USE statements of the session, repeated on the fresh connection."""
    summary: Summary = field(default_factory=Summary)


def read(engine: Engine, job: Job) -> Iterator[bytes]:
    """Run a read and yield its answer block by block.

    Raises:
        ClickHouseError: at any step.

    """
    with engine.connection(job.options, job.session) as connection:
        refuse_several(connection, job.sql)
        joiner = formats.joiner(job.format)
        if joiner is None:
            yield _whole(connection, job)
            return
        try:
            stream = connection.send_query(job.sql, job.format, params=dict(job.parameters))
        except RuntimeError as error:
            failure = from_engine(error)
            if failure.code != BAD_ARGUMENTS or not failure.message.startswith(NOT_STREAMABLE):
                raise failure from None
            yield _whole(connection, job)
            return
        empty = True
        open_ = True
        try:
            while open_:
                chunk = connection.streaming_fetch_result(stream)
                document = bytes(chunk.bytes())
                _count(job.summary, chunk, document)
                # The last chunk has no rows, but may carry totals.
                open_ = chunk.rows_read() > 0
                empty = empty and not document
                yield joiner.add(document)
        except RuntimeError as error:
            open_ = False
            raise from_engine(error) from None
        finally:
            if open_:
                connection.streaming_cancel_query(stream)
        if empty and joiner.empty_needs_frame:
            # No block, no header: only a run to the end writes it. Rows may have come meanwhile.
            yield _whole(connection, job)
        else:
            yield joiner.end()


def other(engine: Engine, job: Job) -> Iterator[bytes]:
    """Run any other statement to its end and yield its whole answer."""
    with engine.connection(job.options, job.session) as connection:
        refuse_several(connection, job.sql)
        yield _whole(connection, job)


def insert(engine: Engine, job: Job) -> Generator[None, bytes | None, None]:
    """Take data of an INSERT with ``send`` and commit at ``send(None)``, which ends the generator.

    Raises:
        ClickHouseError: at any step.

    """
    with engine.connection(job.options, job.session) as connection:
        try:
            handle = connection.send_insert(job.sql, job.format)
        except RuntimeError as error:
            raise from_engine(error) from None
        finished = False
        try:
            while (data := (yield)) is not None:
                connection.insert_append(handle, data)
            finished = True
            result = connection.insert_done(handle)
        except RuntimeError as error:
            raise from_engine(error) from None
        finally:
            if not finished:
                connection.insert_cancel(handle)
        job.summary.written_rows = result.rows_written()
        job.summary.written_bytes = result.bytes_written()


def _whole(connection: Any, job: Job) -> bytes:
    result = run(connection, job.sql, job.format, job.parameters)
    document = bytes(result.bytes())
    _count(job.summary, result, document)
    job.summary.written_rows += result.rows_written()
    job.summary.written_bytes += result.bytes_written()
    return document


def _count(summary: Summary, result: Any, document: bytes) -> None:
    summary.read_rows += result.storage_rows_read()
    summary.read_bytes += result.storage_bytes_read()
    summary.result_rows += result.rows_read()
    summary.result_bytes += len(document)
