-- Named places of the dashboard. By name, so that a tenant never has two of one: a view that is renamed is written under both
-- names in one insert.
CREATE TABLE IF NOT EXISTS views
(
    tenant_id String,
    name String,
    view_id String,
    url String CODEC(ZSTD(1)),
    created_at DateTime64(3, 'UTC'),
    updated_at DateTime64(3, 'UTC'),
    version UInt64,
    is_deleted UInt8
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (tenant_id, name);
