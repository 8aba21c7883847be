-- Whole days are made anew where something was written since the last run, and each replaces its partition at
-- once: a late, corrected or cancelled trade changes its day, a run that is repeated changes nothing.
{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by='trade_date',
    order_by='(symbol, event_time, sequence, source_file, row_no)',
    on_schema_change='fail',
    post_hook="{{ drop_emptied_days(source('flowforge', 'raw_trades'), ref('int_trades_enriched')) }}"
) }}
SELECT
    t.trade_id AS trade_id,
    t.event_time AS event_time,
    t.symbol AS symbol,
    t.instrument_key AS instrument_key,
    i.name AS instrument_name,
    toLowCardinality(i.sector) AS sector,
    toLowCardinality(i.exchange) AS exchange,
    toLowCardinality(i.currency) AS currency,
    toLowCardinality(toString(t.side)) AS side,
    t.quantity AS quantity,
    t.price AS price,
    t.notional AS notional,
    t.trade_date AS trade_date,
    toInt64(toHour(t.event_time)) AS trade_hour,
    toLowCardinality(toString(t.session)) AS session,
    t.venue AS venue,
    t.ohlc_eligible AS ohlc_eligible,
    t.volume_eligible AS volume_eligible,
    t.suspicious AS suspicious,
    t.source AS source,
    t.sequence AS sequence,
    t.source_file AS source_file,
    t.row_no AS row_no,
    t.ingest_time AS ingest_time
FROM {{ ref('int_trades_enriched') }} AS t
INNER JOIN {{ ref('dim_instruments') }} AS i ON t.instrument_key = i.instrument_key
WHERE {{ changed_days(source('flowforge', 'raw_trades')) }}
