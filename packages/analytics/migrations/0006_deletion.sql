-- 1: a tombstone, which takes the place of a row until its bytes are purged. Every query leaves these out.
ALTER TABLE requests
    ADD COLUMN IF NOT EXISTS is_deleted UInt8;

ALTER TABLE annotations
    ADD COLUMN IF NOT EXISTS is_deleted UInt8;

-- What a session is kept for so long after, and whether its bodies were.
ALTER TABLE sessions
    ADD COLUMN IF NOT EXISTS last_received_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    ADD COLUMN IF NOT EXISTS deleted_bodies Bool;

-- Null: the installation's own settings hold.
ALTER TABLE tenants
    ADD COLUMN IF NOT EXISTS retention_days Nullable(UInt32),
    ADD COLUMN IF NOT EXISTS body_retention_days Nullable(UInt32);
