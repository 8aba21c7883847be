-- Five-minute windows over the eligible trades of the regular session. A window is written again,
-- with a higher revision, when a late, corrected or cancelled trade changes it: read with FINAL.
CREATE TABLE IF NOT EXISTS metrics.vwap_5min
(
    symbol       LowCardinality(String) COMMENT 'Ticker',
    window_end   DateTime64(3, 'UTC') COMMENT 'End of the window, exclusive',
    vwap         Nullable(Decimal(38, 12)) COMMENT 'Σ(price × quantity) / Σ(quantity) over volume-eligible trades; NULL at zero volume',
    volume       Decimal(38, 4) COMMENT 'Σ(quantity) over volume-eligible trades',
    trade_count  Int64 COMMENT 'Number of eligible trades',
    spread_bps   Nullable(Decimal(18, 4)) COMMENT 'High–low range of the window in basis points of the low; not a bid–ask spread',
    notional     Decimal(38, 10) COMMENT 'Σ(price × quantity), exact; coarser bars add this up, never VWAPs',
    high         Nullable(Decimal(18, 6)) COMMENT 'Highest eligible price',
    low          Nullable(Decimal(18, 6)) COMMENT 'Lowest eligible price',
    bucket_start DateTime64(3, 'UTC') COMMENT 'Start of the window, inclusive',
    bucket_end   DateTime64(3, 'UTC') COMMENT 'End of the window, exclusive',
    available_at DateTime64(3, 'UTC') COMMENT 'From when the window could be known; as-of joins use this',
    revision     UInt64 COMMENT 'Grows each time the window is computed anew; reads take the highest'
)
ENGINE = ReplacingMergeTree(revision)
PARTITION BY toYYYYMM(window_end)
ORDER BY (symbol, window_end)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Volume-weighted average price per symbol and five minutes of the regular session.';
