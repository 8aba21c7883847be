"""The verifier: refuses every statement that could read a row which its tenant may not see.

It walks the final tree and trusts nothing that was said about it: each class, argument, function and
table must be known; every scan must be dominated by its table's predicate, evaluated before anything
that a user wrote. What it does not understand it refuses. It shares no code with the guard, and only
it makes a ``Proof``; a statement without one does not run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from sqlglot import exp

from flowforge.catalog import Catalog, Table
from flowforge.compiler.plan import Proof, digest
from flowforge.compiler.verifier_grammar import ARGUMENTS, FUNCTIONS, JOINS, PARTS, PLACES, TYPES
from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.tenancy import EVERYTHING, Access

_NUMBER = re.compile(r"^\d+(\.\d+)?(e[+-]?\d+)?$", re.ASCII)
_BARE_NAME = re.compile(r"^[a-z_][a-z0-9_]*$", re.ASCII)
_VIEW_SETTINGS = (
    "optimize_move_to_prewhere",
    "query_plan_optimize_prewhere",
    "query_plan_filter_push_down",
    "query_plan_merge_filters",
    "query_plan_propagate_predicate_across_join",
    "enable_join_runtime_filters",
)

_NO_SCALARS = (exp.Select, exp.Union, exp.Column, exp.Literal, exp.Boolean, exp.Null)
"""What needs no name: queries have CTEs, and the others are as short as one."""


def verify(
    tree: exp.Expr,
    sql: str,
    *,
    dialect: str,
    settings: Mapping[str, str | int],
    catalog: Catalog,
    access: Access,
) -> Proof:
    """A proof that ``tree``, whose text is ``sql``, reads only what ``access`` allows.

    Raises ``FlowForgeError`` with ``PLAN_NOT_VERIFIED``; the reason is for the log, it names no value.
    """
    _Verifier(dialect, settings, catalog, access).statement(tree)
    return Proof(digest(sql))


class _RefusedError(FlowForgeError):
    def __init__(self, reason: str) -> None:
        super().__init__(ErrorCode.PLAN_NOT_VERIFIED, f"The plan was not verified: {reason}.")


class _Verifier:
    def __init__(
        self, dialect: str, settings: Mapping[str, str | int], catalog: Catalog, access: Access
    ) -> None:
        self._dialect, self._settings, self._access = dialect, settings, access
        self._functions = FUNCTIONS[dialect]
        self._tables: dict[tuple[str, str], list[Table]] = {}
        for table in catalog.tables.values():
            if table.store == dialect and access.sees_table(table.qualified_name):
                self._tables.setdefault(table.physical, []).append(table)
        self._scalars: set[str] = set()
        self._with: set[str] = set()

    def statement(self, tree: exp.Expr) -> None:
        """Check every node where it stands, then every query."""
        stack: list[tuple[exp.Expr, type[exp.Expr] | None, str]] = [(tree, None, "")]
        while stack:
            node, parent, place = stack.pop()
            kind = type(node)
            rules = _RULES.get(kind)
            if rules is None:
                raise _RefusedError(f"{kind.__name__} is not part of any plan")
            allowed, places, check = rules
            if places is not None and (parent, place) not in places:
                raise _RefusedError(f"{kind.__name__} stands where it must not")
            if check is not None:
                check(self, node)
            for name, value in node.args.items():
                one = isinstance(value, exp.Expr)  # asked first: comparing one with [] is costly
                if not one and (value is None or value is False or value == []):
                    continue
                if name not in allowed:
                    raise _RefusedError(f"{kind.__name__} carries {name}")
                if one:
                    stack.append((value, kind, name))
                elif isinstance(value, list):
                    stack.extend([(_expression(each), kind, name) for each in value])
        self._query(tree, frozenset())

    # -- what may occur at all ---------------------------------------------------------------

    def _literal(self, node: exp.Expr) -> None:
        if type(node.this) is not str or not (node.args["is_string"] or _NUMBER.match(node.this)):
            raise _RefusedError("a literal is neither a text nor a number")

    def _identifier(self, node: exp.Expr) -> None:
        if type(node.this) is not str or not (node.args.get("quoted") or _BARE_NAME.match(node.this)):
            raise _RefusedError("an identifier is not quoted")

    def _function(self, node: exp.Expr) -> None:
        if type(node.this) is not str or node.this not in self._functions:
            raise _RefusedError("a function is not on the list")

    def _word(self, node: exp.Expr) -> None:
        if node.this not in PARTS:
            raise _RefusedError("a bare word is not on the list")

    def _type(self, node: exp.Expr) -> None:
        if getattr(node.this, "value", None) not in TYPES:
            raise _RefusedError("a type is not on the list")

    def _frame(self, node: exp.Expr) -> None:
        """From so many rows before the current one until that one or so many before it; SQLGlot writes the
        words as they are.
        """
        ends = [(node.args.get(end), node.args.get(f"{end}_side")) for end in ("start", "end")]
        here = ("CURRENT ROW", None)
        if ends[0] not in (here, ("UNBOUNDED", "PRECEDING")) and not _counted(*ends[0]):
            raise _RefusedError("a frame starts where it must not")
        if node.args.get("kind") != "ROWS" or (ends[1] != here and not _counted(*ends[1])):
            raise _RefusedError("a frame is not on the list")

    def _join(self, node: exp.Expr) -> None:
        words = tuple([node.args.get(name) for name in ("method", "side", "kind")])
        if words not in JOINS[self._dialect]:
            raise _RefusedError("a join is not on the list")
        if node.args.get("on") is None:
            raise _RefusedError("a join has no condition")

    def _cte(self, node: exp.Expr) -> None:
        """A query, or on ClickHouse an expression; no two have one name, wherever they stand."""
        alias = node.args.get("alias")
        if type(alias) is not exp.TableAlias or type(alias.this) is not exp.Identifier:
            raise _RefusedError("WITH gives no name")
        name = alias.this.this
        if name in self._with:
            raise _RefusedError("WITH gives a name twice")
        self._with.add(name)
        if node.args.get("scalar"):
            if self._dialect != "clickhouse" or type(node.this) in _NO_SCALARS:
                raise _RefusedError("an expression in WITH is none")
            self._scalars.add(name)
        materialized = node.args.get("materialized")
        if materialized is None:
            return
        if materialized is not True or self._dialect != "clickhouse":
            raise _RefusedError("a CTE is materialized where it must not be")
        if self._settings.get("enable_materialized_cte") != 1:
            raise _RefusedError("a CTE is said to be materialized and would not be")

    def _final(self, node: exp.Expr) -> None:
        if self._dialect != "clickhouse":
            raise _RefusedError("FINAL on a store that has none")

    # -- queries and their sources -----------------------------------------------------------

    def _query(self, query: exp.Expr, ctes: frozenset[str]) -> None:
        """A SELECT or UNION; ``ctes`` are the names that stand for verified queries here."""
        with_ = query.args.get("with_")
        for cte in with_.expressions if with_ is not None else ():
            name = cte.args["alias"].this.this
            if name in self._scalars:
                if type(query) is not exp.Select or cte.args.get("materialized"):
                    raise _RefusedError("an expression in WITH stands where it must not")
                continue
            self._query(cte.this, ctes)
            ctes |= {name}
        if type(query) is exp.Union:
            self._query(query.this, ctes)
            self._query(query.expression, ctes)
        elif type(query) is exp.Select:
            self._select(query, ctes)
        else:
            raise _RefusedError(f"{type(query).__name__} where a query must stand")

    def _select(self, select: exp.Expr, ctes: frozenset[str]) -> None:
        from_ = select.args.get("from_")
        if from_ is None:
            raise _RefusedError("a SELECT reads from nothing")
        self._source(select, from_.this, ctes)
        for join in select.args.get("joins") or ():
            self._source(select, join.this, ctes)

    def _source(self, select: exp.Expr, source: exp.Expr, ctes: frozenset[str]) -> None:
        if type(source) is exp.Subquery:
            self._query(source.this, ctes)
            return
        table = source.this if type(source) is exp.Final else source
        if type(table) is not exp.Table or type(table.this) is not exp.Identifier:
            raise _RefusedError("a source is neither a table nor a query")
        if table.args.get("db") is None:
            if table.name not in ctes or source is not table:
                raise _RefusedError("a source is not known here")
            return
        known = self._tables.get((table.text("db"), table.name))
        if not known:
            raise _RefusedError("a table is not in the tenant's catalogue")
        for each in known:
            self._scan(select, source, table, each)

    # -- the predicate -----------------------------------------------------------------------

    def _scan(self, select: exp.Expr, source: exp.Expr, node: exp.Expr, table: Table) -> None:
        if not self._restricted(table):
            return
        qualifier = node.args["alias"].name if node.args.get("alias") is not None else node.name
        if self._scalars & {table.protection.column, qualifier}:
            raise _RefusedError("WITH takes a name that a guard uses")
        if table.prewhere and self._dialect == "clickhouse":
            self._in_prewhere(select, node, table)
        else:
            self._in_fence(select, source, node, table)

    def _restricted(self, table: Table) -> bool:
        kind = table.protection.kind
        if kind == "shared":
            return False
        return not (kind == "symbol" and self._access.symbols is EVERYTHING)

    def _in_prewhere(self, select: exp.Expr, node: exp.Expr, table: Table) -> None:
        """PREWHERE belongs to the only source, and no alias changes what its column means."""
        if select.args.get("joins"):
            raise _RefusedError("a guarded scan is joined in the same SELECT")
        prewhere = select.args.get("prewhere")
        if prewhere is None:
            raise _RefusedError("a scan has no guard")
        qualifier = node.args["alias"].name if node.args.get("alias") is not None else node.name
        terms = [term for term in _conjuncts(prewhere.this) if not _is_false(term)]
        subjects = [
            subject
            for term in terms
            if (subject := self._subject(term, table)) is not None
            and subject.text("table") in ("", qualifier)
        ]
        if len(subjects) < len(terms):  # what stands beside the guard may be evaluated before it
            raise _RefusedError("a scan's guard is missing, weakened or not alone")
        unqualified = any(subject.text("table") == "" for subject in subjects)
        for alias in select.expressions:
            if type(alias) is not exp.Alias:
                continue
            name, meant = alias.alias, alias.this
            renamed = type(meant) is not exp.Column or meant.name != name
            if name == qualifier or (unqualified and renamed and name == table.protection.column):
                raise _RefusedError("an alias takes the name that the guard uses")

    def _in_fence(self, select: exp.Expr, source: exp.Expr, node: exp.Expr, table: Table) -> None:
        """A sub-query of bare columns, the scan and the guard, which the planner must not open."""
        used = {name for name, value in select.args.items() if value not in (None, False, [])}
        expected = {"expressions", "from_", "where"} | ({"offset"} if self._dialect == "postgres" else set())
        if used != expected or source is not node or node.args.get("alias") is not None:
            raise _RefusedError("a scan is not alone with its guard")
        if type(select.parent) not in (exp.Subquery, exp.CTE):
            raise _RefusedError("a guarded scan is not a sub-query of its own")
        for projected in select.expressions:
            if type(projected) is not exp.Column or projected.args.get("table") is not None:
                raise _RefusedError("a guarded scan computes something")
        condition = select.args["where"].this
        subject = self._subject(condition, table)
        if not _is_false(condition) and (subject is None or subject.args.get("table") is not None):
            raise _RefusedError("a scan's guard is missing or weakened")
        if self._dialect == "postgres":
            if select.args["offset"].expression != exp.Literal.number(0):
                raise _RefusedError("a guarded scan can be flattened")
        elif any(self._settings.get(name) != 0 for name in _VIEW_SETTINGS):
            raise _RefusedError("the planner may move filters into a guarded view")

    def _subject(self, term: exp.Expr, table: Table) -> exp.Column | None:
        """The column that a term restricts to the tenant's rows, if it does exactly that."""
        protection = table.protection
        column = term.args.get("this")
        if type(column) is not exp.Column or column.name != protection.column:
            return None
        if protection.kind == "tenant" and type(term) is exp.EQ:
            value = term.expression
            mine = type(value) is exp.Literal and value.is_string and value.this == self._access.tenant_id
            return column if mine else None
        if protection.kind == "symbol" and type(term) is exp.In:
            listed = term.expressions
            allowed = all(
                type(each) is exp.Literal and each.is_string and each.this in self._access.symbols
                for each in listed
            )
            return column if listed and allowed else None
        return None


