-- Values that a request's properties had before they were changed after the fact: the sets of its session hold them too.
ALTER TABLE requests
    ADD COLUMN IF NOT EXISTS former_properties Map(String, Array(String)) CODEC(ZSTD(1));

-- With its id, these find the row of an annotated request by the sort key.
ALTER TABLE annotations
    ADD COLUMN IF NOT EXISTS request_event_id String CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS request_ordered_at DateTime64(3, 'UTC') CODEC(ZSTD(1));
