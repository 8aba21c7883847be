-- What the hot lane writes. Times are nanoseconds since 1970: timestamptz would round them.

-- The latest quote of each venue, side by side; the best of them is kept in hot.quotes by a trigger.
CREATE TABLE IF NOT EXISTS hot.venue_quotes (
    symbol       text NOT NULL,
    venue        text NOT NULL,
    bid          numeric(18, 6),
    bid_size     numeric(18, 4),
    bid_ns       bigint NOT NULL DEFAULT -1,
    bid_sequence bigint NOT NULL DEFAULT -1,
    ask          numeric(18, 6),
    ask_size     numeric(18, 4),
    ask_ns       bigint NOT NULL DEFAULT -1,
    ask_sequence bigint NOT NULL DEFAULT -1,
    PRIMARY KEY (symbol, venue)
);

-- The newest eligible trade of each symbol: the mark of a position while its quote is one-sided.
CREATE TABLE IF NOT EXISTS hot.last_prices (
    symbol   text PRIMARY KEY,
    price    numeric(18, 6) NOT NULL,
    event_ns bigint NOT NULL,
    sequence bigint NOT NULL
);

-- Every fill once: what positions are folded from, and folded anew when one arrives late.
CREATE TABLE IF NOT EXISTS hot.fills (
    arrival    bigint GENERATED ALWAYS AS IDENTITY,
    tenant_id  text NOT NULL CHECK (tenant_id ~ '^[a-z0-9-]{1,63}$'),
    fill_id    text NOT NULL,
    order_id   text NOT NULL,
    account    text NOT NULL,
    symbol     text NOT NULL,
    side       text NOT NULL CHECK (side IN ('BUY', 'SELL')),
    quantity   numeric(18, 4) NOT NULL CHECK (quantity > 0),
    price      numeric(18, 6) NOT NULL,
    fee        numeric(18, 6) NOT NULL,
    multiplier numeric(18, 6) NOT NULL,
    event_ns   bigint NOT NULL,
    PRIMARY KEY (tenant_id, fill_id)
);
CREATE INDEX IF NOT EXISTS fills_of_position ON hot.fills (tenant_id, account, symbol, event_ns, arrival);

-- How far each topic is applied. Written in the transaction of the rows, so that a message counts
-- once wherever the lane is killed. A broker that lost its topics begins a new epoch, from offset 0.
CREATE TABLE IF NOT EXISTS hot.offsets (
    epoch       text NOT NULL,
    topic       text NOT NULL,
    partition   integer NOT NULL,
    next_offset bigint NOT NULL,
    PRIMARY KEY (epoch, topic, partition)
);

ALTER TABLE hot.positions ADD COLUMN IF NOT EXISTS open_cost numeric(38, 10) NOT NULL DEFAULT 0;
ALTER TABLE hot.positions ADD COLUMN IF NOT EXISTS last_ns bigint NOT NULL DEFAULT 0;
ALTER TABLE hot.positions ADD COLUMN IF NOT EXISTS last_arrival bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN hot.positions.open_cost IS 'What the open quantity cost, without multiplier; average_cost is this over it';

-- A venue's side holds for ten minutes of the symbol's own event time: a venue that went silent does not
-- set the best price for ever, and a replay of an old day is not expired as a whole.
CREATE OR REPLACE FUNCTION hot.refresh_best() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO hot.quotes AS q (symbol, bid, ask, bid_size, ask_size, last_update)
    SELECT n.symbol, b.bid, a.ask, b.bid_size, a.ask_size, timestamptz 'epoch' + n.newest / 1000 * interval '1 microsecond'
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
        ORDER BY v.bid DESC, v.bid_ns DESC, v.venue
        LIMIT 1
    ) AS b ON true
    LEFT JOIN LATERAL (
        SELECT v.ask, v.ask_size
        FROM hot.venue_quotes AS v
        WHERE v.symbol = n.symbol AND v.ask IS NOT NULL AND v.ask_ns > n.newest - 600000000000
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

CREATE OR REPLACE TRIGGER best_of_inserted AFTER INSERT ON hot.venue_quotes
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION hot.refresh_best();
CREATE OR REPLACE TRIGGER best_of_updated AFTER UPDATE ON hot.venue_quotes
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION hot.refresh_best();

CREATE OR REPLACE FUNCTION hot.tell_positions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('live_changed', 'live_positions');
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER positions_changed AFTER INSERT OR UPDATE ON hot.positions
FOR EACH STATEMENT EXECUTE FUNCTION hot.tell_positions();

-- The last price has a table of its own, so that a symbol without a quote is not a quote.
CREATE OR REPLACE VIEW live_pnl WITH (security_barrier) AS
SELECT
    p.tenant_id,
    p.account,
    p.symbol,
    p.net_qty,
    p.net_cash_flow,
    p.average_cost,
    coalesce((q.bid + q.ask) / 2, l.price)::numeric(38, 7) AS mark,
    ((q.bid + q.ask) / 2)::numeric(38, 7) AS mid_price,
    p.realized_pnl,
    (
        p.net_qty * p.multiplier * (coalesce((q.bid + q.ask) / 2, l.price) - p.average_cost)
    )::numeric(38, 10) AS unrealized_pnl,
    greatest(p.last_update, q.last_update) AS as_of
FROM hot.positions AS p
LEFT JOIN hot.quotes AS q USING (symbol)
LEFT JOIN hot.last_prices AS l USING (symbol);

ALTER TABLE hot.quotes DROP COLUMN IF EXISTS last_price;

REVOKE ALL ON ALL TABLES IN SCHEMA hot FROM PUBLIC, flowforge_reader;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA hot FROM PUBLIC, flowforge_reader;
