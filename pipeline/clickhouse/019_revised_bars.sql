-- Bars with corrections: an aggregate state cannot forget a price. Where a trade of a bucket was corrected or
-- cancelled, whoever wrote the correction works the bucket out anew from the trades that hold, as a higher
-- revision (loading/revised_bars.py); the views show that instead of the states. A bucket that lost all its
-- trades has a row with trade_count 0, which is not shown.
CREATE TABLE IF NOT EXISTS metrics.hourly_rollup_revised
(
    symbol       LowCardinality(String),
    hour         DateTime('UTC'),
    open         Nullable(Decimal(18, 6)),
    high         Nullable(Decimal(18, 6)),
    low          Nullable(Decimal(18, 6)),
    close        Nullable(Decimal(18, 6)),
    total_volume Decimal(38, 4),
    notional     Decimal(38, 10),
    trade_count  Int64,
    revision     UInt64
)
ENGINE = ReplacingMergeTree(revision)
ORDER BY (symbol, hour)
COMMENT 'Hours with corrections, as the trades that hold give them; query the view metrics.hourly_rollup.';

CREATE TABLE IF NOT EXISTS metrics.daily_rollup_revised
(
    symbol       LowCardinality(String),
    day          Date,
    open         Nullable(Decimal(18, 6)),
    high         Nullable(Decimal(18, 6)),
    low          Nullable(Decimal(18, 6)),
    close        Nullable(Decimal(18, 6)),
    total_volume Decimal(38, 4),
    notional     Decimal(38, 10),
    trade_count  Int64,
    revision     UInt64
)
ENGINE = ReplacingMergeTree(revision)
ORDER BY (symbol, day)
COMMENT 'Days with corrections, as the trades that hold give them; query the view metrics.daily_rollup.';

-- Corrections are few: whole granules have none, and need not be read to find that out.
ALTER TABLE flowforge.raw_trades ADD INDEX IF NOT EXISTS corrections status TYPE minmax GRANULARITY 64;

CREATE OR REPLACE VIEW metrics.hourly_rollup
(
    symbol       LowCardinality(String) COMMENT 'Ticker',
    hour         DateTime('UTC') COMMENT 'Start of the hour, UTC',
    open         Nullable(Decimal(18, 6)) COMMENT 'First eligible price, by (event_time, sequence, source_file, row_no)',
    high         Nullable(Decimal(18, 6)) COMMENT 'Highest eligible price',
    low          Nullable(Decimal(18, 6)) COMMENT 'Lowest eligible price',
    close        Nullable(Decimal(18, 6)) COMMENT 'Last eligible price, by (event_time, sequence, source_file, row_no)',
    vwap         Nullable(Decimal(38, 12)) COMMENT 'notional / total_volume; NULL at zero volume',
    total_volume Decimal(38, 4) COMMENT 'Σ(quantity) over volume-eligible trades',
    trade_count  Int64 COMMENT 'Number of eligible trades',
    notional     Decimal(38, 10) COMMENT 'Σ(price × quantity), exact; coarser bars add this up, never VWAPs',
    bucket_start DateTime64(3, 'UTC') COMMENT 'Start of the hour',
    bucket_end   DateTime64(3, 'UTC') COMMENT 'End of the hour, exclusive',
    available_at DateTime64(3, 'UTC') COMMENT 'From when the bar could be known; as-of joins use this'
)
AS SELECT
    symbol, hour, open, high, low, close,
    -- Divided at 13 digits, then rounded half away from zero to 12. divideDecimal also looks at the
    -- value under a NULL, so the divisor is replaced as well.
    if(
        total_volume = 0,
        NULL,
        toDecimal128(round(divideDecimal(toDecimal256(notional, 10), if(total_volume = 0, toDecimal256(1, 4), toDecimal256(total_volume, 4)), 13), 12), 12)
    ) AS vwap,
    total_volume, trade_count, notional,
    toDateTime64(hour, 3, 'UTC') AS bucket_start,
    toDateTime64(hour, 3, 'UTC') + INTERVAL 1 HOUR AS bucket_end,
    bucket_end AS available_at
FROM
(
    SELECT
        symbol, hour,
        argMinMerge(s.open) AS open, max(s.high) AS high, min(s.low) AS low, argMaxMerge(s.close) AS close,
        sum(s.total_volume) AS total_volume, sum(s.trade_count) AS trade_count, sum(s.notional) AS notional
    FROM metrics.hourly_rollup_state AS s
    WHERE (symbol, hour) NOT IN (SELECT symbol, hour FROM metrics.hourly_rollup_revised)
    GROUP BY symbol, hour
    UNION ALL
    SELECT symbol, hour, open, high, low, close, total_volume, trade_count, notional
    FROM metrics.hourly_rollup_revised FINAL
    WHERE trade_count > 0
);

CREATE OR REPLACE VIEW metrics.daily_rollup
(
    symbol       LowCardinality(String) COMMENT 'Ticker',
    day          Date COMMENT 'The exchange''s day',
    open         Nullable(Decimal(18, 6)) COMMENT 'First eligible price, by (event_time, sequence, source_file, row_no)',
    high         Nullable(Decimal(18, 6)) COMMENT 'Highest eligible price',
    low          Nullable(Decimal(18, 6)) COMMENT 'Lowest eligible price',
    close        Nullable(Decimal(18, 6)) COMMENT 'Last eligible price, by (event_time, sequence, source_file, row_no)',
    vwap         Nullable(Decimal(38, 12)) COMMENT 'notional / total_volume; NULL at zero volume',
    total_volume Decimal(38, 4) COMMENT 'Σ(quantity) over volume-eligible trades',
    trade_count  Int64 COMMENT 'Number of eligible trades',
    notional     Decimal(38, 10) COMMENT 'Σ(price × quantity), exact; coarser bars add this up, never VWAPs',
    bucket_start DateTime64(3, 'UTC') COMMENT 'Midnight UTC of the day',
    bucket_end   DateTime64(3, 'UTC') COMMENT 'Midnight UTC after the day; every regular session of the day has ended by then',
    available_at DateTime64(3, 'UTC') COMMENT 'From when the bar could be known; as-of joins use this'
)
AS SELECT
    symbol, day, open, high, low, close,
    if(
        total_volume = 0,
        NULL,
        toDecimal128(round(divideDecimal(toDecimal256(notional, 10), if(total_volume = 0, toDecimal256(1, 4), toDecimal256(total_volume, 4)), 13), 12), 12)
    ) AS vwap,
    total_volume, trade_count, notional,
    toDateTime64(day, 3, 'UTC') AS bucket_start,
    toDateTime64(day, 3, 'UTC') + INTERVAL 1 DAY AS bucket_end,
    bucket_end AS available_at
FROM
(
    SELECT
        symbol, day,
        argMinMerge(s.open) AS open, max(s.high) AS high, min(s.low) AS low, argMaxMerge(s.close) AS close,
        sum(s.total_volume) AS total_volume, sum(s.trade_count) AS trade_count, sum(s.notional) AS notional
    FROM metrics.daily_rollup_state AS s
    WHERE (symbol, day) NOT IN (SELECT symbol, day FROM metrics.daily_rollup_revised)
    GROUP BY symbol, day
    UNION ALL
    SELECT symbol, day, open, high, low, close, total_volume, trade_count, notional
    FROM metrics.daily_rollup_revised FINAL
    WHERE trade_count > 0
);
