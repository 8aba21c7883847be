-- What is not held is worth nothing, whatever its price: a flat position has no unrealised profit even while
-- there is no mark. NULL is for positions whose value is not known.
CREATE OR REPLACE VIEW live_pnl WITH (security_barrier) AS
SELECT
    p.tenant_id,
    p.account,
    p.symbol,
    p.net_qty,
    p.net_cash_flow,
    p.average_cost,
    coalesce((q.bid + q.ask) / 2, l.price)::numeric(38, 7) AS mark,
    ((q.bid + q.ask) / 2)::numeric(38, 7) AS mid_price,
    p.realized_pnl,
    (
        CASE
            WHEN p.net_qty = 0 THEN 0
            ELSE p.net_qty * p.multiplier * (coalesce((q.bid + q.ask) / 2, l.price) - p.average_cost)
        END
    )::numeric(38, 10) AS unrealized_pnl,
    greatest(p.last_update, q.last_update) AS as_of
FROM hot.positions AS p
LEFT JOIN hot.quotes AS q USING (symbol)
LEFT JOIN hot.last_prices AS l USING (symbol);

COMMENT ON COLUMN live_pnl.unrealized_pnl IS 'net quantity × multiplier × (mark − average cost); 0 when flat, NULL without a mark';
