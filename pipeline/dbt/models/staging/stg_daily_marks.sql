-- The price that a position is valued at when its day ends: the last eligible price of the day.
SELECT symbol, day AS trade_date, close AS mark
FROM {{ source('metrics', 'daily_rollup') }}
WHERE close IS NOT NULL
