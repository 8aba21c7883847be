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
FROM normalized_trades;

CREATE VIEW IF NOT EXISTS positions AS
SELECT
    data ->> 'tenant_id' AS tenant_id,
    data ->> 'account' AS account,
    data ->> 'symbol' AS symbol,
    (data ->> 'multiplier')::numeric AS multiplier,
    (data ->> 'net_qty')::numeric AS net_qty,
    (data ->> 'average_cost')::numeric AS average_cost,
    (data ->> 'net_cash_flow')::numeric AS net_cash_flow,
    (data ->> 'realized_pnl')::numeric AS realized_pnl,
    (data ->> 'fees')::numeric AS fees,
    (data ->> 'trade_count')::bigint AS trade_count,
    (data ->> 'last_update')::timestamptz AS last_update
FROM position_states;

-- A quote may carry one side and speaks for one venue: the best of each venue's latest bid and ask.
CREATE VIEW IF NOT EXISTS best_bids AS
SELECT DISTINCT ON (symbol) symbol, bid, bid_size, event_time
FROM (
    SELECT DISTINCT ON (symbol, venue) symbol, venue, bid, bid_size, event_time
    FROM quotes
    WHERE bid IS NOT NULL
    ORDER BY symbol, venue, event_time DESC, sequence DESC
) AS latest
ORDER BY symbol, bid DESC, event_time DESC;

CREATE VIEW IF NOT EXISTS best_asks AS
SELECT DISTINCT ON (symbol) symbol, ask, ask_size, event_time
FROM (
    SELECT DISTINCT ON (symbol, venue) symbol, venue, ask, ask_size, event_time
    FROM quotes
    WHERE ask IS NOT NULL
    ORDER BY symbol, venue, event_time DESC, sequence DESC
) AS latest
ORDER BY symbol, ask ASC, event_time DESC;

CREATE VIEW IF NOT EXISTS last_prices AS
SELECT DISTINCT ON (symbol) symbol, price
FROM trades
ORDER BY symbol, event_time DESC, sequence DESC;
