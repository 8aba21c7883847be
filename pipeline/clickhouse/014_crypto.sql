-- Crypto venues quote prices and quantities with eight decimals; flowforge.raw_trades has six and four,
-- which cannot hold them exactly. Their ticks have tables of their own with the same column names.
CREATE TABLE IF NOT EXISTS flowforge.crypto_trades
(
    trade_id      String COMMENT 'The venue''s number of the trade',
    event_time    DateTime64(9, 'UTC') COMMENT 'When the trade happened, by the venue, UTC',
    symbol        LowCardinality(String) COMMENT 'Pair in the venue''s notation, such as BTCUSDT',
    side          Enum8('UNKNOWN' = 0, 'BUY' = 1, 'SELL' = 2) COMMENT 'Aggressor: SELL where the buyer was the maker',
    quantity      Decimal(38, 8) COMMENT 'Units of the base currency',
    price         Decimal(38, 8) COMMENT 'Price of a unit in the quote currency',
    notional      Decimal(76, 16) DEFAULT toDecimal256(price, 8) * toDecimal256(quantity, 8) COMMENT 'price × quantity, exact',
    trade_date    Date COMMENT 'UTC date: these venues never close',
    received_time DateTime64(9, 'UTC') COMMENT 'When the recorder received it, by its own clock, which may run behind the venue''s',
    venue         LowCardinality(String) COMMENT 'Name of the venue',
    sequence      Int64 COMMENT 'trade_id as a number; orders trades of one instant',
    source        LowCardinality(String) COMMENT 'Data set: the name of the import',
    ingest_time   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row was written',
    source_file   LowCardinality(String) COMMENT 'File the row came from and its short sha256',
    row_no        Int64 COMMENT 'Line number in source_file, from 1',
    CONSTRAINT since_1970 CHECK event_time >= toDateTime64('1970-01-01 00:00:00', 9, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(trade_date)
ORDER BY (symbol, event_time, sequence, source_file, row_no)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Trades of crypto venues as delivered, with eight decimals.';

CREATE TABLE IF NOT EXISTS flowforge.crypto_quotes
(
    symbol        LowCardinality(String) COMMENT 'Pair in the venue''s notation',
    event_time    DateTime64(9, 'UTC') COMMENT 'When the recorder received it, by its own clock: the feed gives no time of the venue',
    bid           Decimal(38, 8) COMMENT 'Best bid',
    ask           Decimal(38, 8) COMMENT 'Best ask',
    bid_size      Decimal(38, 8) COMMENT 'Quantity bid',
    ask_size      Decimal(38, 8) COMMENT 'Quantity offered',
    mid_price     Decimal(38, 9) DEFAULT (toDecimal128(bid, 9) + toDecimal128(ask, 9)) / 2 COMMENT '(bid + ask) / 2, exact',
    trade_date    Date COMMENT 'UTC date of event_time',
    venue         LowCardinality(String) COMMENT 'Name of the venue',
    sequence      Int64 COMMENT 'The venue''s number of the book update',
    source        LowCardinality(String) COMMENT 'Data set: the name of the import',
    ingest_time   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row was written',
    source_file   LowCardinality(String) COMMENT 'File the row came from and its short sha256',
    row_no        Int64 COMMENT 'Line number in source_file, from 1',
    CONSTRAINT since_1970 CHECK event_time >= toDateTime64('1970-01-01 00:00:00', 9, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(trade_date)
ORDER BY (symbol, event_time, sequence, source_file, row_no)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Best bid and ask of crypto venues as delivered.';

CREATE TABLE IF NOT EXISTS flowforge.crypto_depth
(
    symbol          LowCardinality(String) COMMENT 'Pair in the venue''s notation',
    event_time      DateTime64(9, 'UTC') COMMENT 'When the venue sent the update, UTC; for a snapshot when the recorder received it',
    received_time   DateTime64(9, 'UTC') COMMENT 'When the recorder received it, by its own clock',
    kind            Enum8('update' = 0, 'snapshot' = 1) COMMENT 'snapshot: the whole book at last_update_id; update: levels that changed since',
    side            Enum8('BID' = 1, 'ASK' = 2) COMMENT 'Side of the book',
    price           Decimal(38, 8) COMMENT 'Price of the level',
    quantity        Decimal(38, 8) COMMENT 'Quantity now at that price; 0 removes the level',
    first_update_id Int64 COMMENT 'First book update in this message',
    last_update_id  Int64 COMMENT 'Last book update in this message; updates up to the snapshot''s are in the snapshot',
    level_no        Int64 COMMENT 'Place in the message, from 1',
    trade_date      Date COMMENT 'UTC date of event_time',
    venue           LowCardinality(String) COMMENT 'Name of the venue',
    source          LowCardinality(String) COMMENT 'Data set: the name of the import',
    ingest_time     DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row was written',
    source_file     LowCardinality(String) COMMENT 'File the row came from and its short sha256',
    row_no          Int64 COMMENT 'Line number in source_file, from 1',
    CONSTRAINT since_1970 CHECK event_time >= toDateTime64('1970-01-01 00:00:00', 9, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(trade_date)
ORDER BY (symbol, event_time, last_update_id, source_file, row_no, side, level_no)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Book updates and snapshots of crypto venues, one row per level.';
