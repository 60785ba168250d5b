import { userMetricsAnswer, userOverviewAnswer, userSumsAnswer } from '@throughline/contracts/api/user-answer';
import {
  USER_SORT_KEYS,
  type UserSortKey,
  userMetricsBody,
  userOverviewBody,
  userQueryBody,
} from '@throughline/contracts/api/user-query';
import { ApiError } from '@throughline/contracts/errors';
import { picoToUsd } from '@throughline/contracts/money';
import { ALL, type Filter, leaf, or } from '@throughline/filter-tree/filter';
import { FILTER_BOUNDS } from '@throughline/filter-tree/filter-bounds';
import { filterSize } from '@throughline/filter-tree/filter-size';
import { parseBody } from '../parse-body.ts';
import { hasUsers, listUsers, type UserFigures, type UserPage } from '../queries/list-users.ts';
import type { UserSelection } from '../queries/select-users.ts';
import { readUserHistograms } from '../queries/user-histograms.ts';
import { type QueryDeps, queryConfig } from '../query-deps.ts';
import { histogramAnswer } from '../render/histogram-answer.ts';
import { timestamp } from '../render/timestamp.ts';
import type { Route, RouteCall } from '../route.ts';
import { readZone } from '../time-buckets.ts';
import { secondsRange } from '../time-range.ts';
import { readFilter } from './read-figures.ts';

const LIMIT_MAX = 1000;
/** Users that `POST /v1/user/query` names. */
const USERS_MAX = 100;
/** Picodollars have twelve decimal places in USD. */
const PICO_PLACES = 12;

export function userRoutes(deps: QueryDeps): Route[] {
  const config = queryConfig(deps);

  const selectionOf = (
    { key }: RouteCall,
    filter: Filter,
    timeFilter: { startTimeUnixSeconds: number; endTimeUnixSeconds: number } | undefined,
    zoneMinutes = 0,
  ): UserSelection => ({
    tenantId: key.tenantId,
    filter,
    ...(timeFilter && { range: secondsRange(timeFilter.startTimeUnixSeconds, timeFilter.endTimeUnixSeconds) }),
    zoneMinutes: readZone(zoneMinutes),
    nowMs: deps.clock.now(),
  });

  return [
    {
      method: 'post',
      path: '/v1/user/metrics/query',
      access: 'read',
      doc: {
        summary: 'Users and what their requests come to, a page at a time',
        body: userMetricsBody,
        query: null,
        answer: userMetricsAnswer,
        errors: ['unsupported-filter', 'invalid-time-zone', 'limit-too-high', 'invalid-limit', 'invalid-offset'],
      },
      handle: async (call) => {
        const body = parseBody(userMetricsBody, call.body);
        const page = { ...readOrder(body.sort), ...readLimits(body) };
        const filter = readFilter(call, body.filter, config, { users: true });
        const selection = selectionOf(call, filter, body.timeFilter, body.timeZoneDifferenceMinutes);
        const { users, count } = await listUsers(call.analytics, selection, page);
        const isAny = count > 0 || (await hasUsers(call.analytics, call.key.tenantId));
        return { data: { users: users.map(userAnswer), count, hasUsers: isAny }, from: 'snapshots' };
      },
    },
    {
      method: 'post',
      path: '/v1/user/metrics-overview/query',
      access: 'read',
      doc: {
        summary: 'How requests and cost are distributed among the selected users',
        body: userOverviewBody,
        query: null,
        answer: userOverviewAnswer,
        errors: ['unsupported-filter'],
      },
      handle: async (call) => {
        const { filter, pSize = 'p75', useInterquartile = false } = parseBody(userOverviewBody, call.body);
        const parsed = readFilter(call, filter, config, { users: true });
        const selection = selectionOf(call, parsed, undefined);
        const bins = await readUserHistograms(call.analytics, selection, { pSize, useInterquartile });
        return {
          data: {
            request_count: histogramAnswer(bins.requests),
            user_cost: histogramAnswer(bins.costPico, PICO_PLACES),
          },
          from: 'snapshots',
        };
      },
    },
    {
      method: 'post',
      path: '/v1/user/query',
      access: 'read',
      doc: {
        summary: 'What the requests of some users, or of all, come to; 100 users at most',
        body: userQueryBody,
        query: null,
        answer: userSumsAnswer,
        errors: ['unsupported-filter'],
      },
      handle: async (call) => {
        const { userIds, timeFilter } = parseBody(userQueryBody, call.body);
        const selection = selectionOf(call, userIds === undefined ? ALL : someOf(userIds), timeFilter);
        const page = { by: 'total_requests', direction: 'desc', limit: USERS_MAX, offset: 0 } as const;
        const { users } = await listUsers(call.analytics, selection, page);
        const data = users.map(({ userId, requests, promptTokens, completionTokens, costPico }) => ({
          user_id: userId,
          count: requests,
          prompt_tokens: promptTokens,
          completion_tokens: completionTokens,
          cost: picoToUsd(costPico),
        }));
        return { data, from: 'snapshots' };
      },
    },
  ];
}

function userAnswer(user: UserFigures): Record<UserSortKey, unknown> {
  return {
    id: user.userId,
    user_id: user.userId,
    active_for: user.activeDays,
    first_active: timestamp(user.firstActiveMs),
    last_active: timestamp(user.lastActiveMs),
    total_requests: user.requests,
    average_requests_per_day_active: user.requests / user.activeDays,
    average_tokens_per_request: (user.promptTokens + user.completionTokens) / user.requests,
    total_completion_tokens: user.completionTokens,
    total_prompt_tokens: user.promptTokens,
    cost: picoToUsd(user.costPico),
    rate_limited_count: user.rateLimited,
    total_errors: user.errors,
    total_sessions: user.sessions,
  };
}

/** The first key that is set wins. */
function readOrder(sort: Partial<Record<UserSortKey, 'asc' | 'desc'>> = {}): Pick<UserPage, 'by' | 'direction'> {
  const by = USER_SORT_KEYS.find((key) => sort[key] !== undefined) ?? 'last_active';
  return { by, direction: sort[by] ?? 'desc' };
}

/** @throws ApiError `limit-too-high`, `invalid-limit`, `invalid-offset` */
function readLimits(body: { readonly limit: number; readonly offset: number }): Pick<UserPage, 'limit' | 'offset'> {
  const [limit, offset] = [Math.floor(body.limit), Math.floor(body.offset)];
  if (limit > LIMIT_MAX) throw new ApiError('limit-too-high', { max: LIMIT_MAX });
  if (limit < 0) throw new ApiError('invalid-limit');
  if (offset < 0 || !Number.isSafeInteger(offset)) throw new ApiError('invalid-offset');
  return { limit, offset };
}

/** @throws ApiError `unsupported-filter` for more text than a query takes. */
function someOf(userIds: readonly string[]): Filter {
  const filter = or(...userIds.map((id) => leaf('user_id', 'equals', id.toWellFormed())));
  const { sqlBytes } = filterSize(filter);
  if (sqlBytes > FILTER_BOUNDS.sqlBytesMax) {
    const reason = `userIds come to ${sqlBytes} bytes of query, and ${FILTER_BOUNDS.sqlBytesMax} are the most`;
    throw new ApiError('unsupported-filter', { reason });
  }
  return filter;
}
