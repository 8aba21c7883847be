"""Answering a grouped relation from a rollup of its table, where that is provably the same.

A rollup's row stands for all rows of the base that agree in its keys and its bucket, and every row of
the base is behind exactly one. So

    a condition, a grouping key    may read keys, and of the time only what is the same all through a
                                   bucket: DATE_TRUNC, a UTC time bucket and parts of the date, of sizes
                                   that the bucket divides, and >= and < with a start of a bucket
    an aggregate                   must be a measure: sum of sums, sum of counts, least of least,
                                   first by the place of the firsts; quotients of those (avg, vwap) are
                                   then the same quotients. min and max may also read keys

and then rows, groups and values are the same, to the last digit: sums are exact decimals of one scale.
Median, deviation and distinct counts have no measure and are never answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

from flowforge.catalog import Catalog, Table
from flowforge.compiler.plan import RollupUse
from flowforge.compiler.regrouping import NotAnsweredError, Regrouping
from flowforge.records import dataclass
from flowforge.relation import Predicate, Projection, Relation, Scan, rebuilt
from flowforge.rollups import Rollup


@dataclass(frozen=True, slots=True)
class Answered:
    """A relation with its rollups, and what was tried by the node that groups."""

    relation: Relation
    uses: Mapping[str, RollupUse] = field(default_factory=dict)


def answered_from_rollups(relation: Relation, catalog: Catalog) -> Answered:
    """The relation with every grouped scan that a rollup can answer reading from that rollup."""
    if not catalog.rollups:
        return Answered(relation)
    pass_ = _Pass(catalog)
    changed = rebuilt(relation, pass_.answered)
    return Answered(changed, pass_.uses)


class _Pass:
    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self.uses: dict[str, RollupUse] = {}

    def answered(self, relation: Relation) -> Relation:
        """The relation, or what answers it: itself where it is no grouped scan."""
        source = relation.source
        if not isinstance(source, Scan) or relation.keys is None:
            return relation
        return self._answered(relation, source.table)

    def _answered(self, relation: Relation, base: Table) -> Relation:
        missed: RollupUse | None = None
        for rollup in self._catalog.rollups:
            table = self._catalog.tables.get(rollup.table)
            if rollup.base != base.qualified_name or table is None or table.store != base.store:
                continue
            try:
                answer = _from_rollup(relation, rollup, base, table)
            except NotAnsweredError as why:
                missed = missed or RollupUse(rollup.table, rollup.base, False, str(why))
                continue
            self.uses[relation.grouped_by] = RollupUse(rollup.table, rollup.base, True, _because(rollup))
            return answer
        if missed is not None:
            self.uses[relation.grouped_by] = missed
        return relation


def _from_rollup(relation: Relation, rollup: Rollup, base: Table, table: Table) -> Relation:
    if rollup.withheld:
        raise NotAnsweredError(rollup.withheld)
    rewrite = Regrouping(rollup, base, table)
    fields = [replace(each, expression=rewrite.grouped(each.expression)) for each in relation.fields]
    return replace(
        relation,
        source=Scan(replace(table, final=False)),  # parts that are not merged yet are added up here as well
        fields=Projection(fields),
        where=tuple(Predicate(rewrite.row(each.expression), each.node) for each in relation.where),
        keys=tuple(rewrite.row(each) for each in relation.keys or ()),
        having=tuple(Predicate(rewrite.grouped(each.expression), each.node) for each in relation.having),
        order=tuple(replace(each, expression=rewrite.grouped(each.expression)) for each in relation.order),
    )


def _because(rollup: Rollup) -> str:
    if rollup.bucket is None:
        return f"it holds the same rows of {rollup.base} added up, and nothing finer is asked for"
    minutes = rollup.bucket.seconds // 60
    size = f"{minutes} minutes" if minutes < 60 else f"{minutes // 60} hours"
    return f"it holds the same rows of {rollup.base} added up over {size}, and nothing finer is asked for"
