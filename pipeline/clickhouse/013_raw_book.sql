-- Order books as delivered (Databento DBN). The format's index time is when the capture received a
-- record: it never decreases within a file, and several records of one event share it.
CREATE TABLE IF NOT EXISTS flowforge.raw_book
(
    symbol        LowCardinality(String) COMMENT 'Ticker or contract in the source''s notation',
    event_time    DateTime64(9, 'UTC') COMMENT 'When the capture received the record, UTC',
    exchange_time DateTime64(9, 'UTC') COMMENT 'When the matching engine made the change, UTC',
    trade_date    Date COMMENT 'The exchange''s day',
    session       Enum8('unknown' = 0, 'regular' = 1, 'extended' = 2) COMMENT 'regular: inside the regular hours of the exchange; extended: outside; unknown: no calendar',
    action        LowCardinality(String) COMMENT 'What happened: A add, C cancel, M modify, T trade, F fill, R clear',
    side          LowCardinality(String) COMMENT 'B bid, A ask, N none; the aggressor of a trade',
    depth         Int64 COMMENT 'Level at which it happened, from 0',
    price         Nullable(Decimal(18, 6)) COMMENT 'Price of the order or trade',
    size          Int64 COMMENT 'Quantity of the order or trade',
    flags         Int64 COMMENT 'Bits: 128 last record of its event, 32 snapshot, 8 event_time unreliable, 2 publisher-specific',
    is_last       Bool DEFAULT bitTest(flags, 7) COMMENT 'Last record of its event: the book is consistent after it',
    venue         LowCardinality(String) COMMENT 'Data set code of the exchange',
    sequence      Int64 COMMENT 'The venue''s sequence number; repeats within an event',
    bid_px_00     Nullable(Decimal(18, 6)) COMMENT 'Bid price of level 0; NULL where there is none',
    ask_px_00     Nullable(Decimal(18, 6)) COMMENT 'Ask price of level 0; NULL where there is none',
    bid_sz_00     Int64 COMMENT 'Quantity bid at level 0',
    ask_sz_00     Int64 COMMENT 'Quantity offered at level 0',
    bid_ct_00     Int64 COMMENT 'Orders bidding at level 0',
    ask_ct_00     Int64 COMMENT 'Orders offering at level 0',
    bid_px_01     Nullable(Decimal(18, 6)) COMMENT 'Bid price of level 1; NULL where there is none',
    ask_px_01     Nullable(Decimal(18, 6)) COMMENT 'Ask price of level 1; NULL where there is none',
    bid_sz_01     Int64 COMMENT 'Quantity bid at level 1',
    ask_sz_01     Int64 COMMENT 'Quantity offered at level 1',
    bid_ct_01     Int64 COMMENT 'Orders bidding at level 1',
    ask_ct_01     Int64 COMMENT 'Orders offering at level 1',
    bid_px_02     Nullable(Decimal(18, 6)) COMMENT 'Bid price of level 2; NULL where there is none',
    ask_px_02     Nullable(Decimal(18, 6)) COMMENT 'Ask price of level 2; NULL where there is none',
    bid_sz_02     Int64 COMMENT 'Quantity bid at level 2',
    ask_sz_02     Int64 COMMENT 'Quantity offered at level 2',
    bid_ct_02     Int64 COMMENT 'Orders bidding at level 2',
    ask_ct_02     Int64 COMMENT 'Orders offering at level 2',
    bid_px_03     Nullable(Decimal(18, 6)) COMMENT 'Bid price of level 3; NULL where there is none',
    ask_px_03     Nullable(Decimal(18, 6)) COMMENT 'Ask price of level 3; NULL where there is none',
    bid_sz_03     Int64 COMMENT 'Quantity bid at level 3',
    ask_sz_03     Int64 COMMENT 'Quantity offered at level 3',
    bid_ct_03     Int64 COMMENT 'Orders bidding at level 3',
    ask_ct_03     Int64 COMMENT 'Orders offering at level 3',
    bid_px_04     Nullable(Decimal(18, 6)) COMMENT 'Bid price of level 4; NULL where there is none',
    ask_px_04     Nullable(Decimal(18, 6)) COMMENT 'Ask price of level 4; NULL where there is none',
    bid_sz_04     Int64 COMMENT 'Quantity bid at level 4',
    ask_sz_04     Int64 COMMENT 'Quantity offered at level 4',
    bid_ct_04     Int64 COMMENT 'Orders bidding at level 4',
    ask_ct_04     Int64 COMMENT 'Orders offering at level 4',
    bid_px_05     Nullable(Decimal(18, 6)) COMMENT 'Bid price of level 5; NULL where there is none',
    ask_px_05     Nullable(Decimal(18, 6)) COMMENT 'Ask price of level 5; NULL where there is none',
    bid_sz_05     Int64 COMMENT 'Quantity bid at level 5',
    ask_sz_05     Int64 COMMENT 'Quantity offered at level 5',
    bid_ct_05     Int64 COMMENT 'Orders bidding at level 5',
    ask_ct_05     Int64 COMMENT 'Orders offering at level 5',
    bid_px_06     Nullable(Decimal(18, 6)) COMMENT 'Bid price of level 6; NULL where there is none',
    ask_px_06     Nullable(Decimal(18, 6)) COMMENT 'Ask price of level 6; NULL where there is none',
    bid_sz_06     Int64 COMMENT 'Quantity bid at level 6',
    ask_sz_06     Int64 COMMENT 'Quantity offered at level 6',
    bid_ct_06     Int64 COMMENT 'Orders bidding at level 6',
    ask_ct_06     Int64 COMMENT 'Orders offering at level 6',
    bid_px_07     Nullable(Decimal(18, 6)) COMMENT 'Bid price of level 7; NULL where there is none',
    ask_px_07     Nullable(Decimal(18, 6)) COMMENT 'Ask price of level 7; NULL where there is none',
    bid_sz_07     Int64 COMMENT 'Quantity bid at level 7',
    ask_sz_07     Int64 COMMENT 'Quantity offered at level 7',
    bid_ct_07     Int64 COMMENT 'Orders bidding at level 7',
    ask_ct_07     Int64 COMMENT 'Orders offering at level 7',
    bid_px_08     Nullable(Decimal(18, 6)) COMMENT 'Bid price of level 8; NULL where there is none',
    ask_px_08     Nullable(Decimal(18, 6)) COMMENT 'Ask price of level 8; NULL where there is none',
    bid_sz_08     Int64 COMMENT 'Quantity bid at level 8',
    ask_sz_08     Int64 COMMENT 'Quantity offered at level 8',
    bid_ct_08     Int64 COMMENT 'Orders bidding at level 8',
    ask_ct_08     Int64 COMMENT 'Orders offering at level 8',
    bid_px_09     Nullable(Decimal(18, 6)) COMMENT 'Bid price of level 9; NULL where there is none',
    ask_px_09     Nullable(Decimal(18, 6)) COMMENT 'Ask price of level 9; NULL where there is none',
    bid_sz_09     Int64 COMMENT 'Quantity bid at level 9',
    ask_sz_09     Int64 COMMENT 'Quantity offered at level 9',
    bid_ct_09     Int64 COMMENT 'Orders bidding at level 9',
    ask_ct_09     Int64 COMMENT 'Orders offering at level 9',
    bid_size_10   Int64 DEFAULT bid_sz_00 + bid_sz_01 + bid_sz_02 + bid_sz_03 + bid_sz_04 + bid_sz_05 + bid_sz_06 + bid_sz_07 + bid_sz_08 + bid_sz_09 COMMENT 'Quantity bid over the ten levels',
    ask_size_10   Int64 DEFAULT ask_sz_00 + ask_sz_01 + ask_sz_02 + ask_sz_03 + ask_sz_04 + ask_sz_05 + ask_sz_06 + ask_sz_07 + ask_sz_08 + ask_sz_09 COMMENT 'Quantity offered over the ten levels',
    spread        Nullable(Decimal(18, 6)) DEFAULT ask_px_00 - bid_px_00 COMMENT 'ask_px_00 − bid_px_00; negative where crossed',
    source        LowCardinality(String) COMMENT 'Data set: the name of the import',
    ingest_time   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row was written',
    source_file   LowCardinality(String) COMMENT 'File the row came from and its short sha256',
    row_no        Int64 COMMENT 'Record number in source_file, from 1',
    CONSTRAINT since_1970 CHECK event_time >= toDateTime64('1970-01-01 00:00:00', 9, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(trade_date)
ORDER BY (symbol, event_time, sequence, source_file, row_no)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Market by price: each change of the book with its ten best levels on both sides after it.';

CREATE TABLE IF NOT EXISTS flowforge.raw_book_orders
(
    symbol        LowCardinality(String) COMMENT 'Ticker or contract in the source''s notation',
    event_time    DateTime64(9, 'UTC') COMMENT 'When the capture received the record, UTC',
    exchange_time DateTime64(9, 'UTC') COMMENT 'When the matching engine made the change, UTC',
    trade_date    Date COMMENT 'The exchange''s day',
    session       Enum8('unknown' = 0, 'regular' = 1, 'extended' = 2) COMMENT 'As in flowforge.raw_book',
    order_id      String COMMENT 'The venue''s identifier of the order: an unsigned 64-bit number',
    action        LowCardinality(String) COMMENT 'A add, C cancel, M modify, T trade, F fill, R clear',
    side          LowCardinality(String) COMMENT 'B bid, A ask, N none',
    price         Nullable(Decimal(18, 6)) COMMENT 'Price of the order',
    size          Int64 COMMENT 'Quantity of the order',
    flags         Int64 COMMENT 'As in flowforge.raw_book',
    is_last       Bool DEFAULT bitTest(flags, 7) COMMENT 'Last record of its event',
    venue         LowCardinality(String) COMMENT 'Data set code of the exchange',
    sequence      Int64 COMMENT 'The venue''s sequence number',
    source        LowCardinality(String) COMMENT 'Data set: the name of the import',
    ingest_time   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row was written',
    source_file   LowCardinality(String) COMMENT 'File the row came from and its short sha256',
    row_no        Int64 COMMENT 'Record number in source_file, from 1',
    CONSTRAINT since_1970 CHECK event_time >= toDateTime64('1970-01-01 00:00:00', 9, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(trade_date)
ORDER BY (symbol, event_time, sequence, source_file, row_no)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Market by order: every order''s life, as delivered.';

CREATE TABLE IF NOT EXISTS flowforge.raw_statistics
(
    symbol        LowCardinality(String) COMMENT 'Ticker or contract in the source''s notation',
    event_time    DateTime64(9, 'UTC') COMMENT 'When the capture received the record, UTC',
    exchange_time Nullable(DateTime64(9, 'UTC')) COMMENT 'When the exchange sent it, UTC',
    trade_date    Date COMMENT 'The exchange''s day',
    kind          LowCardinality(String) COMMENT 'What it says: settlement_price, open_interest, trading_halt, …',
    price         Nullable(Decimal(18, 6)) COMMENT 'Price, where the kind has one',
    quantity      Nullable(Int64) COMMENT 'Quantity, where the kind has one; for a status the exchange''s reason code',
    reference_time Nullable(DateTime64(9, 'UTC')) COMMENT 'Time that the statistic is about, where it is not event_time',
    venue         LowCardinality(String) COMMENT 'Data set code of the exchange',
    sequence      Int64 COMMENT 'The venue''s sequence number, else the record number',
    source        LowCardinality(String) COMMENT 'Data set: the name of the import',
    ingest_time   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the row was written',
    source_file   LowCardinality(String) COMMENT 'File the row came from and its short sha256',
    row_no        Int64 COMMENT 'Record number in source_file, from 1',
    CONSTRAINT since_1970 CHECK event_time >= toDateTime64('1970-01-01 00:00:00', 9, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(trade_date)
ORDER BY (symbol, event_time, sequence, source_file, row_no)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'What exchanges publish beside trades and quotes: settlement, open interest, trading status.';
