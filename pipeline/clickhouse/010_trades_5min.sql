-- trades_5min: every trade, none left out, added up per symbol and five minutes, apart for each value
-- of the columns that say which trades count. Whatever rule a question has – volume-eligible trades of
-- the regular session, or all prints – is then a filter on these columns, and its answer from here is
-- the answer from flowforge.raw_trades. The hourly rollup is fed from here, so that a trade is
-- aggregated once. Read with FINAL: blocks that arrive apart are added up then, or while merging.
-- (tupleElement, not first_print.price: FINAL does not aggregate what is read as a sub-column.)
--
-- This file may run again after a crash: the feeds are taken off, the table is filled anew from raw,
-- the feeds are put back. Nothing may insert trades meanwhile; migrations run before the pipeline.
DROP VIEW IF EXISTS metrics.hourly_rollup_mv;
DROP VIEW IF EXISTS metrics.trades_5min_mv;

CREATE TABLE IF NOT EXISTS metrics.trades_5min
(
    symbol          LowCardinality(String) COMMENT 'Ticker as traded at that time',
    bucket_start    DateTime64(9, 'UTC') COMMENT 'Start of the five minutes, inclusive, UTC',
    trade_date      Date COMMENT 'The exchange''s day, which is not always the UTC date',
    side            Enum8('UNKNOWN' = 0, 'BUY' = 1, 'SELL' = 2) COMMENT 'Aggressor; UNKNOWN where the source does not say',
    session         Enum8('unknown' = 0, 'regular' = 1, 'extended' = 2) COMMENT 'regular: inside the regular hours of the exchange; extended: outside; unknown: no calendar',
    suspicious      Bool COMMENT 'The source doubts these prints',
    ohlc_eligible   Bool COMMENT 'These trades count for open, high, low and close',
    volume_eligible Bool COMMENT 'These trades count for volume and VWAP',
    status          Enum8('new' = 0, 'correct' = 1, 'cancel' = 2) COMMENT 'correct and cancel refer to another trade',
    source          LowCardinality(String) COMMENT 'Data set: synthetic, or the name of the import',
    trade_count     SimpleAggregateFunction(sum, Int64) COMMENT 'Number of trades, at least 1',
    volume          SimpleAggregateFunction(sum, Decimal(38, 4)) COMMENT 'Σ(quantity)',
    notional        SimpleAggregateFunction(sum, Decimal(38, 10)) COMMENT 'Σ(price × quantity), exact',
    price_sum       SimpleAggregateFunction(sum, Decimal(38, 6)) COMMENT 'Σ(price), for the plain mean of prices',
    high            SimpleAggregateFunction(max, Decimal(18, 6)) COMMENT 'Highest price',
    low             SimpleAggregateFunction(min, Decimal(18, 6)) COMMENT 'Lowest price',
    first_print     SimpleAggregateFunction(min, Tuple(time DateTime64(9, 'UTC'), sequence Int64, file String, row Int64, price Decimal(18, 6))) COMMENT 'First trade: its place in the trade order, and its price',
    last_print      SimpleAggregateFunction(max, Tuple(time DateTime64(9, 'UTC'), sequence Int64, file String, row Int64, price Decimal(18, 6))) COMMENT 'Last trade: its place in the trade order, and its price',
    open            Decimal(18, 6) ALIAS tupleElement(first_print, 'price') COMMENT 'First price, by (event_time, sequence, source_file, row_no)',
    open_time       DateTime64(9, 'UTC') ALIAS tupleElement(first_print, 'time') COMMENT 'event_time of the first trade',
    open_sequence   Int64 ALIAS tupleElement(first_print, 'sequence') COMMENT 'sequence of the first trade',
    open_file       String ALIAS tupleElement(first_print, 'file') COMMENT 'source_file of the first trade',
    open_row        Int64 ALIAS tupleElement(first_print, 'row') COMMENT 'row_no of the first trade',
    close           Decimal(18, 6) ALIAS tupleElement(last_print, 'price') COMMENT 'Last price, by (event_time, sequence, source_file, row_no)',
    close_time      DateTime64(9, 'UTC') ALIAS tupleElement(last_print, 'time') COMMENT 'event_time of the last trade',
    close_sequence  Int64 ALIAS tupleElement(last_print, 'sequence') COMMENT 'sequence of the last trade',
    close_file      String ALIAS tupleElement(last_print, 'file') COMMENT 'source_file of the last trade',
    close_row       Int64 ALIAS tupleElement(last_print, 'row') COMMENT 'row_no of the last trade'
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(trade_date)
ORDER BY (symbol, bucket_start, trade_date, side, session, suspicious, ohlc_eligible, volume_eligible, status, source)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'All trades added up per symbol and five minutes, apart for each value of the columns that say which trades count.';

-- What is there already, in the plain form of what the feed below works out.
TRUNCATE TABLE metrics.trades_5min;

INSERT INTO metrics.trades_5min
    (symbol, bucket_start, trade_date, side, session, suspicious, ohlc_eligible, volume_eligible, status, source,
     trade_count, volume, notional, price_sum, high, low, first_print, last_print)
WITH toUnixTimestamp64Nano(event_time) AS nanoseconds
SELECT
    symbol,
    fromUnixTimestamp64Nano(nanoseconds - positiveModulo(nanoseconds, 300000000000), 'UTC') AS five_minutes,
    trade_date, side, session, suspicious, ohlc_eligible, volume_eligible, status, source,
    count(), sum(quantity), sum(notional), sum(price), max(price), min(price),
    min((event_time, sequence, toString(source_file), row_no, price)),
    max((event_time, sequence, toString(source_file), row_no, price))
FROM flowforge.raw_trades
GROUP BY symbol, five_minutes, trade_date, side, session, suspicious, ohlc_eligible, volume_eligible, status, source
SETTINGS insert_deduplicate = 0, max_partitions_per_insert_block = 0;

-- Aggregates compare tuples ten times slower than integers: inside one file the trade order is one
-- Int256 (event_time · 2^128 + sequence · 2^64 + row_no), and only one print of each file is compared
-- as (event_time, sequence, source_file, row_no). The start of the five minutes is floored in
-- nanoseconds, which is right before 1970 and after 2106 too.
CREATE MATERIALIZED VIEW metrics.trades_5min_mv TO metrics.trades_5min AS
SELECT
    symbol, bucket_start, trade_date, side, session, suspicious, ohlc_eligible, volume_eligible, status, source,
    sum(file_trades) AS trade_count,
    sum(file_volume) AS volume,
    sum(file_notional) AS notional,
    sum(file_prices) AS price_sum,
    max(file_high) AS high,
    min(file_low) AS low,
    min((file_start, toInt64(bitShiftRight(file_first, 64)), toString(source_file), toInt64(file_first), file_open)) AS first_print,
    max((file_end, toInt64(bitShiftRight(file_last, 64)), toString(source_file), toInt64(file_last), file_close)) AS last_print
FROM
(
    WITH
        toUnixTimestamp64Nano(event_time) AS nanoseconds,
        bitShiftLeft(toInt256(nanoseconds), 128) + bitShiftLeft(toInt256(sequence), 64) + row_no AS print
    SELECT
        symbol,
        fromUnixTimestamp64Nano(nanoseconds - positiveModulo(nanoseconds, 300000000000), 'UTC') AS bucket_start,
        trade_date, side, session, suspicious, ohlc_eligible, volume_eligible, status, source, source_file,
        toInt64(count()) AS file_trades,
        sum(quantity) AS file_volume,
        sum(notional) AS file_notional,
        sum(price) AS file_prices,
        max(price) AS file_high,
        min(price) AS file_low,
        min(event_time) AS file_start,
        max(event_time) AS file_end,
        min(print) AS file_first,
        max(print) AS file_last,
        argMin(price, print) AS file_open,
        argMax(price, print) AS file_close
    FROM flowforge.raw_trades
    GROUP BY symbol, bucket_start, trade_date, side, session, suspicious, ohlc_eligible, volume_eligible, status, source, source_file
)
GROUP BY symbol, bucket_start, trade_date, side, session, suspicious, ohlc_eligible, volume_eligible, status, source;

-- Rule as before: eligible trades outside the extended session. The trade order of a print is what
-- metrics.hourly_rollup_state compares: (event_time · 2^64 + sequence, source_file, row_no).
CREATE MATERIALIZED VIEW metrics.hourly_rollup_mv TO metrics.hourly_rollup_state AS
WITH
    (bitShiftLeft(toInt128(toUnixTimestamp64Nano(first_print.time)), 64) + first_print.sequence, first_print.file, first_print.row) AS first_place,
    (bitShiftLeft(toInt128(toUnixTimestamp64Nano(last_print.time)), 64) + last_print.sequence, last_print.file, last_print.row) AS last_place
SELECT
    symbol,
    toStartOfHour(toDateTime(bucket_start, 'UTC')) AS hour,
    trade_date,
    argMinState(if(ohlc_eligible, first_print.price, NULL), first_place) AS open,
    max(if(ohlc_eligible, s.high, NULL)) AS high,
    min(if(ohlc_eligible, s.low, NULL)) AS low,
    argMaxState(if(ohlc_eligible, last_print.price, NULL), last_place) AS close,
    sum(if(volume_eligible, s.volume, 0)) AS total_volume,
    sum(if(volume_eligible, s.notional, 0)) AS notional,
    sum(s.trade_count) AS trade_count
FROM metrics.trades_5min AS s
WHERE (ohlc_eligible OR volume_eligible) AND session != 'extended' AND status = 'new'
GROUP BY symbol, hour, trade_date;
