-- Topics of the pipeline as Materialize sources. Messages are JSON envelopes (event_id, event_time,
-- ingest_time, source, schema_version, entity_id, payload); decimals travel as strings.
CREATE CONNECTION IF NOT EXISTS redpanda TO KAFKA (
    BROKER 'redpanda.flowforge.svc.cluster.local:29092',
    SECURITY PROTOCOL PLAINTEXT
);

CREATE SOURCE IF NOT EXISTS normalized_quotes
FROM KAFKA CONNECTION redpanda (TOPIC 'normalized.quotes')
FORMAT JSON;

CREATE SOURCE IF NOT EXISTS normalized_trades
FROM KAFKA CONNECTION redpanda (TOPIC 'normalized.trades')
FORMAT JSON;

-- Positions are a fold over a tenant's fills in order (average cost, flips), which the pipeline
-- computes; the topic holds the newest state under the key tenant/account/symbol.
CREATE SOURCE IF NOT EXISTS position_states
FROM KAFKA CONNECTION redpanda (TOPIC 'analytics.positions')
KEY FORMAT TEXT
VALUE FORMAT JSON
INCLUDE KEY AS position_key
ENVELOPE UPSERT;
