-- Envelopes as typed rows.
CREATE VIEW IF NOT EXISTS quotes AS
SELECT
    data -> 'payload' ->> 'symbol' AS symbol,
    coalesce(data -> 'payload' ->> 'venue', '') AS venue,
    (data ->> 'event_time')::timestamptz AS event_time,
    (data -> 'payload' ->> 'sequence')::bigint AS sequence,
    (data -> 'payload' ->> 'bid')::numeric AS bid,
    (data -> 'payload' ->> 'ask')::numeric AS ask,
    (data -> 'payload' ->> 'bid_size')::numeric AS bid_size,
    (data -> 'payload' ->> 'ask_size')::numeric AS ask_size
FROM normalized_quotes;

CREATE VIEW IF NOT EXISTS trades AS
SELECT
    data -> 'payload' ->> 'symbol' AS symbol,
    (data ->> 'event_time')::timestamptz AS event_time,
    (data -> 'payload' ->> 'sequence')::bigint AS sequence,
    (data -> 'payload' ->> 'price')::numeric AS price
FROM normalized_trades
WHERE
    (data -> 'payload' ->> 'ohlc_eligible')::boolean
    AND data -> 'payload' ->> 'status' = 'new'
    AND (data -> 'payload' ->> 'price')::numeric > 0;

CREATE VIEW IF NOT EXISTS positions AS
SELECT
    data -> 'payload' ->> 'tenant_id' AS tenant_id,
    data -> 'payload' ->> 'account' AS account,
    data -> 'payload' ->> 'symbol' AS symbol,
    (data -> 'payload' ->> 'multiplier')::numeric AS multiplier,
    (data -> 'payload' ->> 'net_qty')::numeric AS net_qty,
    (data -> 'payload' ->> 'average_cost')::numeric AS average_cost,
    (data -> 'payload' ->> 'net_cash_flow')::numeric AS net_cash_flow,
    (data -> 'payload' ->> 'realized_pnl')::numeric AS realized_pnl,
    (data -> 'payload' ->> 'fees')::numeric AS fees,
    (data -> 'payload' ->> 'trade_count')::bigint AS trade_count,
    (data -> 'payload' ->> 'last_update')::timestamptz AS last_update
FROM position_states;

-- A quote may carry one side and speaks for one venue: the best of each venue's latest bid and ask. A price
-- or size of zero withdraws the side. A side holds for ten minutes of the symbol's own event time.
CREATE VIEW IF NOT EXISTS newest_quotes AS
SELECT symbol, max(event_time) AS newest
FROM quotes
GROUP BY symbol;

CREATE VIEW IF NOT EXISTS venue_bids AS
SELECT l.symbol, l.venue, l.bid, l.bid_size, l.event_time
FROM (
    SELECT DISTINCT ON (symbol, venue) symbol, venue, bid, bid_size, event_time
    FROM quotes
    WHERE bid IS NOT NULL
    ORDER BY symbol, venue, event_time DESC, sequence DESC
) AS l
JOIN newest_quotes AS n ON l.symbol = n.symbol
WHERE l.bid > 0 AND coalesce(l.bid_size, 1) > 0 AND l.event_time > n.newest - INTERVAL '10' MINUTE;

CREATE VIEW IF NOT EXISTS venue_asks AS
SELECT l.symbol, l.venue, l.ask, l.ask_size, l.event_time
FROM (
    SELECT DISTINCT ON (symbol, venue) symbol, venue, ask, ask_size, event_time
    FROM quotes
    WHERE ask IS NOT NULL
    ORDER BY symbol, venue, event_time DESC, sequence DESC
) AS l
JOIN newest_quotes AS n ON l.symbol = n.symbol
WHERE l.ask > 0 AND coalesce(l.ask_size, 1) > 0 AND l.event_time > n.newest - INTERVAL '10' MINUTE;

-- A side that a newer quote of another venue crosses has expired, too.
CREATE VIEW IF NOT EXISTS best_bids AS
SELECT DISTINCT ON (symbol) b.symbol, b.bid, b.bid_size, b.event_time
FROM venue_bids AS b
WHERE NOT EXISTS (
    SELECT 1 FROM venue_asks AS o
    WHERE o.symbol = b.symbol AND o.venue != b.venue AND o.ask < b.bid AND o.event_time > b.event_time
)
ORDER BY symbol, bid DESC, event_time DESC;

CREATE VIEW IF NOT EXISTS best_asks AS
SELECT DISTINCT ON (symbol) a.symbol, a.ask, a.ask_size, a.event_time
FROM venue_asks AS a
WHERE NOT EXISTS (
    SELECT 1 FROM venue_bids AS o
    WHERE o.symbol = a.symbol AND o.venue != a.venue AND o.bid > a.ask AND o.event_time > a.event_time
)
ORDER BY symbol, ask ASC, event_time DESC;

CREATE VIEW IF NOT EXISTS last_prices AS
SELECT DISTINCT ON (symbol) symbol, price
FROM trades
ORDER BY symbol, event_time DESC, sequence DESC;
