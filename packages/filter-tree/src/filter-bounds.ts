/** How large a filter may be. All of it is checked before any SQL is made. */
export const FILTER_BOUNDS = {
  /**
   * Levels of `and` within `or` within `and` …; a chain of one operator is one level, however it is nested. People go to
   * three or four; the engine's parser gives up between 150 and 200.
   */
  levelsMax: 100,
  /** Conditions: one operator with its value is one. Scripts that look up a page of ids by `or` send up to 1,000. */
  conditionsMax: 1_000,
  /** Objects of the tree, empty ones included, which cost nothing but the time to read them. */
  nodesMax: 5_000,
  /** UTF-16 code units of one value, key or pattern: longer than any header that a property could have come from. */
  textCharsMax: 16_384,
  /** Bytes of the SQL with its values. The engine reads 262,144 of a query, and a query may hold the filter twice. */
  sqlBytesMax: 100_000,
  /** Conditions that look into another table: each is a subquery, which costs some 17 ms even where it finds nothing. */
  lookupsMax: 20,
} as const;
