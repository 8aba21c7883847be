"""The chDB engine: one data directory, one fresh connection per request.

chDB keeps settings and query parameters on the connection, so connections are never reused; a new
one costs 0.3 ms. The low-level module is used because the public wrapper drops the last chunk of
a stream, which carries totals and footers.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chdb import _chdb

from flowforge_local.engines.clickhouse.errors import (
    SYNTAX_ERROR,
    UNKNOWN_SETTING,
    ClickHouseError,
    from_engine,
)

_open: Any = _chdb.connect  # type: ignore[attr-defined]  # a compiled module without stubs
_PLAIN_VALUE = re.compile(r"[\w.,:+\-/ ]+", re.ASCII)
"""Values that may travel in the connection string, which knows no escaping."""


@dataclass(frozen=True)
class Options:
    """What a request sets on its connection. ``readonly`` is applied last, so it binds the query."""

    query_id: str
    database: str
    settings: Mapping[str, str]
    readonly: int = 0


class Engine:
    """The engine of one data directory; open for as long as the process lives."""

    def __init__(self, directory: Path) -> None:
        """Open the directory, which no other process may have open.

        Raises:
            RuntimeError: it is in use or unreadable.

        """
        if set(str(directory)) & set("?&"):
            raise RuntimeError(f"the engine cannot open a directory with '?' or '&' in its path: {directory}")
        self._path = str(directory)
        # The engine shuts down with its last connection: this one keeps it alive.
        self._keeper: Any = _open(self._path)
        self.setting_names: frozenset[str] = frozenset()
        self.version = self.scalar("SELECT version()")
        self.timezone = self.scalar("SELECT timezone()")
        self.setting_names = self._names("system.settings")
        self.output_formats = self._names("system.formats WHERE is_output")

    def close(self) -> None:
        """Cancel what still runs, finish background work and release the directory."""
        run(self._keeper, "KILL QUERY WHERE Settings['log_comment'] != '' ASYNC")
        self._keeper.close()

    def scalar(self, sql: str) -> str:
        """Run a statement of our own and return its result as text without the final newline."""
        with self.connection(Options("", "default", {})) as connection:
            return bytes(connection.query(sql, "TSVRaw").bytes()).decode().rstrip("\n")

    def _names(self, source: str) -> frozenset[str]:
        return frozenset(
            self.scalar(f"SELECT arrayStringConcat(groupArray(name), ' ') FROM {source}").split()  # noqa: S608
        )

    @contextlib.contextmanager
    def connection(self, options: Options, session: Iterable[str] = ()) -> Iterator[Any]:
        """A connection with the options applied, closed at the end.

        ``session`` are SET and USE statements that an earlier request of the session ran.

        Raises:
            ClickHouseError: a setting is unknown or its value is refused.

        """
        unknown = options.settings.keys() - self.setting_names
        if unknown:
            raise ClickHouseError(UNKNOWN_SETTING, f"Unknown setting '{min(unknown)}'")
        settings = dict(options.settings)
        if options.query_id:
            settings["log_comment"] = options.query_id
        if options.readonly:
            settings["readonly"] = str(options.readonly)  # the last one, so it binds nothing but the query
        # The connection string costs nothing, a SET half a millisecond.
        plain = all(_PLAIN_VALUE.fullmatch(value) for value in settings.values()) and not session
        words = [f"{name}={value}" for name, value in settings.items()] if plain else []
        try:
            connection = _open("?".join([self._path, *(["&".join(words)] if words else [])]))
        except RuntimeError as error:
            raise from_engine(error) from None
        try:
            if options.database != "default":
                run(connection, f"USE {identifier(options.database)}")
            for statement in session:
                run(connection, statement)
            if not plain and settings:
                run(
                    connection, "SET " + ", ".join(f"{name} = {literal(settings[name])}" for name in settings)
                )
            yield connection
        finally:
            connection.close()

    def kill(self, query_id: str) -> None:
        """Cancel a running query by the id that its request carried; it ends with code 394."""
        with self.connection(Options("", "default", {})) as connection:
            run(connection, f"KILL QUERY WHERE Settings['log_comment'] = {literal(query_id)} ASYNC")


def run(
    connection: Any,
    sql: str,
    output_format: str = "TabSeparated",
    parameters: Mapping[str, str] | None = None,
) -> Any:
    """Run a statement to its end and return chDB's result.

    Raises:
        ClickHouseError: the engine refused or failed.

    """
    try:
        return connection.query(sql, output_format, params=dict(parameters or {}))
    except RuntimeError as error:
        raise from_engine(error) from None


def refuse_several(connection: Any, sql: str) -> None:
    """Refuse a text of several statements, of which chDB would run all and answer the last.

    Raises:
        ClickHouseError: there is more than one.

    """
    if connection.classify_query(sql)["statement_count"] > 1:
        raise ClickHouseError(SYNTAX_ERROR, "Multi-statements are not allowed")


def literal(text: str) -> str:
    """``text`` as a string literal of ClickHouse SQL."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def identifier(name: str) -> str:
    """``name`` as a quoted identifier of ClickHouse SQL."""
    escaped = name.replace("\\", "\\\\").replace("`", "\\`")
    return f"`{escaped}`"
