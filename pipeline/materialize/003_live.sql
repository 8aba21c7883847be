-- What the application reads: the names and columns of pipeline/live/002_views.sql.
CREATE MATERIALIZED VIEW IF NOT EXISTS live_quotes AS
SELECT
    coalesce(b.symbol, a.symbol) AS symbol,
    b.bid,
    a.ask,
    (b.bid + a.ask) / 2 AS mid_price,
    b.bid_size,
    a.ask_size,
    greatest(b.event_time, a.event_time) AS last_update
FROM best_bids AS b
FULL JOIN best_asks AS a ON b.symbol = a.symbol;

CREATE MATERIALIZED VIEW IF NOT EXISTS live_positions AS
SELECT
    tenant_id,
    account,
    symbol,
    net_qty,
    average_cost,
    net_cash_flow,
    realized_pnl,
    fees,
    trade_count,
    last_update
FROM positions;

-- mark = mid while two-sided, else the last price; without a mark the row stays and the value is NULL, unless
-- nothing is held.
CREATE MATERIALIZED VIEW IF NOT EXISTS live_pnl AS
SELECT
    p.tenant_id,
    p.account,
    p.symbol,
    p.net_qty,
    p.net_cash_flow,
    p.average_cost,
    coalesce(q.mid_price, l.price) AS mark,
    q.mid_price,
    p.realized_pnl,
    CASE
        WHEN p.net_qty = 0 THEN 0
        ELSE p.net_qty * p.multiplier * (coalesce(q.mid_price, l.price) - p.average_cost)
    END AS unrealized_pnl,
    greatest(p.last_update, q.last_update) AS as_of
FROM positions AS p
LEFT JOIN live_quotes AS q ON p.symbol = q.symbol
LEFT JOIN last_prices AS l ON p.symbol = l.symbol;

CREATE INDEX IF NOT EXISTS live_quotes_by_symbol ON live_quotes (symbol);
CREATE INDEX IF NOT EXISTS live_positions_by_tenant ON live_positions (tenant_id);
CREATE INDEX IF NOT EXISTS live_pnl_by_tenant ON live_pnl (tenant_id);
