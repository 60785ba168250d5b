/**
 * The condition that a row of `requests`, read without FINAL, is none of a deleted request: tombstones are few, and kept
 * only until what they stand for is purged. For queries with the setting `WITH_TOMBSTONES`.
 */
export const NOT_DELETED = `is_deleted = 0 AND (ordered_at, source_partition, source_offset) NOT IN (
    SELECT ordered_at, source_partition, source_offset FROM requests WHERE tenant_id = {tenant:String} AND is_deleted = 1
  )`;
