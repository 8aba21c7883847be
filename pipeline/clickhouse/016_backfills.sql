-- The log of recomputations: what was made anew, why, by which code, and what it changed.
CREATE TABLE IF NOT EXISTS flowforge.backfills
(
    id              String COMMENT 'Identifier of the run, ordered by time',
    table_name      LowCardinality(String) COMMENT 'Table that was recomputed',
    window_from     DateTime64(3, 'UTC') COMMENT 'Start of the window, inclusive, UTC',
    window_to       DateTime64(3, 'UTC') COMMENT 'End of the window, exclusive, UTC',
    symbols         Array(String) COMMENT 'Symbols asked for; empty means all',
    reason          String COMMENT 'Why, in the operator''s words',
    state           Enum8('started' = 1, 'finished' = 2, 'failed' = 3) COMMENT 'A run that broke off has only its started row',
    code_version    LowCardinality(String) COMMENT 'Version of the package and sha256 of the code that computes',
    schema_version  LowCardinality(String) COMMENT 'Last migration of the serving layer and sha256 over all of them',
    raw_rows        UInt64 COMMENT 'Trades that went in',
    rows_before     UInt64 COMMENT 'Rows of the window before',
    rows_after      UInt64 COMMENT 'Rows of the window after',
    checksum_before String COMMENT 'Order-independent checksum over the window''s values before, hexadecimal',
    checksum_after  String COMMENT 'The same after; equal where nothing changed',
    checksum_raw    String COMMENT 'The same over values recomputed from raw by an independent statement; equal to checksum_after',
    revision        UInt64 COMMENT 'Revision of the written rows',
    message         String COMMENT 'What went wrong, if it did',
    at              DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When this row was written'
)
ENGINE = MergeTree
ORDER BY (table_name, at, id)
COMMENT 'Recomputations of derived tables, as an append-only log.';
