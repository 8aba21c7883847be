-- The serving layer: raw market data, metrics derived from it, reference data, and dbt's marts.
CREATE DATABASE IF NOT EXISTS flowforge;
CREATE DATABASE IF NOT EXISTS metrics;
CREATE DATABASE IF NOT EXISTS reference;
CREATE DATABASE IF NOT EXISTS marts;
