import type { OverTimeBody } from '@throughline/contracts/api/metrics-query';
import { ApiError } from '@throughline/contracts/errors';
import { asksBodies, type Filter } from '@throughline/filter-tree/filter-sql';
import type { FilterScope } from '@throughline/filter-tree/parse-filter';
import { requireAccess } from '../auth/access.ts';
import { parseBodyFilter } from '../parse-body.ts';
import type { RequestSelection } from '../queries/matching-requests.ts';
import type { QueryConfig } from '../query-deps.ts';
import type { RouteCall } from '../route.ts';
import { readGrid, type TimeGrid } from '../time-buckets.ts';
import { readTimeRange } from '../time-range.ts';

/** What reading the bodies of figures needs of the router. */
export interface FigureDeps {
  readonly config: QueryConfig;
  readonly clock: { now(): number };
}

/** The filter of a body. @throws ApiError `missing-permission` where it asks of bodies what the key may not read. */
export function readFilter({ key }: RouteCall, filter: unknown, config: QueryConfig, scope: FilterScope = {}): Filter {
  const parsed = parseBodyFilter(filter, scope);
  if (asksBodies(parsed)) requireAccess(key, 'read-bodies', config);
  return parsed;
}

/** The requests that a figure is about, both ends of the range included. */
export function readRequestSelection(
  call: RouteCall,
  body: { readonly filter?: unknown; readonly timeFilter: { readonly start: string; readonly end: string } },
  { config, clock }: FigureDeps,
): RequestSelection & { readonly range: NonNullable<RequestSelection['range']> } {
  return {
    tenantId: call.key.tenantId,
    filter: readFilter(call, body.filter, config),
    range: readTimeRange(body.timeFilter, 'inclusive'),
    nowMs: clock.now(),
  };
}

/** The same of a body over time, whose filter has two names: under either it must hold, and one has to be there. */
export function readOverTime(
  call: RouteCall,
  { filter, userFilter, ...body }: OverTimeBody,
  deps: FigureDeps,
): { selection: ReturnType<typeof readRequestSelection>; grid: TimeGrid } {
  const asked =
    userFilter === undefined || filter === undefined
      ? (userFilter ?? filter)
      : { left: userFilter, operator: 'and', right: filter };
  return {
    selection: readRequestSelection(call, { filter: asked, timeFilter: body.timeFilter }, deps),
    grid: readGrid(body.dbIncrement, body.timeZoneDifference),
  };
}

const PAGE_DEFAULT = 10;
const PAGE_MAX = 1000;

/** @throws ApiError `invalid-limit` unless it is 0 … 1000, `invalid-offset` for one below 0. */
export function readPageOf(body: { readonly limit?: number | undefined; readonly offset?: number | undefined }): {
  limit: number;
  offset: number;
} {
  const limit = Math.floor(body.limit ?? PAGE_DEFAULT);
  if (limit < 0 || limit > PAGE_MAX) throw new ApiError('invalid-limit');
  const offset = Math.floor(body.offset ?? 0);
  if (offset < 0 || !Number.isSafeInteger(offset)) throw new ApiError('invalid-offset');
  return { limit, offset };
}
