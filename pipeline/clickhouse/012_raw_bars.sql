-- Bars that somebody else made: trade bars of a second, a minute, an hour (reference.daily_bars has the
-- days). One row per symbol, resolution, start and source; a later import of the same bar supersedes
-- it: read with FINAL. Bars without a trade are not there.
CREATE TABLE IF NOT EXISTS flowforge.raw_bars
(
    symbol      LowCardinality(String) COMMENT 'Ticker, ISIN, futures contract such as ESZ13 or OSI option symbol such as "AAPL  150117C01000000"',
    resolution  LowCardinality(String) COMMENT 'Length of the bar: 1s, 1m, 1h',
    bar_start   DateTime64(3, 'UTC') COMMENT 'Start of the bar, inclusive, UTC',
    bar_end     DateTime64(3, 'UTC') COMMENT 'End of the bar, exclusive, UTC; as-of joins use this',
    trade_date  Date COMMENT 'The exchange''s day, which is not always the UTC date of bar_start',
    session     Enum8('unknown' = 0, 'regular' = 1, 'extended' = 2) COMMENT 'regular: the bar overlaps the regular hours of the exchange; extended: it does not; unknown: no calendar',
    open        Decimal(18, 6) COMMENT 'First price, as traded (not adjusted)',
    high        Decimal(18, 6) COMMENT 'Highest price',
    low         Decimal(18, 6) COMMENT 'Lowest price',
    close       Decimal(18, 6) COMMENT 'Last price',
    volume      Decimal(38, 4) COMMENT 'Shares, contracts or units',
    trade_count Nullable(Int64) COMMENT 'Number of trades, where the source says',
    venue       LowCardinality(String) COMMENT 'Exchange, where the source is one exchange; empty for consolidated bars',
    source      LowCardinality(String) COMMENT 'Data set: the name of the import',
    ingest_time DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row was written',
    source_file LowCardinality(String) COMMENT 'File the row came from and its short sha256; for an archive of several files, which one',
    row_no      Int64 COMMENT 'Row number in that file, from 1',
    CONSTRAINT low_is_lowest CHECK low <= least(open, close) AND high >= greatest(open, close),
    CONSTRAINT since_1970 CHECK bar_start >= toDateTime64('1970-01-01 00:00:00', 3, 'UTC')
)
ENGINE = ReplacingMergeTree(ingest_time)
PARTITION BY toYYYYMM(trade_date)
ORDER BY (symbol, resolution, bar_start, source)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Trade bars published by others, as delivered: one row per symbol, resolution, start and source.';

CREATE TABLE IF NOT EXISTS flowforge.raw_quote_bars
(
    symbol      LowCardinality(String) COMMENT 'As in flowforge.raw_bars',
    resolution  LowCardinality(String) COMMENT 'Length of the bar: 1s, 1m',
    bar_start   DateTime64(3, 'UTC') COMMENT 'Start of the bar, inclusive, UTC',
    bar_end     DateTime64(3, 'UTC') COMMENT 'End of the bar, exclusive, UTC; as-of joins use this',
    trade_date  Date COMMENT 'The exchange''s day',
    session     Enum8('unknown' = 0, 'regular' = 1, 'extended' = 2) COMMENT 'As in flowforge.raw_bars',
    bid_open    Nullable(Decimal(18, 6)) COMMENT 'First bid; NULL while nobody bid',
    bid_high    Nullable(Decimal(18, 6)) COMMENT 'Highest bid',
    bid_low     Nullable(Decimal(18, 6)) COMMENT 'Lowest bid',
    bid_close   Nullable(Decimal(18, 6)) COMMENT 'Last bid',
    bid_size    Nullable(Decimal(18, 4)) COMMENT 'Quantity of the last bid',
    ask_open    Nullable(Decimal(18, 6)) COMMENT 'First ask; NULL while nobody offered',
    ask_high    Nullable(Decimal(18, 6)) COMMENT 'Highest ask',
    ask_low     Nullable(Decimal(18, 6)) COMMENT 'Lowest ask',
    ask_close   Nullable(Decimal(18, 6)) COMMENT 'Last ask',
    ask_size    Nullable(Decimal(18, 4)) COMMENT 'Quantity of the last ask',
    spread      Nullable(Decimal(18, 6)) DEFAULT ask_close - bid_close COMMENT 'ask_close − bid_close; negative where crossed, NULL unless two-sided',
    source      LowCardinality(String) COMMENT 'Data set: the name of the import',
    ingest_time DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row was written',
    source_file LowCardinality(String) COMMENT 'File the row came from and its short sha256; for an archive of several files, which one',
    row_no      Int64 COMMENT 'Row number in that file, from 1',
    CONSTRAINT since_1970 CHECK bar_start >= toDateTime64('1970-01-01 00:00:00', 3, 'UTC')
)
ENGINE = ReplacingMergeTree(ingest_time)
PARTITION BY toYYYYMM(trade_date)
ORDER BY (symbol, resolution, bar_start, source)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Quote bars published by others, two-sided where both sides were quoted.';
