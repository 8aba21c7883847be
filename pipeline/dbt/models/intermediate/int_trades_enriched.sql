-- Trades that hold, each with the key of what its symbol meant on its day.
{{ config(materialized='view') }}
SELECT t.*, d.instrument_key AS instrument_key
FROM {{ ref('stg_trades') }} AS t
INNER JOIN {{ ref('int_symbol_days') }} AS d ON t.symbol = d.symbol AND t.trade_date = d.trade_date
