{{ config(order_by='(symbol, valid_from)') }}
SELECT
    {{ instrument_key("symbol", "valid_from", "1") }} AS instrument_key,
    instrument_id,
    toString(symbol) AS symbol,
    name,
    toString(kind) AS kind,
    toString(sector) AS sector,
    toString(exchange) AS exchange,
    toString(currency) AS currency,
    toString(calendar) AS calendar,
    lot_size,
    tick_size,
    multiplier,
    toString(underlying) AS underlying,
    expiry,
    strike,
    toString(option_type) AS option_type,
    valid_from,
    valid_to,
    true AS is_known
FROM {{ ref('stg_instruments') }}
UNION ALL
SELECT DISTINCT
    instrument_key,
    concat('UNKNOWN:', symbol),
    symbol,
    symbol,
    'unknown',
    '', '', '', '',
    toDecimal64(1, 4),
    CAST(NULL, 'Nullable(Decimal(18, 6))'),
    toDecimal64(1, 6),
    '',
    CAST(NULL, 'Nullable(Date)'),
    CAST(NULL, 'Nullable(Decimal(18, 6))'),
    '',
    toDate('1970-01-01'),
    toDate('2149-06-06'),
    false
FROM {{ ref('int_symbol_days') }}
WHERE NOT is_known
