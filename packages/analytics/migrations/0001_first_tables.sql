-- One row per event of the log. The key ends with the log position, so that a repeated insert folds; the same log
-- position always carries the same received_at, so that it folds within one partition.
CREATE TABLE IF NOT EXISTS requests
(
    tenant_id String,
    event_id String CODEC(ZSTD(1)),
    request_id String CODEC(ZSTD(1)),
    request_id_chosen Bool,
    session_id String CODEC(ZSTD(1)),
    session_name String CODEC(ZSTD(1)),
    session_path String CODEC(ZSTD(1)),
    session_rule LowCardinality(String),
    user_id String CODEC(ZSTD(1)),
    properties Map(String, String) CODEC(ZSTD(1)),
    scores Map(String, Float64),

    request_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    first_byte_at Nullable(DateTime64(3, 'UTC')) CODEC(Delta(8), ZSTD(1)),
    response_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    received_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    ordered_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    time_clamped Bool,
    latency_ms Int64 CODEC(ZSTD(1)),
    time_to_first_token_ms Nullable(Int64) CODEC(ZSTD(1)),

    provider LowCardinality(String),
    target_url String CODEC(ZSTD(1)),
    method LowCardinality(String),
    path String CODEC(ZSTD(1)),
    status Int16,
    is_error Bool,
    error_type LowCardinality(String),
    error_message String CODEC(ZSTD(1)),
    abort_reason LowCardinality(String),
    finish_reason LowCardinality(String),
    streamed Bool,

    step_kind LowCardinality(String),
    model LowCardinality(String),
    request_model LowCardinality(String),
    response_model LowCardinality(String),
    usage_complete Bool,
    prompt_tokens Nullable(UInt64) CODEC(ZSTD(1)),
    completion_tokens Nullable(UInt64) CODEC(ZSTD(1)),
    reasoning_tokens UInt64 CODEC(ZSTD(1)),
    prompt_cache_read_tokens UInt64 CODEC(ZSTD(1)),
    prompt_cache_write_tokens UInt64 CODEC(ZSTD(1)),
    prompt_cache_write_1h_tokens UInt64 CODEC(ZSTD(1)),
    prompt_audio_tokens UInt64 CODEC(ZSTD(1)),
    completion_audio_tokens UInt64 CODEC(ZSTD(1)),
    -- USD. Null is unknown. Sums cast it to Decimal(38, 12) first.
    cost Nullable(Decimal(18, 12)) CODEC(ZSTD(1)),
    cost_source LowCardinality(String),
    price_version LowCardinality(String),

    request_bytes UInt64 CODEC(ZSTD(1)),
    response_bytes UInt64 CODEC(ZSTD(1)),
    request_truncated Bool,
    response_truncated Bool,
    request_content_type LowCardinality(String),
    response_content_type LowCardinality(String),
    request_headers Map(String, String) CODEC(ZSTD(1)),
    response_headers Map(String, String) CODEC(ZSTD(1)),

    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    parent_span_id String CODEC(ZSTD(1)),

    producer_id LowCardinality(String),
    producer_seq UInt64 CODEC(Delta(8), ZSTD(1)),
    source_partition UInt16,
    source_offset UInt64 CODEC(Delta(8), ZSTD(1)),
    version UInt64 CODEC(Delta(8), ZSTD(1)),

    -- Each property as 'key=value'. For the index alone: 'a=b' and 'c' reads as 'a' and 'b=c', so a filter asks the map as
    -- well. Written by whoever inserts: an expression here makes each insert a third dearer.
    property_pairs Array(String) CODEC(ZSTD(1)),

    INDEX by_session session_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_request request_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX by_user user_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_property property_pairs TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(received_at)
ORDER BY (tenant_id, ordered_at DESC, request_id, source_partition, source_offset)
SETTINGS index_granularity = 1024, allow_experimental_reverse_key = 1;

-- Bodies of one conversation side by side: each repeats most of the one before, which long compression windows find.
CREATE TABLE IF NOT EXISTS request_bodies
(
    tenant_id String,
    session_id String CODEC(ZSTD(1)),
    ordered_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    request_id String CODEC(ZSTD(1)),
    source_partition UInt16,
    source_offset UInt64 CODEC(Delta(8), ZSTD(1)),
    received_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    version UInt64 CODEC(Delta(8), ZSTD(1)),
    request_body String CODEC(ZSTD(3, 22)) SETTINGS (min_compress_block_size = 4194304, max_compress_block_size = 4194304),
    request_encoding LowCardinality(String),
    response_body String CODEC(ZSTD(3, 22)) SETTINGS (min_compress_block_size = 4194304, max_compress_block_size = 4194304),
    response_encoding LowCardinality(String)
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(received_at)
ORDER BY (tenant_id, session_id, ordered_at, request_id, source_partition, source_offset)
SETTINGS index_granularity = 64;

-- The snapshot of each session. Not partitioned: a key that moves to another month has to meet its deletion marker.
CREATE TABLE IF NOT EXISTS sessions
(
    tenant_id String,
    session_id String CODEC(ZSTD(1)),
    created_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    latest_request_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    latest_response_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    updated_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    session_name String CODEC(ZSTD(1)),
    session_names Array(String) CODEC(ZSTD(1)),
    user_ids Array(String) CODEC(ZSTD(1)),
    models Array(LowCardinality(String)),
    providers Array(LowCardinality(String)),
    statuses Array(Int16),
    properties Map(String, Array(String)) CODEC(ZSTD(1)),
    truncated_fields Array(LowCardinality(String)),

    total_requests UInt64 CODEC(ZSTD(1)),
    error_count UInt64 CODEC(ZSTD(1)),
    unpriced_requests UInt64 CODEC(ZSTD(1)),
    prompt_tokens UInt64 CODEC(ZSTD(1)),
    completion_tokens UInt64 CODEC(ZSTD(1)),
    reasoning_tokens UInt64 CODEC(ZSTD(1)),
    prompt_cache_read_tokens UInt64 CODEC(ZSTD(1)),
    prompt_cache_write_tokens UInt64 CODEC(ZSTD(1)),
    prompt_audio_tokens UInt64 CODEC(ZSTD(1)),
    completion_audio_tokens UInt64 CODEC(ZSTD(1)),
    -- USD over the priced requests.
    total_cost Decimal(38, 12) CODEC(ZSTD(1)),
    latency_ms_sum Int64 CODEC(ZSTD(1)),
    p95_latency_ms Float64 CODEC(ZSTD(1)),

    tag Nullable(String) CODEC(ZSTD(1)),
    feedback Nullable(Bool),
    scores Map(String, Float64),

    state String CODEC(ZSTD(1)),
    source_partition UInt16,
    applied Int64 CODEC(ZSTD(1)),
    version UInt64 CODEC(ZSTD(1)),
    is_deleted UInt8,

    INDEX by_session session_id TYPE bloom_filter(0.001) GRANULARITY 1,
    -- Sessions that ended before a window began.
    INDEX by_latest latest_request_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (tenant_id, created_at DESC, session_id)
SETTINGS index_granularity = 1024, allow_experimental_reverse_key = 1;

-- Every (session, created_at) ever published: finds the keys that need a deletion marker, and tells a session that is
-- new from one that was evicted.
CREATE TABLE IF NOT EXISTS session_keys
(
    tenant_id String,
    session_id String CODEC(ZSTD(1)),
    created_at DateTime64(3, 'UTC') CODEC(ZSTD(1)),
    version UInt64 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (tenant_id, session_id, created_at)
SETTINGS index_granularity = 1024;

-- Property values to sessions, newest first: a rare value is found without looking at every session.
CREATE TABLE IF NOT EXISTS session_properties
(
    tenant_id String,
    key String CODEC(ZSTD(1)),
    value String CODEC(ZSTD(1)),
    created_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    session_id String CODEC(ZSTD(1)),
    version UInt64 CODEC(ZSTD(1)),
    is_deleted UInt8
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (tenant_id, key, value, created_at DESC, session_id)
SETTINGS index_granularity = 1024, allow_experimental_reverse_key = 1;

CREATE TABLE IF NOT EXISTS session_paths
(
    tenant_id String,
    session_id String CODEC(ZSTD(1)),
    path String CODEC(ZSTD(1)),
    requests UInt64 CODEC(ZSTD(1)),
    errors UInt64 CODEC(ZSTD(1)),
    unpriced UInt64 CODEC(ZSTD(1)),
    cost Decimal(38, 12) CODEC(ZSTD(1)),
    prompt_tokens UInt64 CODEC(ZSTD(1)),
    completion_tokens UInt64 CODEC(ZSTD(1)),
    latency_ms_sum Int64 CODEC(ZSTD(1)),
    first_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    last_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    version UInt64 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (tenant_id, session_id, path)
SETTINGS index_granularity = 1024;

CREATE TABLE IF NOT EXISTS annotations
(
    tenant_id String,
    event_id String CODEC(ZSTD(1)),
    kind LowCardinality(String),
    target LowCardinality(String),
    request_id String CODEC(ZSTD(1)),
    session_id String CODEC(ZSTD(1)),
    user_id String CODEC(ZSTD(1)),
    name String CODEC(ZSTD(1)),
    value String CODEC(ZSTD(1)),
    received_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    producer_id LowCardinality(String),
    producer_seq UInt64 CODEC(ZSTD(1)),
    source_partition UInt16,
    source_offset UInt64 CODEC(ZSTD(1)),
    version UInt64 CODEC(ZSTD(1)),

    INDEX by_request request_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_session session_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (tenant_id, received_at, source_partition, source_offset)
SETTINGS index_granularity = 1024;

CREATE TABLE IF NOT EXISTS ledger_exceptions
(
    source_partition UInt16,
    source_offset UInt64 CODEC(Delta(8), ZSTD(1)),
    through_offset UInt64 CODEC(Delta(8), ZSTD(1)),
    kind LowCardinality(String),
    reason String CODEC(ZSTD(1)),
    tenant_id String CODEC(ZSTD(1)),
    event_id String CODEC(ZSTD(1)),
    request_id String CODEC(ZSTD(1)),
    producer_id LowCardinality(String),
    producer_seq Int64 CODEC(ZSTD(1)),
    count UInt64 CODEC(ZSTD(1)),
    received_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    version UInt64 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (source_partition, source_offset)
SETTINGS index_granularity = 1024;

CREATE TABLE IF NOT EXISTS dead_letters
(
    source_partition UInt16,
    source_offset UInt64,
    step LowCardinality(String),
    reason String CODEC(ZSTD(1)),
    bytes String CODEC(ZSTD(3)),
    seen_at DateTime64(3, 'UTC'),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (source_partition, source_offset)
SETTINGS index_granularity = 64;

CREATE TABLE IF NOT EXISTS ledger_seals
(
    source_partition UInt16,
    day Date,
    tenant_id String,
    first_offset UInt64,
    last_offset UInt64,
    requests UInt64,
    errors UInt64,
    unpriced UInt64,
    cost Decimal(38, 12),
    prompt_tokens UInt64,
    completion_tokens UInt64,
    annotations UInt64,
    exceptions Map(String, UInt64),
    sealed_at DateTime64(3, 'UTC'),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (source_partition, day, tenant_id);

CREATE TABLE IF NOT EXISTS tenants
(
    tenant_id String,
    name String,
    created_at DateTime64(3, 'UTC'),
    version UInt64,
    is_deleted UInt8
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY tenant_id;

CREATE TABLE IF NOT EXISTS api_keys
(
    hash String,
    key_id String,
    tenant_id String,
    name String,
    hint String,
    permissions Array(LowCardinality(String)),
    is_bootstrap Bool,
    created_at DateTime64(3, 'UTC'),
    version UInt64,
    is_deleted UInt8
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY hash;

CREATE TABLE IF NOT EXISTS hidden_properties
(
    tenant_id String,
    key String,
    hidden_at DateTime64(3, 'UTC'),
    version UInt64,
    is_deleted UInt8
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (tenant_id, key);
