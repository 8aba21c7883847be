-- The hot lane without Materialize: PostgreSQL tables kept current by the pipeline, in a schema that
-- readers cannot enter, behind views of the names and columns that Materialize serves.
CREATE SCHEMA IF NOT EXISTS hot;

-- The newest quote per symbol: market data, the same for every tenant.
CREATE TABLE IF NOT EXISTS hot.quotes (
    symbol      text PRIMARY KEY,
    bid         numeric(18, 6),
    ask         numeric(18, 6),
    bid_size    numeric(18, 4),
    ask_size    numeric(18, 4),
    last_price  numeric(18, 6),
    last_update timestamptz NOT NULL
);

-- Positions by the average-cost method, from fills: a position belongs to a tenant's account.
CREATE TABLE IF NOT EXISTS hot.positions (
    tenant_id     text NOT NULL CHECK (tenant_id ~ '^[a-z0-9-]{1,63}$'),
    account       text NOT NULL,
    symbol        text NOT NULL,
    multiplier    numeric(18, 6) NOT NULL DEFAULT 1,
    net_qty       numeric(18, 4) NOT NULL,
    average_cost  numeric(38, 12) NOT NULL,
    net_cash_flow numeric(38, 10) NOT NULL,
    realized_pnl  numeric(38, 10) NOT NULL,
    fees          numeric(38, 10) NOT NULL DEFAULT 0,
    trade_count   bigint NOT NULL,
    last_update   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, account, symbol)
);
