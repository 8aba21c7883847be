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
    UNIQUE_OF_WINDOW = "UNIQUE_OF_WINDOW"
    FILTER_AFTER_WINDOW = "FILTER_AFTER_WINDOW"
    AGGREGATE_OF_WINDOW = "AGGREGATE_OF_WINDOW"
    WINDOW_OF_WINDOW = "WINDOW_OF_WINDOW"
    WINDOW_AFTER_LIMIT = "WINDOW_AFTER_LIMIT"
    WINDOW_AFTER_AGGREGATE = "WINDOW_AFTER_AGGREGATE"
    FILTER_AFTER_SAMPLE = "FILTER_AFTER_SAMPLE"
    SORT_AFTER_SAMPLE = "SORT_AFTER_SAMPLE"
    AGGREGATE_AFTER_SAMPLE = "AGGREGATE_AFTER_SAMPLE"
    UNIQUE_AFTER_SAMPLE = "UNIQUE_AFTER_SAMPLE"
    WINDOW_AFTER_SAMPLE = "WINDOW_AFTER_SAMPLE"
    SAMPLE_AFTER_SAMPLE = "SAMPLE_AFTER_SAMPLE"
    SAMPLE_AFTER_LIMIT = "SAMPLE_AFTER_LIMIT"
    SAMPLE_AFTER_WINDOW = "SAMPLE_AFTER_WINDOW"
    SAMPLE_OF_SORTED = "SAMPLE_OF_SORTED"
    FORMULA_TOO_LARGE_TO_INLINE = "FORMULA_TOO_LARGE_TO_INLINE"
    JOIN_INPUT = "JOIN_INPUT"
    UNION_ARM = "UNION_ARM"
    SHARED_BY_NODES = "SHARED_BY_NODES"
    OTHER_STORE = "OTHER_STORE"
    NOT_MERGED = "NOT_MERGED"


REASONS: dict[Barrier, str] = {
    Barrier.FILTER_AFTER_LIMIT: "a limit stands before it, and filtering first would let other rows through",
    Barrier.SORT_AFTER_LIMIT: "a limit stands before it, and sorting first would choose other rows",
    Barrier.AGGREGATE_AFTER_LIMIT: "a limit stands before it, and only the rows it lets through may be grouped",
    Barrier.AGGREGATE_OF_AGGREGATE: "its input is already grouped, and one SELECT groups only once",
    Barrier.UNIQUE_AFTER_LIMIT: "a limit stands before it, and only the rows it lets through may be compared",
    Barrier.UNIQUE_AFTER_AGGREGATE: "its input is grouped, and groups can only be numbered once they are made",
    Barrier.UNIQUE_CHOOSES_BY_NUMBER: "it keeps the rows numbered 1, and numbers are given after WHERE and HAVING",
    Barrier.UNIQUE_OF_WINDOW: "it compares a column that looks at other rows, and windows do not nest",
    Barrier.FILTER_AFTER_WINDOW: "a column before it looks at other rows, and filtering first would hide some",
    Barrier.AGGREGATE_OF_WINDOW: "it groups a column that looks at other rows, which one SELECT does after grouping",
    Barrier.WINDOW_OF_WINDOW: "it looks at a column that looks at other rows itself, and windows do not nest",
    Barrier.WINDOW_AFTER_LIMIT: "a limit stands before it, and only the rows it lets through may be looked at",
    Barrier.WINDOW_AFTER_AGGREGATE: "its input is grouped, and groups can only be looked at once they are made",
    Barrier.FILTER_AFTER_SAMPLE: "a sample stands before it, and filtering first would choose other rows",
    Barrier.SORT_AFTER_SAMPLE: "a sample stands before it, which chooses its rows by an order of its own",
    Barrier.AGGREGATE_AFTER_SAMPLE: "a sample stands before it, and only the rows it chose may be grouped",
    Barrier.UNIQUE_AFTER_SAMPLE: "a sample stands before it, and only the rows it chose may be compared",
    Barrier.WINDOW_AFTER_SAMPLE: "a sample stands before it, and only the rows it chose may be looked at",
    Barrier.SAMPLE_AFTER_SAMPLE: "a sample stands before it, and only the rows it chose may be chosen again",
    Barrier.SAMPLE_AFTER_LIMIT: "a limit stands before it, and only the rows it lets through may be chosen",
    Barrier.SAMPLE_AFTER_WINDOW: "a column before it looks at other rows, and choosing first would hide some",
    Barrier.SAMPLE_OF_SORTED: "it chooses rows by one order and gives them in another",
    Barrier.FORMULA_TOO_LARGE_TO_INLINE: "the formulas it builds on are too large to write out again in it",
    Barrier.JOIN_INPUT: "each side of a join is a query of its own, whose rows are chosen before they meet others",
    Barrier.UNION_ARM: "each input of a union is a query of its own, and what follows needs the rows of all",
    Barrier.SHARED_BY_NODES: "several nodes read its input, which is computed once for all of them",
    Barrier.OTHER_STORE: "no single store has all its rows and can do it",
    Barrier.NOT_MERGED: "the plan was asked for without merging",
}
