-- Reconciliation: what flowed is what was realised and what is tied up. Per position: Σ bought − Σ sold =
-- signed cost of what is open − realised; and the report's days add up to the position.
WITH
    positions AS (
        SELECT * FROM {{ ref('int_positions_daily') }} ORDER BY trade_date DESC LIMIT 1 BY tenant_id, account, symbol
    ),
    reported AS (
        SELECT tenant_id, account, symbol, sum(realized_pnl) AS realized, sum(net_cash_flow) AS cash_flow,
            sum(fees) AS paid, sum(trade_count) AS fills
        FROM {{ ref('rpt_daily_pnl') }} GROUP BY tenant_id, account, symbol
    ),
    compared AS (
        SELECT p.*, r.realized AS realized, r.cash_flow AS cash_flow, r.paid AS paid, r.fills AS fills
        FROM positions AS p
        LEFT JOIN reported AS r ON p.tenant_id = r.tenant_id AND p.account = r.account AND p.symbol = r.symbol
    )
SELECT * FROM compared
WHERE
    cash_flow_to_date != toDecimal256(if(net_qty < 0, -1, 1) * open_cost, 10) * multiplier - realized_to_date
    OR fills IS NULL OR fills != fills_to_date OR realized != realized_to_date
    OR cash_flow != cash_flow_to_date OR paid != fees_to_date
