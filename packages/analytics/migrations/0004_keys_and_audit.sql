-- Null: until it is deleted.
ALTER TABLE api_keys
    ADD COLUMN IF NOT EXISTS expires_at Nullable(DateTime64(3, 'UTC')) AFTER created_at;

-- Null: its keys are in force.
ALTER TABLE tenants
    ADD COLUMN IF NOT EXISTS disabled_at Nullable(DateTime64(3, 'UTC')) AFTER created_at;

-- When each key was last used, to the minute. Apart from the keys: each process writes what it has seen, and none of that
-- may undo a change of the key. The latest time wins.
CREATE TABLE IF NOT EXISTS api_key_uses
(
    tenant_id String,
    key_id String,
    last_used_at DateTime64(3, 'UTC'),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (tenant_id, key_id);

-- What was done with keys and tenants, newest last. A repeated insert folds by the id.
CREATE TABLE IF NOT EXISTS audit_log
(
    at DateTime64(3, 'UTC'),
    audit_id String,
    actor_tenant_id String,
    actor_key_id String,
    action LowCardinality(String),
    tenant_id String,
    target String,
    details Map(String, String),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (at, audit_id)
SETTINGS index_granularity = 1024;
