-- What readers see. security_barrier: PostgreSQL evaluates the reader's own predicates and
-- expressions only on rows that passed the tenant guard, so an error cannot print a forbidden value.
CREATE OR REPLACE VIEW live_quotes WITH (security_barrier) AS
SELECT
    symbol,
    bid,
    ask,
    ((bid + ask) / 2)::numeric(38, 7) AS mid_price,
    bid_size,
    ask_size,
    last_update
FROM hot.quotes;

COMMENT ON VIEW live_quotes IS 'Latest quote per symbol.';
COMMENT ON COLUMN live_quotes.symbol IS 'Ticker';
COMMENT ON COLUMN live_quotes.bid IS 'Best bid; NULL while there is none';
COMMENT ON COLUMN live_quotes.ask IS 'Best ask; NULL while there is none';
COMMENT ON COLUMN live_quotes.mid_price IS '(bid + ask) / 2; NULL unless two-sided';
COMMENT ON COLUMN live_quotes.bid_size IS 'Quantity bid';
COMMENT ON COLUMN live_quotes.ask_size IS 'Quantity offered';
COMMENT ON COLUMN live_quotes.last_update IS 'Event time of the newest quote, UTC';

CREATE OR REPLACE VIEW live_positions WITH (security_barrier) AS
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
FROM hot.positions;

COMMENT ON VIEW live_positions IS 'Net position per account and symbol, from the tenant''s own fills.';
COMMENT ON COLUMN live_positions.tenant_id IS 'Whose position it is';
COMMENT ON COLUMN live_positions.account IS 'Account of the tenant';
COMMENT ON COLUMN live_positions.symbol IS 'Ticker';
COMMENT ON COLUMN live_positions.net_qty IS 'Bought minus sold';
COMMENT ON COLUMN live_positions.average_cost IS 'Average cost per unit of the open quantity';
COMMENT ON COLUMN live_positions.net_cash_flow IS 'Signed notional: Σ bought minus Σ sold';
COMMENT ON COLUMN live_positions.realized_pnl IS 'Profit and loss of reduced quantity against average cost';
COMMENT ON COLUMN live_positions.fees IS 'Fees paid';
COMMENT ON COLUMN live_positions.trade_count IS 'Number of fills';
COMMENT ON COLUMN live_positions.last_update IS 'Event time of the newest fill, UTC';

-- mark = mid while two-sided, else the last price; without a mark the row stays and the value is NULL.
CREATE OR REPLACE VIEW live_pnl WITH (security_barrier) AS
SELECT
    p.tenant_id,
    p.account,
    p.symbol,
    p.net_qty,
    p.net_cash_flow,
    p.average_cost,
    coalesce((q.bid + q.ask) / 2, q.last_price)::numeric(38, 7) AS mark,
    ((q.bid + q.ask) / 2)::numeric(38, 7) AS mid_price,
    p.realized_pnl,
    (
        p.net_qty * p.multiplier * (coalesce((q.bid + q.ask) / 2, q.last_price) - p.average_cost)
    )::numeric(38, 10) AS unrealized_pnl,
    greatest(p.last_update, q.last_update) AS as_of
FROM hot.positions AS p
LEFT JOIN hot.quotes AS q USING (symbol);

COMMENT ON VIEW live_pnl IS 'Realised and unrealised profit and loss per account and symbol.';
COMMENT ON COLUMN live_pnl.tenant_id IS 'Whose position it is';
COMMENT ON COLUMN live_pnl.account IS 'Account of the tenant';
COMMENT ON COLUMN live_pnl.symbol IS 'Ticker';
COMMENT ON COLUMN live_pnl.net_qty IS 'Bought minus sold';
COMMENT ON COLUMN live_pnl.net_cash_flow IS 'Signed notional: Σ bought minus Σ sold';
COMMENT ON COLUMN live_pnl.average_cost IS 'Average cost per unit of the open quantity';
COMMENT ON COLUMN live_pnl.mark IS 'Price the position is valued at: mid if two-sided, else last; NULL without either';
COMMENT ON COLUMN live_pnl.mid_price IS '(bid + ask) / 2; NULL unless two-sided';
COMMENT ON COLUMN live_pnl.realized_pnl IS 'Profit and loss of reduced quantity against average cost';
COMMENT ON COLUMN live_pnl.unrealized_pnl IS 'net quantity × multiplier × (mark − average cost); NULL without a mark';
COMMENT ON COLUMN live_pnl.as_of IS 'Newest event time among position and quote, UTC';
