-- Executions of tenants' orders: the only thing that positions come from.
SELECT
    tenant_id,
    account,
    symbol,
    order_id,
    fill_id,
    event_time,
    trade_date,
    side,
    quantity,
    assumeNotNull(price) AS price,
    toDecimal128(quantity, 4) * toDecimal128(assumeNotNull(price), 6) AS notional,
    fee,
    venue,
    sequence,
    source,
    ingest_time,
    source_file,
    row_no
FROM {{ source('flowforge', 'raw_orders') }}
WHERE status IN ('filled', 'partially_filled') AND price IS NOT NULL AND fill_id != ''
-- A fill that was delivered twice is one fill.
ORDER BY event_time, sequence, source_file, row_no
LIMIT 1 BY tenant_id, account, fill_id
