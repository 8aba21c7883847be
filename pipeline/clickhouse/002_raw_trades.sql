-- Every trade as it was delivered: never de-duplicated by content, because 4–19 % of real trades
-- equal another trade in every column. What must not be written twice is the *block*: the importers
-- and sinks name each block with an insert_deduplication_token, kept for the last 10,000 blocks.
CREATE TABLE IF NOT EXISTS flowforge.raw_trades
(
    trade_id        String COMMENT 'Identifier of the trade; <short sha256 of the file>:<row> where the source has none',
    event_time      DateTime64(9, 'UTC') COMMENT 'When the trade happened, UTC',
    symbol          LowCardinality(String) COMMENT 'Ticker as traded at that time',
    side            Enum8('UNKNOWN' = 0, 'BUY' = 1, 'SELL' = 2) COMMENT 'Aggressor; UNKNOWN where the source does not say',
    quantity        Decimal(18, 4) COMMENT 'Shares, contracts or units; zero is legal',
    price           Decimal(18, 6) COMMENT 'Price per unit in the currency of the instrument, as traded (not adjusted)',
    notional        Decimal(38, 10) DEFAULT toDecimal128(price, 6) * toDecimal128(quantity, 4) COMMENT 'price × quantity, exact',
    trade_date      Date COMMENT 'The exchange''s day, which is not always the UTC date of event_time',
    session         Enum8('unknown' = 0, 'regular' = 1, 'extended' = 2) COMMENT 'regular: inside the regular hours of the exchange (half days and holidays known); extended: outside; unknown: no calendar',
    venue           LowCardinality(String) COMMENT 'Where it was executed, in the source''s code',
    sequence        Int64 COMMENT 'The source''s sequence number, else the row number; orders trades of one instant',
    conditions      LowCardinality(String) COMMENT 'Sale conditions in the source''s code (Lean: hexadecimal flags)',
    suspicious      Bool DEFAULT false COMMENT 'The source doubts this print',
    ohlc_eligible   Bool DEFAULT true COMMENT 'Counts for open, high, low and close: a print on the tape at its own price',
    volume_eligible Bool DEFAULT true COMMENT 'Counts for volume and VWAP',
    status          Enum8('new' = 0, 'correct' = 1, 'cancel' = 2) DEFAULT 'new' COMMENT 'correct and cancel refer to corrects_id',
    corrects_id     String COMMENT 'trade_id that this row corrects or cancels, else empty',
    source          LowCardinality(String) COMMENT 'Data set: synthetic, or the name of the import',
    ingest_time     DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row was written; what was known at a point in time',
    source_file     LowCardinality(String) COMMENT 'File the row came from and its short sha256',
    row_no          Int64 COMMENT 'Row number in source_file, from 1',
    CONSTRAINT quantity_not_negative CHECK quantity >= 0,
    CONSTRAINT price_not_negative CHECK price >= 0,
    CONSTRAINT notional_is_exact CHECK notional = toDecimal128(price, 6) * toDecimal128(quantity, 4)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(trade_date)
ORDER BY (symbol, event_time, sequence, source_file, row_no)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Trades as delivered, one row per print. First and last order by (event_time, sequence, source_file, row_no).';
