-- The ledger of imports: `started` before the first block is sent, `finished` after the last. A file
-- that only started is sent again with the same blocks and tokens, which the engine recognises.
CREATE TABLE IF NOT EXISTS flowforge.imports
(
    sha256      FixedString(64) COMMENT 'Of the file''s bytes',
    table_name  LowCardinality(String) COMMENT 'Where the rows went',
    options     String COMMENT 'Mapping, zone and symbol that gave the rows their meaning, as JSON',
    state       Enum8('started' = 1, 'finished' = 2),
    file        String COMMENT 'Name of the file',
    source      String COMMENT 'Data set',
    symbols     Array(String),
    first_date  Date,
    last_date   Date,
    rows        UInt64,
    block_rows  UInt64 COMMENT 'Rows per block; a resumed import must cut the same blocks',
    at          DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (sha256, table_name, at)
COMMENT 'Which files were imported, as an append-only log, so that importing again adds nothing.';
