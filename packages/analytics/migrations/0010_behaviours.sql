-- What became of a call on its way: each time that it was sent, where that was more than once, and the request whose stored
-- answer it got, where it was not sent at all.
ALTER TABLE requests
    ADD COLUMN IF NOT EXISTS attempts Array(Tuple(target String, status Int16, latency_ms Int64)) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS cache_reference_id String CODEC(ZSTD(1));
