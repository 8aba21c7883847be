-- hourly_rollup: aggregate states behind a view, so that it reads as exactly one row per symbol and
-- hour however the trades were batched. (A materialized view into a plain MergeTree writes one
-- partial row per inserted block.) Rule: eligible trades outside the extended session.
CREATE TABLE IF NOT EXISTS metrics.hourly_rollup_state
(
    symbol       LowCardinality(String),
    hour         DateTime('UTC'),
    trade_date   Date,
    open         AggregateFunction(argMin, Nullable(Decimal(18, 6)), Tuple(Int128, String, Int64)),
    high         SimpleAggregateFunction(max, Nullable(Decimal(18, 6))),
    low          SimpleAggregateFunction(min, Nullable(Decimal(18, 6))),
    close        AggregateFunction(argMax, Nullable(Decimal(18, 6)), Tuple(Int128, String, Int64)),
    total_volume SimpleAggregateFunction(sum, Decimal(38, 4)),
    notional     SimpleAggregateFunction(sum, Decimal(38, 10)),
    trade_count  SimpleAggregateFunction(sum, Int64)
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (symbol, hour, trade_date)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Aggregate states of metrics.hourly_rollup; query the view.';

-- The trade order (event_time, sequence, source_file, row_no) is compared in two steps because
-- aggregates compare tuples ten times slower than integers: inside one file as one Int256
-- (event_time · 2^128 + sequence · 2^64 + row_no), between files as a tuple of its upper half, the
-- file and the row.
CREATE MATERIALIZED VIEW IF NOT EXISTS metrics.hourly_rollup_mv TO metrics.hourly_rollup_state AS
SELECT
    symbol,
    hour,
    trade_date,
    argMinState(file_open, (toInt128(bitShiftRight(first_print, 64)), toString(source_file), toInt64(first_print))) AS open,
    max(file_high) AS high,
    min(file_low) AS low,
    argMaxState(file_close, (toInt128(bitShiftRight(last_print, 64)), toString(source_file), toInt64(last_print))) AS close,
    sum(file_volume) AS total_volume,
    sum(file_notional) AS notional,
    sum(file_trades) AS trade_count
FROM
(
    WITH
        if(ohlc_eligible, price, NULL) AS tape_price,
        bitShiftLeft(toInt256(toUnixTimestamp64Nano(event_time)), 128) + bitShiftLeft(toInt256(sequence), 64) + row_no AS print,
        if(ohlc_eligible, print, NULL) AS tape_print
    SELECT
        symbol,
        toStartOfHour(toDateTime(event_time, 'UTC')) AS hour,
        trade_date,
        source_file,
        argMin(tape_price, tape_print) AS file_open,
        max(tape_price) AS file_high,
        min(tape_price) AS file_low,
        argMax(tape_price, tape_print) AS file_close,
        coalesce(min(tape_print), 0) AS first_print,
        coalesce(max(tape_print), 0) AS last_print,
        sum(if(volume_eligible, quantity, 0)) AS file_volume,
        sum(if(volume_eligible, notional, 0)) AS file_notional,
        toInt64(count()) AS file_trades
    FROM flowforge.raw_trades
    WHERE (ohlc_eligible OR volume_eligible) AND session != 'extended' AND status = 'new'
    GROUP BY symbol, hour, trade_date, source_file
)
GROUP BY symbol, hour, trade_date;

CREATE VIEW IF NOT EXISTS metrics.hourly_rollup
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
    symbol,
    hour,
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
    toDateTime64(hour, 3, 'UTC') AS bucket_start,
    toDateTime64(hour, 3, 'UTC') + INTERVAL 1 HOUR AS bucket_end,
    bucket_end AS available_at
FROM metrics.hourly_rollup_state AS s
GROUP BY symbol, hour;
