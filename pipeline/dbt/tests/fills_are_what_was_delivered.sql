-- Reconciliation: per tenant, every execution of the orders' feed is there once, up to a minute before the newest.
WITH
    cut AS (SELECT max(ingest_time) - INTERVAL 1 MINUTE AS at FROM {{ ref('int_clearing_matched') }}),
    delivered AS (
        SELECT tenant_id, uniqExact(account, fill_id) AS fills FROM {{ source('flowforge', 'raw_orders') }}
        WHERE status IN ('filled', 'partially_filled') AND price IS NOT NULL AND fill_id != ''
            AND ingest_time <= (SELECT at FROM cut)
        GROUP BY tenant_id
    ),
    matched AS (
        SELECT tenant_id, count() AS fills FROM {{ ref('int_clearing_matched') }}
        WHERE ingest_time <= (SELECT at FROM cut) GROUP BY tenant_id
    )
SELECT * FROM delivered AS d
FULL OUTER JOIN matched AS m ON d.tenant_id = m.tenant_id
WHERE d.fills IS NULL OR m.fills IS NULL OR d.fills != m.fills
