-- One row per symbol and first day of validity, in its newest revision. Spans never overlap: one ends where
-- the next begins.
WITH newest AS (
    SELECT * FROM {{ source('reference', 'instruments') }} ORDER BY revision DESC LIMIT 1 BY symbol, valid_from
)
SELECT
    instrument_id,
    symbol,
    name,
    kind,
    sector,
    exchange,
    currency,
    calendar,
    lot_size,
    tick_size,
    multiplier,
    underlying,
    expiry,
    strike,
    option_type,
    valid_from,
    least(
        toInt64(toInt32(valid_to)),
        leadInFrame(toInt64(toInt32(valid_from)), 1, toInt64(toInt32(toDate('2149-06-06')) + 1)) OVER (
            PARTITION BY symbol ORDER BY valid_from ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
        ) - 1
    )::Int32::Date AS valid_to
FROM newest
