-- A correction replaces the trade that it names, a cancellation removes it; of several about the same trade
-- the one written last holds.
WITH
    changes AS (
        SELECT * FROM {{ source('flowforge', 'raw_trades') }} WHERE status != 'new'
    ),
    newest_changes AS (
        SELECT * FROM changes ORDER BY ingest_time DESC, sequence DESC, row_no DESC LIMIT 1 BY symbol, corrects_id
    )
SELECT
    trade_id, event_time, symbol, side, quantity, price, notional, trade_date, session, venue, sequence, conditions,
    suspicious, ohlc_eligible, volume_eligible, status, source, ingest_time, source_file, row_no
FROM {{ source('flowforge', 'raw_trades') }}
WHERE status = 'new' AND (symbol, trade_id) NOT IN (SELECT symbol, corrects_id FROM changes)
UNION ALL
SELECT
    trade_id, event_time, symbol, side, quantity, price, notional, trade_date, session, venue, sequence, conditions,
    suspicious, ohlc_eligible, volume_eligible, status, source, ingest_time, source_file, row_no
FROM newest_changes
WHERE
    status = 'correct'
    AND (symbol, trade_id) NOT IN (SELECT symbol, corrects_id FROM changes WHERE corrects_id != trade_id)
