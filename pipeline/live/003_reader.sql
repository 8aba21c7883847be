-- The application's role reads the three views and nothing else, whatever default privileges the
-- database was made with. The role itself is made, with its password, by whoever starts the server.
REVOKE ALL ON SCHEMA hot FROM PUBLIC, flowforge_reader;
REVOKE ALL ON ALL TABLES IN SCHEMA hot FROM PUBLIC, flowforge_reader;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, flowforge_reader;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO flowforge_reader;
GRANT SELECT ON live_quotes, live_positions, live_pnl TO flowforge_reader;
