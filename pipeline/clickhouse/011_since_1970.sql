-- No trade and no quote is older than 1970. Readers rely on it: below the second ClickHouse truncates
-- towards 1970, so that only later times can be put into buckets without a detour.
ALTER TABLE flowforge.raw_trades
    ADD CONSTRAINT IF NOT EXISTS event_time_since_1970 CHECK event_time >= toDateTime64('1970-01-01 00:00:00', 9, 'UTC');

ALTER TABLE flowforge.raw_quotes
    ADD CONSTRAINT IF NOT EXISTS event_time_since_1970 CHECK event_time >= toDateTime64('1970-01-01 00:00:00', 9, 'UTC');
