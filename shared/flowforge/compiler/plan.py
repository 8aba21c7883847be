"""What a compilation gives back: statements to run, their schema, and why they look as they do."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from flowforge.catalog import Freshness, Store
from flowforge.compiler.residual import Residual
from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.nodes.ordering import NONE, Ordering
from flowforge.records import dataclass
from flowforge.tenancy import EVERYTHING, Allowed
from flowforge.types import Schema

ColumnOrigin = tuple[str, str, str]
"""(database, table, column) as the API names them."""


@dataclass(frozen=True, slots=True)
class Page:
    """A window of the result, applied as the outermost LIMIT and OFFSET. Both count rows.

    ``follows`` is for pages of one result, each asked for alone: rows that the graph leaves in any order
    get one, so that no row is on two pages or on none.
    """

    offset: int
    limit: int
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """The verifier's word that one statement reads only what its tenant may see.

    Only ``compiler.verifier`` makes one. It holds for exactly one text: a statement whose SQL was
    changed afterwards is unverified again.
    """

    digest: str

    def covers(self, sql: str) -> bool:
        """Whether this proof was given for exactly this text."""
        return self.digest == digest(sql)


def digest(sql: str) -> str:
    """SHA-256 of a statement's text, in hexadecimal."""
    return hashlib.sha256(sql.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Statement:
    """One query for one store.

    ``settings`` are the engine settings that the meaning of the query needs (``join_use_nulls`` …);
    they travel beside the SQL, never in it. A store runs a statement only if ``verified``.
    """

    store: Store
    dialect: str
    sql: str
    settings: Mapping[str, str | int]
    proof: Proof | None = None

    @property
    def verified(self) -> bool:
        """Whether the verifier has seen exactly this SQL."""
        return self.proof is not None and self.proof.covers(self.sql)


@dataclass(frozen=True, slots=True)
class TableRead:
    """Rows of a table that the result can depend on: of these symbols (``EVERYTHING`` where symbols do not
    guard it), and in them these columns. ``scanned``: a statement reads it, and not only rollups of it.
    """

    table: str
    symbols: Allowed
    columns: tuple[str, ...]
    scanned: bool = True

    def united(self, other: TableRead | None) -> TableRead:
        """What both read of one table."""
        if other is None:
            return self
        columns = tuple(dict.fromkeys([*other.columns, *self.columns]))
        if isinstance(self.symbols, frozenset) and isinstance(other.symbols, frozenset):
            return TableRead(self.table, self.symbols | other.symbols, columns, self.scanned)
        return TableRead(self.table, EVERYTHING, columns, self.scanned)


@dataclass(frozen=True, slots=True)
class RollupUse:
    """Whether the groups of a node are read from the rollup ``table`` instead of ``base``, and the reason."""

    table: str
    base: str
    used: bool
    reason: str


@dataclass(frozen=True, slots=True)
class NodeReport:
    """How one node ended up in the SQL.

    ``merged_into`` is the node whose SELECT it shares (None for the node that opened it);
    ``barrier`` the named reason why it needed a SELECT of its own. ``sql_span`` are the offsets
    (start, end) of its part in the text of statement ``statement``; both are None where it leaves no text
    of its own. ``store`` is where it runs: a store, or ``memory`` where no single store can do it.
    ``rollup`` is set for a node that groups the rows of a table which has rollups.
    """

    schema: Schema
    merged_into: str | None
    barrier: str | None
    detail: str
    sql_span: tuple[int, int] | None
    store: str
    statement: int | None = None
    rollup: RollupUse | None = None


@dataclass(frozen=True)
class Plan:
    """A compiled, guarded and verified graph.

    ``plan_hash`` identifies graph content, tenant, access version, parameters and – if the graph
    asks for ``NOW()`` – the as-of time. It leaves the page out; ``cache_key`` includes it.
    ``freshness`` is that of the table which changes most often. ``symbols`` are those whose rows may
    be read: a change to any other cannot change the result. ``tables`` are those of the graph, then the rollups
    that answer for some of them; ``reads`` says the same in detail. ``arithmetic`` are the nodes whose numbers
    can leave their type. ``residual`` is what is left to do once the statements have answered; None: the
    one statement is the whole answer. ``as_of`` is what ``NOW()`` stands for; None: the graph does not ask.
    """

    statements: tuple[Statement, ...]
    columns: Schema
    nodes: Mapping[str, NodeReport]
    lineage: Mapping[str, tuple[ColumnOrigin, ...]]
    tables: tuple[str, ...]
    symbols: Allowed
    freshness: Freshness
    plan_hash: str
    page: Page | None = None
    arithmetic: tuple[str, ...] = ()
    residual: Residual | None = None
    reads: tuple[TableRead, ...] = ()
    as_of: datetime | None = None

    @property
    def verified(self) -> bool:
        """Whether every statement carries a proof of its own text."""
        some = bool(self.statements) or self.residual is not None
        return some and all(statement.verified for statement in self.statements)

    def blame(self, error: FlowForgeError) -> FlowForgeError:
        """Name the node (or the few) that a number can have become too large in. Returns the error."""
        if error.code is ErrorCode.NUMERIC_OVERFLOW and error.node_id is None and self.arithmetic:
            if len(self.arithmetic) == 1:
                error.at(self.arithmetic[0])
            error.detail += f" It is worked out in {' or '.join(self.arithmetic)}."
        return error

    @property
    def cache_key(self) -> str:
        """``plan_hash`` with the page; two plans of one key return the same rows at one moment."""
        window = f"{self.page.offset}:{self.page.limit}" if self.page else "all"
        return f"{self.plan_hash}:{window}"


@dataclass(frozen=True, slots=True)
class NodeOutcome:
    """A node's schema and what orders its rows, or the problems that keep it from having either.

    A node behind a broken one has none of this: its input is unknown, and the cause is reported once.
    """

    schema: Schema | None
    problems: tuple[FlowForgeError, ...] = ()
    ordering: Ordering = NONE


@dataclass(frozen=True, slots=True)
class Propagation:
    """Schemas and problems of a whole graph, by node id, in topological order."""

    nodes: Mapping[str, NodeOutcome] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[FlowForgeError, ...]:
        """All problems, in topological order."""
        return tuple(problem for outcome in self.nodes.values() for problem in outcome.problems)
