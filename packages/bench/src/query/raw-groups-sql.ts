import { DOMINANT } from './request-rows-sql.ts';
import { DAY_MS } from './size.ts';
import { inWindow, timeInWindow, type Window } from './window.ts';

/** Which sessions are asked for, in the terms of raw rows. */
export interface RawSelection {
  readonly window: Window;
  /** A condition on a row. */
  readonly row?: string;
  /** A condition on what the rows of a session add up to, and on `some(<condition>)` of them. */
  readonly having?: string;
}

/**
 * The question as one asks it of raw rows where there is nothing else, as Helicone does: group the window's rows by the
 * properties that name the session, sort the groups.
 */
export function groupedRawRowsSql({ window, row = '1', having = '1' }: RawSelection): string {
  return `
SELECT min(ordered_at) AS created_at, max(ordered_at) AS latest_request_at,
  properties['Helicone-Session-Id'] AS session_id, properties['Helicone-Session-Name'] AS session_name,
  avg(latency_ms) AS avg_latency, sum(latency_ms) AS latency, sum(cost) AS total_cost, count() AS total_requests, sum(prompt_tokens) AS prompts,
  sum(completion_tokens) AS completions, groupUniqArray(user_id) AS user_ids, countIf(is_error) AS error_count,
  max(toUnixTimestamp64Milli(ordered_at) + latency_ms) - toUnixTimestamp64Milli(created_at) AS duration_ms
FROM requests
WHERE ${inWindow(window)} AND mapContains(properties, 'Helicone-Session-Id') AND ${row}
GROUP BY properties['Helicone-Session-Id'], properties['Helicone-Session-Name']
HAVING ${having}`;
}

/**
 * The same question in the words of our contract, from raw rows too: sessions of which some row in the window satisfies
 * the condition, with the totals of the whole session. What our answers are compared with; nobody measures it.
 */
export function exactSessionsSql({ window, row = '1', having = '1' }: RawSelection): string {
  const isIn = `(${timeInWindow(window)})`;
  return `
SELECT session_id, min(ordered_at) AS created_at, sum(toDecimal128(ifNull(cost, 0), 12)) AS total_cost,
  count() AS total_requests, countIf(is_error) AS error_count, sum(latency_ms) AS latency,
  sum(ifNull(requests.prompt_tokens, 0)) AS prompts, sum(ifNull(requests.completion_tokens, 0)) AS completions,
  max(toUnixTimestamp64Milli(ordered_at) + latency_ms) - toUnixTimestamp64Milli(created_at) AS duration_ms
FROM requests FINAL
WHERE tenant_id = '${DOMINANT}' AND session_id != '' AND ordered_at > fromUnixTimestamp64Milli(${window.startMs - LONGEST_MS}, 'UTC')
GROUP BY session_id
HAVING countIf(${isIn} AND ${row}) > 0 AND ${having.replaceAll('countIf(', `countIf(${isIn} AND `)}`;
}

/** Longer than any session is. */
const LONGEST_MS = 3 * DAY_MS;
