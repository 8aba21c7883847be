-- Each fill with the central counterparty that clears its venue on that day, and the day it settles: business
-- days are Monday to Friday; a bank holiday moves the day further. A venue that nobody clears stays, unmatched. Everything about
-- fills is made from this table, so that one run tells of the same fills everywhere; one that arrives while it
-- runs is in the next.
{{ config(order_by='(tenant_id, trade_date, symbol, fill_id)') }}
WITH matched AS (
    SELECT f.*, c.counterparty_id AS found_id, c.name AS found_name, c.settlement_days AS found_days
    FROM {{ ref('stg_fills') }} AS f
    LEFT JOIN {{ ref('counterparties') }} AS c
        ON f.venue = c.venue AND f.trade_date >= c.valid_from AND f.trade_date <= c.valid_to
)
SELECT
    m.tenant_id AS tenant_id,
    m.account AS account,
    m.symbol AS symbol,
    d.instrument_key AS instrument_key,
    d.multiplier AS multiplier,
    m.order_id AS order_id,
    m.fill_id AS fill_id,
    m.event_time AS event_time,
    m.trade_date AS trade_date,
    m.side AS side,
    m.quantity AS quantity,
    m.price AS price,
    m.notional AS notional,
    m.fee AS fee,
    m.venue AS venue,
    m.sequence AS sequence,
    m.found_id IS NOT NULL AS is_matched,
    ifNull(m.found_id, '') AS counterparty_id,
    ifNull(m.found_name, '') AS counterparty_name,
    if(
        m.found_days IS NULL,
        NULL,
        -- Every five business days are a week; the rest steps over the weekend where it would end on or after it.
        m.trade_date + intDiv(assumeNotNull(m.found_days), 5) * 7 + assumeNotNull(m.found_days) % 5
        + if(toDayOfWeek(m.trade_date) + assumeNotNull(m.found_days) % 5 > 5, 2, 0)
    ) AS settles_on,
    m.ingest_time AS ingest_time,
    m.source_file AS source_file,
    m.row_no AS row_no
FROM matched AS m
INNER JOIN {{ ref('int_symbol_days') }} AS d ON m.symbol = d.symbol AND m.trade_date = d.trade_date
