-- daily_rollup: one row per symbol and trade date, fed by the hourly states, so that a trade is
-- aggregated once.
CREATE TABLE IF NOT EXISTS metrics.daily_rollup_state
(
    symbol       LowCardinality(String),
    day          Date,
    open         AggregateFunction(argMin, Nullable(Decimal(18, 6)), Tuple(Int128, String, Int64)),
    high         SimpleAggregateFunction(max, Nullable(Decimal(18, 6))),
    low          SimpleAggregateFunction(min, Nullable(Decimal(18, 6))),
    close        AggregateFunction(argMax, Nullable(Decimal(18, 6)), Tuple(Int128, String, Int64)),
    total_volume SimpleAggregateFunction(sum, Decimal(38, 4)),
    notional     SimpleAggregateFunction(sum, Decimal(38, 10)),
    trade_count  SimpleAggregateFunction(sum, Int64)
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (symbol, day)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Aggregate states of metrics.daily_rollup; query the view.';

CREATE MATERIALIZED VIEW IF NOT EXISTS metrics.daily_rollup_mv TO metrics.daily_rollup_state AS
SELECT
    symbol,
    trade_date AS day,
    argMinMergeState(s.open) AS open,
    max(s.high) AS high,
    min(s.low) AS low,
    argMaxMergeState(s.close) AS close,
    sum(s.total_volume) AS total_volume,
    sum(s.notional) AS notional,
    sum(s.trade_count) AS trade_count
FROM metrics.hourly_rollup_state AS s
GROUP BY symbol, day;

CREATE VIEW IF NOT EXISTS metrics.daily_rollup
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
    symbol,
    day,
    argMinMerge(s.open) AS open,
    max(s.high) AS high,
    min(s.low) AS low,
    argMaxMerge(s.close) AS close,
    -- Divided at 13 digits, then rounded half away from zero to 12. divideDecimal also looks at the
    -- value under a NULL, so the divisor is replaced as well.
    if(
        total_volume = 0,
        NULL,
        toDecimal128(round(divideDecimal(toDecimal256(notional, 10), if(total_volume = 0, toDecimal256(1, 4), toDecimal256(total_volume, 4)), 13), 12), 12)
    ) AS vwap,
    sum(s.total_volume) AS total_volume,
    sum(s.trade_count) AS trade_count,
    sum(s.notional) AS notional,
    toDateTime64(day, 3, 'UTC') AS bucket_start,
    toDateTime64(day, 3, 'UTC') + INTERVAL 1 DAY AS bucket_end,
    bucket_end AS available_at
FROM metrics.daily_rollup_state AS s
GROUP BY symbol, day;