def _counted(rows: object, side: object) -> bool:
    return type(rows) is exp.Literal and not rows.is_string and side == "PRECEDING"


def _is_false(term: exp.Expr) -> bool:
    return type(term) is exp.Boolean and term.this is False


def _conjuncts(term: exp.Expr) -> Iterator[exp.Expr]:
    stack = [term]
    while stack:
        each = stack.pop()
        if type(each) is exp.And:
            stack += [each.this, each.expression]
        elif type(each) is exp.Paren:
            stack.append(each.this)
        else:
            yield each


def _expression(value: object) -> exp.Expr:
    if not isinstance(value, exp.Expr):
        raise _RefusedError("a list holds something that is not an expression")
    return value


_CHECKS: dict[type[exp.Expr], Callable[[_Verifier, exp.Expr], None]] = {
    exp.Literal: _Verifier._literal,
    exp.Identifier: _Verifier._identifier,
    exp.Anonymous: _Verifier._function,
    exp.ParameterizedAgg: _Verifier._function,
    exp.Var: _Verifier._word,
    exp.DataType: _Verifier._type,
    exp.WindowSpec: _Verifier._frame,
    exp.Final: _Verifier._final,
    exp.Join: _Verifier._join,
    exp.CTE: _Verifier._cte,
}

_RULES = {kind: (names, PLACES.get(kind), _CHECKS.get(kind)) for kind, names in ARGUMENTS.items()}
"""By class: its arguments, where it may stand (None: anywhere), and what else is asked of it."""
