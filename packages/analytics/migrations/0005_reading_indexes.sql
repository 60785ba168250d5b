-- Pairs in lower case: a filter's key means keys that differ from it in case, which an index of pairs as they were sent
-- cannot answer.
ALTER TABLE requests
    DROP INDEX IF EXISTS by_property;

ALTER TABLE requests
    ADD INDEX IF NOT EXISTS by_property_lower arrayMap(pair -> lower(pair), property_pairs) TYPE bloom_filter(0.01) GRANULARITY 1;

-- Parts from before, in the background.
ALTER TABLE requests
    MATERIALIZE INDEX IF EXISTS by_property_lower;

-- Rows are read by log position when totals are rebuilt or checked.
ALTER TABLE requests
    ADD INDEX IF NOT EXISTS by_offset source_offset TYPE minmax GRANULARITY 1;

ALTER TABLE requests
    MATERIALIZE INDEX IF EXISTS by_offset;
