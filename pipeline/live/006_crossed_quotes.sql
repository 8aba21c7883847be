-- The best of each venue's latest quote that has not expired. A side expires ten minutes of the symbol's own
-- event time after it was quoted – a venue that went silent does not set the best price for ever, and a replay
-- of an old day is not expired as a whole – and when a newer quote of another venue crosses it: whoever
-- quoted it would have been traded with.
CREATE OR REPLACE FUNCTION hot.refresh_best() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO hot.quotes AS q (symbol, bid, ask, bid_size, ask_size, last_update)
    SELECT n.symbol, b.bid, a.ask, b.bid_size, a.ask_size,
        timestamptz 'epoch' + n.newest / 1000 * interval '1 microsecond'
    FROM (
        SELECT v.symbol, max(greatest(v.bid_ns, v.ask_ns)) AS newest
        FROM hot.venue_quotes AS v
        WHERE v.symbol IN (SELECT c.symbol FROM changed AS c)
        GROUP BY v.symbol
    ) AS n
    LEFT JOIN LATERAL (
        SELECT v.bid, v.bid_size
        FROM hot.venue_quotes AS v
        WHERE v.symbol = n.symbol AND v.bid IS NOT NULL AND v.bid_ns > n.newest - 600000000000
            AND NOT EXISTS (
                SELECT FROM hot.venue_quotes AS o
                WHERE o.symbol = v.symbol AND o.venue != v.venue AND o.ask < v.bid AND o.ask_ns > v.bid_ns
            )
        ORDER BY v.bid DESC, v.bid_ns DESC, v.venue
        LIMIT 1
    ) AS b ON true
    LEFT JOIN LATERAL (
        SELECT v.ask, v.ask_size
        FROM hot.venue_quotes AS v
        WHERE v.symbol = n.symbol AND v.ask IS NOT NULL AND v.ask_ns > n.newest - 600000000000
            AND NOT EXISTS (
                SELECT FROM hot.venue_quotes AS o
                WHERE o.symbol = v.symbol AND o.venue != v.venue AND o.bid > v.ask AND o.bid_ns > v.ask_ns
            )
        ORDER BY v.ask, v.ask_ns DESC, v.venue
        LIMIT 1
    ) AS a ON true
    ORDER BY n.symbol
    ON CONFLICT (symbol) DO UPDATE
    SET bid = EXCLUDED.bid, ask = EXCLUDED.ask, bid_size = EXCLUDED.bid_size, ask_size = EXCLUDED.ask_size,
        last_update = EXCLUDED.last_update;
    PERFORM pg_notify('live_changed', 'live_quotes');
    RETURN NULL;
END
$$;
