-- Close-to-close volatility of 1-minute last prices inside the regular session: logarithmic returns,
-- no filling, overnight excluded, sample deviation × √(252 × 390). Read with FINAL.
CREATE TABLE IF NOT EXISTS metrics.rolling_volatility
(
    symbol         LowCardinality(String) COMMENT 'Ticker',
    window_end     DateTime64(3, 'UTC') COMMENT 'End of both windows, exclusive',
    volatility_1h  Nullable(Decimal(18, 8)) COMMENT 'Annualised, over the hour before window_end; NULL under 30 returns',
    volatility_24h Nullable(Decimal(18, 8)) COMMENT 'Annualised, over the 24 hours before window_end; NULL under 30 returns',
    return_pct     Nullable(Decimal(18, 8)) COMMENT 'Return over the hour before window_end, in percent',
    returns_1h     Int64 COMMENT 'Number of 1-minute returns in the hour',
    returns_24h    Int64 COMMENT 'Number of 1-minute returns in the 24 hours',
    available_at   DateTime64(3, 'UTC') COMMENT 'From when the row could be known; as-of joins use this',
    revision       UInt64 COMMENT 'Grows each time the row is computed anew; reads take the highest'
)
ENGINE = ReplacingMergeTree(revision)
PARTITION BY toYYYYMM(window_end)
ORDER BY (symbol, window_end)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Annualised volatility per symbol over the last hour and the last 24 hours.';
