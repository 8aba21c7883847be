-- Reconciliation: by day, the mart has as many trades, units and money as the tape. Compared up to a minute
-- before the mart's newest row, since trades may arrive while this runs; a day that was corrected since is in
-- the next run.
WITH
    cut AS (SELECT max(ingest_time) - INTERVAL 1 MINUTE AS at FROM {{ ref('fct_trades') }}),
    corrected AS (
        SELECT trade_date FROM {{ source('flowforge', 'raw_trades') }}
        WHERE status != 'new' AND ingest_time > (SELECT at FROM cut)
    ),
    delivered AS (
        SELECT trade_date, count() AS trades, sum(quantity) AS units, sum(notional) AS money
        FROM {{ ref('stg_trades') }} WHERE ingest_time <= (SELECT at FROM cut) GROUP BY trade_date
    ),
    published AS (
        SELECT trade_date, count() AS trades, sum(quantity) AS units, sum(notional) AS money
        FROM {{ ref('fct_trades') }} WHERE ingest_time <= (SELECT at FROM cut) GROUP BY trade_date
    )
SELECT *
FROM delivered AS d
FULL OUTER JOIN published AS p ON d.trade_date = p.trade_date
WHERE (d.trades IS NULL OR p.trades IS NULL OR d.trades != p.trades OR d.units != p.units OR d.money != p.money)
    AND ifNull(d.trade_date, p.trade_date) NOT IN (SELECT trade_date FROM corrected)
