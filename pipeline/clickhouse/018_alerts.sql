-- Anomalies that the pipeline found: a minute whose volume, spread or return is far from those before it.
-- Found again after a crash, an alert is the same row: read with FINAL.
CREATE TABLE IF NOT EXISTS metrics.alerts
(
    symbol       LowCardinality(String) COMMENT 'Ticker',
    window_end   DateTime64(3, 'UTC') COMMENT 'End of the minute, exclusive',
    kind         Enum8('volume' = 1, 'spread' = 2, 'price' = 3) COMMENT 'What was unusual',
    window_start DateTime64(3, 'UTC') COMMENT 'Start of the minute, inclusive',
    value        Decimal(38, 8) COMMENT 'Volume in units, spread in basis points, or return in percent',
    threshold    Decimal(38, 8) COMMENT 'From where on it is unusual, in the same unit',
    score        Decimal(38, 8) COMMENT 'Robust z-score of the value (of its logarithm for volume and spread)',
    available_at DateTime64(3, 'UTC') COMMENT 'From when the alert could be known; as-of joins use this',
    revision     UInt64 COMMENT 'Grows each time the row is written anew; reads take the highest'
)
ENGINE = ReplacingMergeTree(revision)
PARTITION BY toYYYYMM(window_end)
ORDER BY (symbol, window_end, kind)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Unusual minutes per symbol: volume, spread or price.';
