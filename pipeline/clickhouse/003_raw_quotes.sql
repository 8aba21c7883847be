-- Quotes as delivered. A tick feed sends one side per row and per venue: the other side is NULL,
-- never 0, so that a missing bid cannot be read as a price.
CREATE TABLE IF NOT EXISTS flowforge.raw_quotes
(
    symbol      LowCardinality(String) COMMENT 'Ticker as traded at that time',
    event_time  DateTime64(9, 'UTC') COMMENT 'When the quote was made, UTC',
    bid         Nullable(Decimal(18, 6)) COMMENT 'Bid price; NULL where this row does not quote the bid',
    ask         Nullable(Decimal(18, 6)) COMMENT 'Ask price; NULL where this row does not quote the ask',
    bid_size    Nullable(Decimal(18, 4)) COMMENT 'Quantity bid',
    ask_size    Nullable(Decimal(18, 4)) COMMENT 'Quantity offered',
    mid_price   Nullable(Decimal(38, 7)) DEFAULT (toDecimal128(bid, 7) + toDecimal128(ask, 7)) / 2 COMMENT '(bid + ask) / 2, exact; NULL unless two-sided',
    trade_date  Date COMMENT 'The exchange''s day',
    session     Enum8('unknown' = 0, 'regular' = 1, 'extended' = 2) COMMENT 'regular: inside the regular hours of the exchange; extended: outside; unknown: no calendar',
    venue       LowCardinality(String) COMMENT 'Whose quote, in the source''s code; empty for a consolidated quote',
    sequence    Int64 COMMENT 'The source''s sequence number, else the row number',
    conditions  LowCardinality(String) COMMENT 'Quote conditions in the source''s code',
    suspicious  Bool DEFAULT false COMMENT 'The source doubts this quote',
    source      LowCardinality(String) COMMENT 'Data set: synthetic, or the name of the import',
    ingest_time DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row was written',
    source_file LowCardinality(String) COMMENT 'File the row came from and its short sha256',
    row_no      Int64 COMMENT 'Row number in source_file, from 1'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(trade_date)
ORDER BY (symbol, event_time, sequence, source_file, row_no)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Quotes as delivered, per venue; a row may carry one side only.';
