-- Derivatives in the reference data, and what companies did to their shares.
ALTER TABLE reference.instruments
    MODIFY COLUMN tick_size Nullable(Decimal(18, 6)) COMMENT 'Smallest price step; NULL where the source does not say';

ALTER TABLE reference.instruments
    ADD COLUMN IF NOT EXISTS kind Enum8('unknown' = 0, 'equity' = 1, 'fund' = 2, 'future' = 3, 'option' = 4, 'future_option' = 5, 'crypto' = 6) DEFAULT 'equity' COMMENT 'What it is' AFTER name,
    ADD COLUMN IF NOT EXISTS underlying LowCardinality(String) DEFAULT '' COMMENT 'Symbol of the underlying, for derivatives' AFTER multiplier,
    ADD COLUMN IF NOT EXISTS expiry Nullable(Date) COMMENT 'Last trading day, for derivatives' AFTER underlying,
    ADD COLUMN IF NOT EXISTS strike Nullable(Decimal(18, 6)) COMMENT 'Strike price, for options' AFTER expiry,
    ADD COLUMN IF NOT EXISTS option_type LowCardinality(String) DEFAULT '' COMMENT 'call or put, for options' AFTER strike,
    ADD COLUMN IF NOT EXISTS exercise LowCardinality(String) DEFAULT '' COMMENT 'american or european, for options' AFTER option_type;

CREATE TABLE IF NOT EXISTS reference.corporate_actions
(
    symbol       LowCardinality(String) COMMENT 'Ticker',
    ex_date      Date COMMENT 'First day on which the price trades without the dividend, or split',
    kind         Enum8('split' = 1, 'dividend' = 2) COMMENT 'What happened',
    ratio        Decimal(38, 12) COMMENT 'Split: new shares for one old share, 7 for seven for one. Dividend: 1',
    amount       Nullable(Decimal(38, 12)) COMMENT 'Dividend: cash per share, in the currency of the instrument and the shares of that day. Split: NULL',
    source       LowCardinality(String) COMMENT 'Who published it',
    ingest_time  DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row was written',
    source_file  LowCardinality(String) COMMENT 'File the row came from and its short sha256',
    row_no       Int64 COMMENT 'Row number in source_file, from 1'
)
ENGINE = ReplacingMergeTree(ingest_time)
ORDER BY (symbol, ex_date, kind, source)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Splits and dividends; stored prices stay as traded.';

CREATE TABLE IF NOT EXISTS reference.adjustment_factors
(
    symbol        LowCardinality(String) COMMENT 'Ticker',
    valid_from    Date COMMENT 'First day of the span',
    valid_to      Date COMMENT 'Last day of the span, inclusive',
    split_factor  Decimal(38, 12) COMMENT 'Multiply a price of this span by it for adjust: splits; divide a volume by it',
    total_factor  Decimal(38, 12) COMMENT 'Multiply a price of this span by it for adjust: total_return (splits and dividends)',
    source        LowCardinality(String) COMMENT 'Who published it',
    ingest_time   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row was written',
    source_file   LowCardinality(String) COMMENT 'File the row came from and its short sha256',
    row_no        Int64 COMMENT 'Row number in source_file, from 1'
)
ENGINE = ReplacingMergeTree(ingest_time)
ORDER BY (symbol, valid_from, source)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Cumulative adjustment factors by span of days, relative to the newest day.';
