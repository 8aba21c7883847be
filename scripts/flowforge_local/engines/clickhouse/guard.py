"""What the read-only user may run: one read of the serving databases.

The engine's own read-only mode still lets a query read files with ``file()``, write with INTO
OUTFILE, scan other databases with ``merge()``, look at ``system.processes`` and kill queries. So
the syntax tree of the *engine's* parser (EXPLAIN AST) is checked against lists of what is allowed;
whatever is not on them is refused. This stands behind the compiler's verifier, not instead of it.
"""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping

from flowforge_local.engines.clickhouse import allowed
from flowforge_local.engines.clickhouse.engine import Engine, Options, refuse_several, run
from flowforge_local.engines.clickhouse.errors import ACCESS_DENIED, READONLY, SYNTAX_ERROR, ClickHouseError
from flowforge_local.engines.clickhouse.functions import Functions

_NODE = re.compile(r"(?P<indent> *)(?P<kind>[A-Za-z:]+)(?: (?P<rest>.*))?")
_SUFFIX = re.compile(r"(?: \(alias .*\))?(?: \(children \d+\))?\Z")
_MEMORY = 4096
"""Statements whose approval is remembered; it depends on nothing but text and parameters."""
_DATABASES_TTL = 2.0


class Guard:
    """Approves statements of the user ``app``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._functions = Functions(engine)
        self._approved: OrderedDict[tuple[object, ...], int] = OrderedDict()
        self._lock = threading.Lock()
        self._other_databases: frozenset[str] = frozenset()
        self._databases_read = -_DATABASES_TTL

    def check(self, sql: str, database: str, parameters: Mapping[str, str]) -> int:
        """Value of ``readonly`` with which the statement may run.

        It is 1, except for reading ``system.settings`` alone: client libraries look there for the
        settings that they may send, and under 1 the engine answers "none".

        Raises:
            ClickHouseError: it may not, or is not one valid statement.

        """
        if database not in allowed.DATABASES and database != "default":
            raise _refused(f"the database {database}")
        key = (sql, tuple(sorted(parameters.items())))
        with self._lock:
            if key in self._approved:
                self._approved.move_to_end(key)
                return self._approved[key]
        tables = self._check(sql, parameters)
        readonly = 2 if tables == {"system.settings"} else 1
        with self._lock:
            self._approved[key] = readonly
            while len(self._approved) > _MEMORY:
                self._approved.popitem(last=False)
        return readonly

    def _check(self, sql: str, parameters: Mapping[str, str]) -> set[str]:
        with self._engine.connection(Options("", "default", {}, readonly=1)) as connection:
            refuse_several(connection, sql)
            classes = connection.classify_query(sql)
            if classes["statement_count"] == 1 and classes["query_class"].name != "READ_ONLY":
                raise _refused("a statement that does more than read")
            tree = bytes(run(connection, f"EXPLAIN AST {sql}", "TSVRaw", parameters).bytes()).decode()
        if classes["statement_count"] != 1:
            raise ClickHouseError(SYNTAX_ERROR, "The statement cannot be classified")
        # Only a line feed ends a line of the tree; a literal may hold what else Python takes for the end of one.
        return self._check_tree(tree.rstrip("\n").split("\n"))

    def _check_tree(self, lines: list[str]) -> set[str]:
        """Tables and table functions of an allowed tree."""
        parent = ""
        tables = set()
        for number, line in enumerate(lines):
            node = _NODE.fullmatch(line)
            if node is None:
                raise _refused("a name with a line break")
            kind, rest = node["kind"], node["rest"] or ""
            if number == 0 and kind not in allowed.STATEMENTS:
                raise _refused(f"the statement {kind}")
            if kind == "Set":
                raise _refused("SETTINGS in a statement; pass them as URL parameters")
            if kind not in allowed.NODES:
                raise _refused(kind)
            if len(node["indent"]) == 1 and kind == "Literal":
                raise _refused("INTO OUTFILE")
            name = _SUFFIX.sub("", rest)
            if kind in ("TableIdentifier", "ExistsTableQuery"):
                table = name.replace(" ", ".", 1) if kind == "ExistsTableQuery" else name
                self._check_table(table)
                tables.add(table)
            elif kind == "Identifier":
                self._check_identifier(name)
            elif kind == "Function" and parent == "TableExpression":
                if name not in allowed.TABLE_FUNCTIONS:
                    raise _refused(f"the table function {name}")
                tables.add(name)
            elif kind == "Function":
                self._functions.check(name)
            parent = kind
        return tables

    def _check_table(self, name: str) -> None:
        database, dot, _ = name.partition(".")
        if dot and database not in allowed.DATABASES and name not in allowed.SYSTEM_TABLES:
            raise _refused(f"the table {name}")

    def _check_identifier(self, name: str) -> None:
        """Refuse names of other databases: the right side of IN may be a table.

        A column may have such a name as its qualifier only where the table itself is allowed.
        """
        database, dot, rest = name.partition(".")
        table = f"{database}.{rest.partition('.')[0]}"
        if dot and database in self._databases() and table not in allowed.SYSTEM_TABLES:
            raise _refused(f"the name {name}")

    def _databases(self) -> frozenset[str]:
        """Databases that are not served."""
        if time.monotonic() - self._databases_read > _DATABASES_TTL:
            names = self._engine.scalar(
                "SELECT arrayStringConcat(groupArray(name), '\\n') FROM system.databases"
            )
            self._other_databases = frozenset(names.splitlines()) - allowed.DATABASES
            self._databases_read = time.monotonic()
        return self._other_databases


def allowed_settings(settings: Mapping[str, str]) -> Mapping[str, str]:
    """Settings of a request of the read-only user, with the limits it did not ask for.

    Raises:
        ClickHouseError: one of them is not its to change.

    """
    for name in settings:
        if not allowed.SETTINGS.fullmatch(name) or name in allowed.NOT_SETTINGS:
            raise ClickHouseError(READONLY, f"Cannot modify '{name}' setting in readonly mode")
    return {**allowed.LIMITS, **settings}


def _refused(what: str) -> ClickHouseError:
    return ClickHouseError(ACCESS_DENIED, f"app: Not enough privileges. This user may not use {what}")
