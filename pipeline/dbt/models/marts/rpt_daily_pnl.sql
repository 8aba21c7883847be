-- One row per account, symbol and trading day on which it traded or held a position. Made anew from all fills: a
-- late fill changes every day after it.
{{ config(order_by='(tenant_id, symbol, trade_date, account)') }}
WITH
    fills AS (
        SELECT
            tenant_id, account, toString(symbol) AS symbol, trade_date,
            toDecimal128(sum(quantity), 4) AS total_volume,
            toInt64(count()) AS trade_count,
            {{ quotient("sum(notional)", 10, "sum(quantity)", 4, 12) }} AS avg_price
        FROM {{ ref('int_clearing_matched') }}
        GROUP BY tenant_id, account, symbol, trade_date
    ),
    positions AS (SELECT * FROM {{ ref('int_positions_daily') }}),
    spans AS (
        SELECT tenant_id, account, symbol, min(trade_date) AS first_day FROM positions GROUP BY tenant_id, account, symbol
    ),
    days AS (
        SELECT s.tenant_id AS tenant_id, s.account AS account, s.symbol AS symbol, m.trade_date AS trade_date
        FROM spans AS s
        INNER JOIN {{ ref('stg_daily_marks') }} AS m ON s.symbol = m.symbol
        WHERE m.trade_date >= s.first_day
        UNION DISTINCT
        SELECT tenant_id, account, symbol, trade_date FROM positions
    ),
    held AS (
        SELECT
            d.tenant_id AS tenant_id, d.account AS account, d.symbol AS symbol, d.trade_date AS trade_date,
            p.net_qty AS net_qty, p.open_cost AS open_cost, p.multiplier AS multiplier,
            p.realized_to_date AS realized_to_date, p.cash_flow_to_date AS cash_flow_to_date, p.fees_to_date AS fees_to_date
        FROM days AS d
        ASOF INNER JOIN positions AS p
            ON d.tenant_id = p.tenant_id AND d.account = p.account AND d.symbol = p.symbol AND d.trade_date >= p.trade_date
    ),
    changes AS (
        SELECT
            *,
            realized_to_date - lagInFrame(realized_to_date, 1, toDecimal128(0, 10)) OVER w AS realized,
            cash_flow_to_date - lagInFrame(cash_flow_to_date, 1, toDecimal128(0, 10)) OVER w AS cash_flow,
            fees_to_date - lagInFrame(fees_to_date, 1, toDecimal128(0, 10)) OVER w AS fees_of_day
        FROM held
        WINDOW w AS (
            PARTITION BY tenant_id, account, symbol ORDER BY trade_date ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        )
    )
SELECT
    c.tenant_id AS tenant_id,
    c.account AS account,
    c.symbol AS symbol,
    assumeNotNull(k.instrument_key) AS instrument_key,
    c.trade_date AS trade_date,
    toDecimal128(c.realized, 10) AS realized_pnl,
    multiIf(
        c.net_qty = 0, toDecimal128(0, 10),
        m.mark IS NULL, NULL,
        toDecimal128(round(toDecimal256(c.multiplier, 6)
            * (toDecimal256(c.net_qty, 4) * assumeNotNull(m.mark) - if(c.net_qty < 0, -1, 1) * toDecimal256(c.open_cost, 10)), 10), 10)
    ) AS unrealized_pnl,
    toDecimal128(c.fees_of_day, 10) AS fees,
    toDecimal128(c.cash_flow, 10) AS net_cash_flow,
    c.net_qty AS net_qty,
    ifNull({{ quotient("c.open_cost", 10, "abs(c.net_qty)", 4, 12) }}, toDecimal128(0, 12)) AS average_cost,
    m.mark AS mark,
    ifNull(f.total_volume, toDecimal128(0, 4)) AS total_volume,
    ifNull(f.trade_count, toInt64(0)) AS trade_count,
    f.avg_price AS avg_price
FROM changes AS c
LEFT JOIN fills AS f
    ON c.tenant_id = f.tenant_id AND c.account = f.account AND c.symbol = f.symbol AND c.trade_date = f.trade_date
LEFT JOIN {{ ref('stg_daily_marks') }} AS m ON c.symbol = m.symbol AND c.trade_date = m.trade_date
INNER JOIN {{ ref('int_symbol_days') }} AS k ON c.symbol = k.symbol AND c.trade_date = k.trade_date
WHERE c.net_qty != 0 OR f.trade_count IS NOT NULL
