import type { SessionPattern } from '@throughline/contracts/api/session-pattern';
import { ApiError } from '@throughline/contracts/errors';
import type { KeyRecord } from '@throughline/contracts/keys';
import { ALL } from '@throughline/filter-tree/filter';
import { asksBodies } from '@throughline/filter-tree/filter-sql';
import { requireAccess } from './auth/access.ts';
import { clampTime, TIME_MAX_MS, TIME_MIN_MS } from './cursor.ts';
import { parseBodyFilter } from './parse-body.ts';
import type { SessionSelection } from './queries/select-sessions.ts';
import { type QueryDeps, queryConfig } from './query-deps.ts';

/** How the bodies of the session endpoints say which sessions they are about. */
export interface AskedSessions {
  readonly search?: string | undefined;
  readonly nameEquals?: string | undefined;
  /** Left out: whenever the sessions were. */
  readonly timeFilter?: { readonly startTimeUnixMs: number; readonly endTimeUnixMs: number } | undefined;
  /** Minutes; left out where no time is answered. */
  readonly timezoneDifference?: number;
  /** Left out: all. */
  readonly filter?: unknown;
  /** On the steps of a session. Left out: none. */
  readonly pattern?: SessionPattern | undefined;
}

const TIMEZONE_MINUTES_MAX = 1_440;

/**
 * The sessions that a body asks for, among those of the key's tenant.
 *
 * @throws ApiError `invalid-timezone`, `invalid-body`, `unsupported-filter`; `missing-permission` where the filter asks
 *   for bodies that the key may not read.
 */
export function readSelection(
  key: KeyRecord,
  asked: AskedSessions,
  deps: Pick<QueryDeps, 'clock' | 'config'>,
): SessionSelection {
  if (!(Math.abs(asked.timezoneDifference ?? 0) <= TIMEZONE_MINUTES_MAX)) throw new ApiError('invalid-timezone');
  const filter = asked.filter === undefined ? ALL : parseBodyFilter(asked.filter);
  if (asksBodies(filter)) requireAccess(key, 'read-bodies', queryConfig(deps));
  const { timeFilter } = asked;
  return {
    tenantId: key.tenantId,
    search: asked.search ?? '',
    nameEquals: asked.nameEquals ?? '',
    // Times are whole milliseconds: one above 1.5 is one above 1, one below 1.5 is one below 2.
    startMs: timeFilter ? clampTime(Math.floor(timeFilter.startTimeUnixMs)) : Number(TIME_MIN_MS),
    endMs: timeFilter ? clampTime(Math.ceil(timeFilter.endTimeUnixMs)) : Number(TIME_MAX_MS),
    filter,
    ...(asked.pattern && { patterns: [asked.pattern] }),
    nowMs: deps.clock.now(),
  };
}

const PAGE_DEFAULT = 50;
const PAGE_MAX = 1000;

/** Which rows of a list are asked for: what is out of range is clamped, and a limit of 0 behaves as absent. */
export function readPageBounds(asked: { readonly limit?: number | undefined; readonly offset?: number | undefined }): {
  limit: number;
  offset: number;
} {
  return {
    limit: Math.min(Math.max(1, Math.floor(asked.limit || PAGE_DEFAULT)), PAGE_MAX),
    offset: Math.min(Math.max(0, Math.floor(asked.offset ?? 0)), Number.MAX_SAFE_INTEGER),
  };
}
