-- How far each topic is applied: the broker's epoch and offset, and the number of the last message, which holds in
-- every epoch. Written in the transaction of the rows, so that a message counts once wherever the lane is
-- killed.
CREATE TABLE IF NOT EXISTS hot.progress (
    topic       text NOT NULL,
    partition   integer NOT NULL,
    epoch       text NOT NULL,
    next_offset bigint NOT NULL,
    seq         bigint NOT NULL,
    PRIMARY KEY (topic, partition)
);
DROP TABLE IF EXISTS hot.offsets;

-- Fills whose position no column can hold. They are kept for whoever asks, and change nothing.
CREATE TABLE IF NOT EXISTS hot.refused_fills (
    tenant_id  text NOT NULL,
    fill_id    text NOT NULL,
    reason     text NOT NULL,
    refused_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, fill_id)
);

REVOKE ALL ON ALL TABLES IN SCHEMA hot FROM PUBLIC, flowforge_reader;
