-- The application's role reads the three views and nothing else.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO flowforge_reader;
GRANT SELECT ON live_quotes, live_positions, live_pnl TO flowforge_reader;
