/**
 * Settings that queries of ours pin, each for a reason that was measured. Pass them as `AnalyticsQuery.settings`;
 * combine them by spreading.
 */

/**
 * Every query with FINAL: the sort key alone decides what is read. Skip indexes would be right only in exact mode, since a
 * newer version or a deletion marker may lie in a granule that the index skipped (40 rows instead of 20), and in exact mode
 * the engine reads, beside what an index selects, every granule of every part that could hold another version: 220
 * granules where the sort key alone selects 1, and all of a table as soon as one small part has rows of all times.
 *
 * Where an index can find what is wanted, it is asked without FINAL for sort keys, and those with FINAL for rows: all
 * versions of a row have the same sort key.
 *
 * A row of `requests` or `request_bodies` is always written with the same `received_at`, so all its versions lie in one
 * month, and months need not be merged with each other.
 */
export const FINAL = {
  use_skip_indexes_if_final: 0,
  // For whoever switches them on.
  use_skip_indexes_if_final_exact_mode: 1,
  do_not_merge_across_partitions_select_final: 1,
} as const;

/**
 * A page in the order of the sort key (`requests` by `ordered_at DESC`, `sessions` by `created_at DESC`, with the tenant
 * fixed), read with FINAL: small blocks and one thread stop soon after the last row of the page. At four million rows
 * with overlapping parts 3.4 ms instead of 31; rows read do not grow with the table.
 */
export const PAGE = { ...FINAL, max_threads: 1, max_block_size: 512 } as const;

/** One known key or a few: the same reasons as a page, and smaller blocks still. */
export const POINT = { ...FINAL, max_threads: 1, max_block_size: 128 } as const;

/**
 * For `WITH … AS MATERIALIZED`: rows that several parts of a query read are read once and kept in memory meanwhile. Reading with
 * FINAL costs more than most of what is done with the rows: eight groupings of a million sessions 0.8 s of CPU instead of 2.6.
 */
export const MATERIALIZED = { enable_materialized_cte: 1 } as const;

/** Reading behind the log: nothing is lost by a slow answer, and one thread leaves the other cores to those who wait. */
export const BACKGROUND = { ...FINAL, max_execution_time: 600, max_threads: 1 } as const;

/**
 * Searches with a text index, newest first. The engine would otherwise filter by the current top of the order, which
 * switches reading from the index off: 7 ms instead of 226.
 */
export const TEXT_SEARCH = { use_top_k_dynamic_filtering: 0 } as const;

/** Finds the tombstones of deleted rows too, which a query leaves out otherwise. */
export const WITH_TOMBSTONES = { additional_table_filters: '{}' } as const;

/** Benchmarks only: repeated filters would be answered from the memory of the last one, 20 times faster. */
export const MEASURING = { use_query_condition_cache: 0 } as const;
