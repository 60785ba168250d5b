-- What a session did step by step, from its first steps on, and what each path of it comes to. Steps on one path in a row
-- are one run. Dictionaries of paths, because sessions of one name have the same few: groups of a million sessions are made
-- of numbers and not of texts. Rows from before have calls and no steps.
ALTER TABLE sessions
    ADD COLUMN IF NOT EXISTS steps Array(Tuple(path LowCardinality(String), requests UInt16, errors UInt16, cost_pico Int64)) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS paths Array(Tuple(path LowCardinality(String), requests UInt64, errors UInt64, cost Decimal(38, 12), latency_ms Int64)) CODEC(ZSTD(1));

-- Never written: paths are in the snapshot of their session.
DROP TABLE IF EXISTS session_paths;
