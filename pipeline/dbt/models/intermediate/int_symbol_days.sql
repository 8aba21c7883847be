-- Which instrument a symbol meant on each day on which it was traded. Symbols that the reference data does not
-- know on a day get a member of their own, so that no fact is left without a dimension.
{{ config(order_by='(symbol, trade_date)') }}
WITH
    days AS (
        SELECT DISTINCT symbol, trade_date FROM {{ source('flowforge', 'raw_trades') }}
        UNION DISTINCT
        SELECT DISTINCT symbol, trade_date FROM {{ ref('stg_fills') }}
    ),
    matched AS (
        SELECT d.symbol AS symbol, d.trade_date AS trade_date, i.instrument_id AS instrument_id,
            i.valid_from AS valid_from, i.valid_to AS valid_to, i.multiplier AS multiplier
        FROM days AS d
        ASOF LEFT JOIN {{ ref('stg_instruments') }} AS i ON d.symbol = i.symbol AND d.trade_date >= i.valid_from
    )
SELECT
    toString(symbol) AS symbol,
    trade_date,
    ifNull(instrument_id IS NOT NULL AND trade_date <= valid_to, 0) AS is_known,
    {{ instrument_key("symbol", "if(is_known, assumeNotNull(valid_from), toDate('1970-01-01'))", "is_known") }} AS instrument_key,
    if(is_known, assumeNotNull(multiplier), toDecimal64(1, 6)) AS multiplier
FROM matched
