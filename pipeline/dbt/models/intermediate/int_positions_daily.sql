-- Every account's position at the end of each day with a fill, folded from all its fills in order by the
-- average-cost method: what increases a position adds to its cost, what reduces it releases cost in proportion
-- and realises the difference, what turns it round does both. The whole cost leaves with the last unit, so that
-- a flat position has realised what flowed, to the last digit.
{{ config(order_by='(tenant_id, account, symbol, trade_date)') }}
{# State a: quantity, open cost per multiplier, realised, cash flow, fees, fills, states at the ends of days.
   Fill x: signed quantity, price, fee, multiplier, day, whether it is the last of its day. #}
{% set flat = "(a.1 = 0)" %}
{% set closing = "if(" ~ flat ~ " OR (a.1 > 0) = (x.1 > 0), toDecimal256(0, 4), least(abs(x.1), abs(a.1)))" %}
{% set released -%}
if({{ closing }} = abs(a.1), a.2, toDecimal256(round(divideDecimal(
    a.2 * {{ closing }}, if({{ flat }}, toDecimal256(1, 4), abs(a.1)), 24), 10), 10))
{%- endset %}
{% set quantity = "toDecimal256(a.1 + x.1, 4)" %}
{% set cost = "toDecimal256(a.2 - " ~ released ~ " + (abs(x.1) - " ~ closing ~ ") * x.2, 10)" %}
{% set realized -%}
toDecimal256(a.3 + round(if(a.1 > 0, 1, -1) * ({{ closing }} * x.2 - {{ released }}) * x.4, 10), 10)
{%- endset %}
{% set cash = "toDecimal256(a.4 + round(x.1 * x.2 * x.4, 10), 10)" %}
{% set fees = "toDecimal256(a.5 + x.3, 10)" %}
WITH
    numbered AS (
        SELECT
            f.tenant_id AS tenant_id, f.account AS account, toString(f.symbol) AS symbol, f.trade_date AS trade_date,
            toDecimal256(if(f.side = 'BUY', f.quantity, -f.quantity), 4) AS signed,
            toDecimal256(f.price, 6) AS price,
            toDecimal256(f.fee, 6) AS fee,
            toDecimal256(f.multiplier, 6) AS multiplier,
            (f.event_time, f.sequence, toString(f.source_file), f.row_no) AS place
        FROM {{ ref('int_clearing_matched') }} AS f
    ),
    ordered AS (
        SELECT
            tenant_id, account, symbol,
            arraySort(fill -> fill.1, groupArray((place, signed, price, fee, multiplier, trade_date))) AS fills,
            arrayMap(
                (fill, number) -> (fill.2, fill.3, fill.4, fill.5, fill.6,
                    number = length(fills) OR fills[number + 1].6 != fill.6),
                fills, arrayEnumerate(fills)
            ) AS steps
        FROM numbered
        GROUP BY tenant_id, account, symbol
    ),
    folded AS (
        SELECT
            tenant_id, account, symbol,
            arrayFold(
                (a, x) -> (
                    {{ quantity }}, {{ cost }}, {{ realized }}, {{ cash }}, {{ fees }}, a.6 + 1,
                    if(x.6,
                        arrayPushBack(a.7, ({{ quantity }}, {{ cost }}, {{ realized }}, {{ cash }}, {{ fees }}, a.6 + 1, x.4, x.5)),
                        a.7)
                ),
                steps,
                (
                    toDecimal256(0, 4), toDecimal256(0, 10), toDecimal256(0, 10), toDecimal256(0, 10),
                    toDecimal256(0, 10), toInt64(0),
                    CAST([], 'Array(Tuple(Decimal(76, 4), Decimal(76, 10), Decimal(76, 10), Decimal(76, 10), Decimal(76, 10), Int64, Decimal(76, 6), Date))')
                )
            ).7 AS days
        FROM ordered
    )
SELECT
    tenant_id, account, symbol,
    day.8 AS trade_date,
    toDecimal128(day.1, 4) AS net_qty,
    toDecimal128(day.2, 10) AS open_cost,
    toDecimal128(day.3, 10) AS realized_to_date,
    toDecimal128(day.4, 10) AS cash_flow_to_date,
    toDecimal128(day.5, 10) AS fees_to_date,
    toInt64(day.6) AS fills_to_date,
    toDecimal64(day.7, 6) AS multiplier
FROM folded
ARRAY JOIN days AS day
