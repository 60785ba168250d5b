-- Calls that webhooks of the tenant are told of.
ALTER TABLE requests
    ADD COLUMN IF NOT EXISTS webhook Bool;

CREATE TABLE IF NOT EXISTS webhooks
(
    tenant_id String,
    webhook_id String,
    name String,
    destination String CODEC(ZSTD(1)),
    -- As it is: what is sent is signed with it.
    secret String,
    include_data Bool,
    -- Percent.
    sample_rate Float64,
    property_filters Map(String, String),
    api_origin String,
    created_at DateTime64(3, 'UTC'),
    version UInt64,
    is_deleted UInt8
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (tenant_id, webhook_id);

-- How telling a webhook of a call goes. Whatever is flagged in requests and has no final row here is still to be told,
-- whoever looks.
CREATE TABLE IF NOT EXISTS webhook_deliveries
(
    tenant_id String,
    webhook_id String,
    received_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    source_partition UInt16,
    source_offset UInt64 CODEC(Delta(8), ZSTD(1)),
    event_id String CODEC(ZSTD(1)),
    request_id String CODEC(ZSTD(1)),
    state LowCardinality(String),
    tries UInt16,
    status Int16,
    reason LowCardinality(String),
    next_try_at Nullable(DateTime64(3, 'UTC')) CODEC(Delta(8), ZSTD(1)),
    updated_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (tenant_id, webhook_id, received_at DESC, source_partition, source_offset)
SETTINGS index_granularity = 1024, allow_experimental_reverse_key = 1;
