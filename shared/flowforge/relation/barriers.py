"""Why a node needs a SELECT of its own: every reason has a name and a sentence."""

from __future__ import annotations

from enum import StrEnum


class Barrier(StrEnum):
    """Merging here would change the rows (or, for the last two, the size of the text, and what was asked for)."""

    FILTER_AFTER_LIMIT = "FILTER_AFTER_LIMIT"
    SORT_AFTER_LIMIT = "SORT_AFTER_LIMIT"
    AGGREGATE_AFTER_LIMIT = "AGGREGATE_AFTER_LIMIT"
    AGGREGATE_OF_AGGREGATE = "AGGREGATE_OF_AGGREGATE"
    UNIQUE_AFTER_LIMIT = "UNIQUE_AFTER_LIMIT"
    UNIQUE_AFTER_AGGREGATE = "UNIQUE_AFTER_AGGREGATE"
    UNIQUE_CHOOSES_BY_NUMBER = "UNIQUE_CHOOSES_BY_NUMBER"
    FORMULA_TOO_LARGE_TO_INLINE = "FORMULA_TOO_LARGE_TO_INLINE"
    JOIN_INPUT = "JOIN_INPUT"
    UNION_ARM = "UNION_ARM"
    SHARED_BY_NODES = "SHARED_BY_NODES"
    NOT_MERGED = "NOT_MERGED"


REASONS: dict[Barrier, str] = {
    Barrier.FILTER_AFTER_LIMIT: "a limit stands before it, and filtering first would let other rows through",
    Barrier.SORT_AFTER_LIMIT: "a limit stands before it, and sorting first would choose other rows",
    Barrier.AGGREGATE_AFTER_LIMIT: "a limit stands before it, and only the rows it lets through may be grouped",
    Barrier.AGGREGATE_OF_AGGREGATE: "its input is already grouped, and one SELECT groups only once",
    Barrier.UNIQUE_AFTER_LIMIT: "a limit stands before it, and only the rows it lets through may be compared",
    Barrier.UNIQUE_AFTER_AGGREGATE: "its input is grouped, and groups can only be numbered once they are made",
    Barrier.UNIQUE_CHOOSES_BY_NUMBER: "it keeps the rows numbered 1, and numbers are given after WHERE and HAVING",
    Barrier.FORMULA_TOO_LARGE_TO_INLINE: "the formulas it builds on are too large to write out again in it",
    Barrier.JOIN_INPUT: "each side of a join is a query of its own, whose rows are chosen before they meet others",
    Barrier.UNION_ARM: "each input of a union is a query of its own, and what follows needs the rows of all",
    Barrier.SHARED_BY_NODES: "several nodes read its input, which is computed once for all of them",
    Barrier.NOT_MERGED: "the plan was asked for without merging",
}
