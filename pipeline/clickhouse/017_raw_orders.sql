-- Events of orders as they were delivered: each belongs to a tenant's account. With status filled or
-- partially_filled a row is a fill, from which positions and P&L are worked out.
CREATE TABLE IF NOT EXISTS flowforge.raw_orders
(
    order_id    String COMMENT 'Identifier of the order',
    event_time  DateTime64(9, 'UTC') COMMENT 'When it happened, UTC',
    tenant_id   LowCardinality(String) COMMENT 'Whose order it is',
    account     LowCardinality(String) COMMENT 'Account of the tenant',
    symbol      LowCardinality(String) COMMENT 'Ticker as traded at that time',
    side        Enum8('BUY' = 1, 'SELL' = 2) COMMENT 'What the tenant does',
    quantity    Decimal(18, 4) COMMENT 'Of the order, or of the fill where the row is one',
    price       Nullable(Decimal(18, 6)) COMMENT 'Limit of the order, NULL for a market order; price of the fill where the row is one',
    status      Enum8('new' = 1, 'accepted' = 2, 'partially_filled' = 3, 'filled' = 4, 'cancelled' = 5, 'rejected' = 6) COMMENT 'What happened to the order',
    fill_id     String COMMENT 'Identifier of the fill, empty where the row is none',
    fee         Decimal(18, 6) COMMENT 'Fee of the fill, in the currency of the instrument',
    notional    Nullable(Decimal(38, 10)) DEFAULT toDecimal128(price, 6) * toDecimal128(quantity, 4) COMMENT 'price × quantity, exact',
    trade_date  Date COMMENT 'The exchange''s day',
    session     Enum8('unknown' = 0, 'regular' = 1, 'extended' = 2) COMMENT 'regular: inside the regular hours of the exchange; extended: outside; unknown: no calendar',
    venue       LowCardinality(String) COMMENT 'Where it was executed, in the source''s code',
    sequence    Int64 COMMENT 'The source''s sequence number; orders events of one instant',
    source      LowCardinality(String) COMMENT 'Data set: synthetic, or the name of the import',
    ingest_time DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the source sent it',
    source_file LowCardinality(String) COMMENT 'File the row came from and its short sha256',
    row_no      Int64 COMMENT 'Row number in source_file, from 1',
    CONSTRAINT quantity_not_negative CHECK quantity >= 0,
    CONSTRAINT event_time_since_1970 CHECK event_time >= toDateTime64('1970-01-01 00:00:00', 9, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(trade_date)
ORDER BY (tenant_id, symbol, event_time, sequence, order_id)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Orders and fills as delivered, per tenant and account.';
