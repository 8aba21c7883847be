-- Reference data. Stored prices are raw; what a source adjusted is said in `adjust`. Read with FINAL.
CREATE TABLE IF NOT EXISTS reference.instruments
(
    instrument_id String COMMENT 'Stable identifier; survives a change of symbol',
    symbol        LowCardinality(String) COMMENT 'Ticker while valid',
    name          String COMMENT 'Name of the issuer or fund',
    sector        LowCardinality(String) COMMENT 'Industry sector',
    exchange      LowCardinality(String) COMMENT 'Primary listing',
    currency      LowCardinality(String) COMMENT 'ISO 4217 currency of prices',
    calendar      LowCardinality(String) COMMENT 'Trading calendar (ISO 10383 market code): sessions, holidays, half days',
    lot_size      Decimal(18, 4) COMMENT 'Round lot in units',
    tick_size     Decimal(18, 6) COMMENT 'Smallest price step',
    multiplier    Decimal(18, 6) COMMENT 'Units of the underlying per contract; 1 for shares',
    valid_from    Date COMMENT 'First day on which the symbol means this instrument',
    valid_to      Date COMMENT 'Last day, inclusive; 2149-06-06 while open',
    revision      UInt64 COMMENT 'Grows when the row is written anew; reads take the highest'
)
ENGINE = ReplacingMergeTree(revision)
ORDER BY (symbol, valid_from)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Instruments: what a symbol meant on a day.';

CREATE TABLE IF NOT EXISTS reference.daily_bars
(
    symbol       LowCardinality(String) COMMENT 'Ticker as the source files it',
    day          Date COMMENT 'The exchange''s day',
    open         Nullable(Decimal(18, 6)) COMMENT 'First price of the session',
    high         Nullable(Decimal(18, 6)) COMMENT 'Highest price of the session',
    low          Nullable(Decimal(18, 6)) COMMENT 'Lowest price of the session',
    close        Decimal(18, 6) COMMENT 'Last price of the session',
    volume       Nullable(Decimal(38, 4)) COMMENT 'Shares or contracts traded',
    adj_close    Nullable(Decimal(38, 15)) COMMENT 'Close adjusted by the source for splits and dividends, where it gives one',
    adjust       Enum8('none' = 0, 'splits' = 1, 'total_return' = 2) COMMENT 'How open, high, low, close and volume are adjusted by the source',
    source       LowCardinality(String) COMMENT 'Who published the bars',
    bucket_start DateTime64(3, 'UTC') DEFAULT toDateTime64(day, 3, 'UTC') COMMENT 'Midnight UTC of the day',
    bucket_end   DateTime64(3, 'UTC') DEFAULT toDateTime64(day, 3, 'UTC') + INTERVAL 1 DAY COMMENT 'Midnight UTC after the day',
    available_at DateTime64(3, 'UTC') DEFAULT bucket_end COMMENT 'From when the bar could be known; as-of joins use this',
    ingest_time  DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row was written',
    source_file  LowCardinality(String) COMMENT 'File the row came from and its short sha256',
    row_no       Int64 COMMENT 'Row number in source_file, from 1'
)
ENGINE = ReplacingMergeTree(ingest_time)
ORDER BY (symbol, day, source)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Daily bars published by others: one row per symbol, day and source; the newest import wins.';
