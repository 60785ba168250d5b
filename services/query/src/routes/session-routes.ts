import { type SessionQueryBody, sessionQueryBody } from '@throughline/contracts/api/session-query';
import { ApiError } from '@throughline/contracts/errors';
import { picoToUsd } from '@throughline/contracts/money';
import { describeSession } from '@throughline/session-totals/describe-session';
import { describePaths } from '@throughline/session-totals/path-tree';
import { parseBody, parseBodyFilter } from '../parse-body.ts';
import { countMatching } from '../queries/count-matching.ts';
import { countSessions } from '../queries/count-sessions.ts';
import { findSession } from '../queries/find-session.ts';
import { listMatching } from '../queries/list-matching.ts';
import { listSessionRequests } from '../queries/list-session-requests.ts';
import { listSessions, type SessionPage } from '../queries/list-sessions.ts';
import type { SessionSelection } from '../queries/select-sessions.ts';
import type { QueryDeps } from '../query-deps.ts';
import { requestAnswer } from '../render/request-answer.ts';
import { sessionAnswer } from '../render/session-answer.ts';
import type { Route, RouteCall } from '../route.ts';

export function sessionRoutes(deps: QueryDeps): Route[] {
  const { analytics, clock } = deps;
  return [
    {
      method: 'post',
      path: '/v1/session/query',
      access: 'read',
      handle: async (call) => {
        const { body, selection } = readSelection(call);
        const page = readPage(body);
        const now = clock.now();
        const shift = body.timezoneDifference;
        if (body.aggregateOver === 'matching') {
          if (page.cursor !== undefined) throw new ApiError('invalid-cursor');
          const facts = await listMatching(analytics, selection, page);
          const data = facts.map((session) => sessionAnswer(session, shift, now));
          return { data, extra: { next_cursor: null }, from: 'snapshots' };
        }
        const { sessions, nextCursor } = await listSessions(analytics, selection, page);
        const data = sessions.map((session) => sessionAnswer(session, shift, now));
        return { data, extra: { next_cursor: nextCursor }, from: 'snapshots' };
      },
    },
    {
      method: 'post',
      path: '/v1/session/count',
      access: 'read',
      handle: async (call) => {
        const { body, selection } = readSelection(call);
        const count = body.aggregateOver === 'matching' ? countMatching : countSessions;
        const sums = await count(analytics, selection);
        const totalCost = picoToUsd(sums.costPico);
        const per = (sum: number) => (sums.count === 0 ? 0 : sum / sums.count);
        return {
          data: {
            count: sums.count,
            total_cost: totalCost,
            avg_cost: per(totalCost),
            avg_latency: per(sums.latencyMs),
            avg_requests: per(sums.requests),
          },
          from: 'snapshots',
        };
      },
    },
    {
      method: 'get',
      path: '/v1/session/:sessionId',
      access: 'read',
      handle: async ({ key, req }) => {
        const state = await findSession(deps, key.tenantId, String(req.params.sessionId));
        if (!state) throw new ApiError('unknown-session');
        const answer = sessionAnswer(describeSession(state), 0, clock.now());
        return { data: { ...answer, ...describePaths(state) }, from: 'totals' };
      },
    },
    {
      method: 'get',
      path: '/v1/session/:sessionId/requests',
      access: 'read',
      handle: async ({ key, req }) => {
        const sessionId = String(req.params.sessionId);
        const limit = readLimit(req.query.limit);
        const cursor = typeof req.query.cursor === 'string' && req.query.cursor !== '' ? req.query.cursor : undefined;
        const state = await findSession(deps, key.tenantId, sessionId);
        if (!state) throw new ApiError('unknown-session');
        const { requests, nextCursor } = await listSessionRequests(
          analytics,
          { tenantId: key.tenantId, sessionId, between: [state.createdAt, state.latestRequestAt] },
          { limit, cursor },
        );
        const data = requests.map((request) => requestAnswer(request));
        return { data, extra: { next_cursor: nextCursor }, from: 'totals' };
      },
    },
  ];
}

const PAGE_DEFAULT = 50;
const PAGE_MAX = 1000;

function readSelection({ key, body: given }: RouteCall): { body: SessionQueryBody; selection: SessionSelection } {
  const body = parseBody(sessionQueryBody, given);
  const filter = parseBodyFilter(body.filter);
  if (!(Math.abs(body.timezoneDifference) <= 1440)) throw new ApiError('invalid-timezone');
  return {
    body,
    selection: {
      tenantId: key.tenantId,
      search: body.search,
      nameEquals: body.nameEquals ?? '',
      startMs: boundMs(Math.floor(body.timeFilter.startTimeUnixMs)),
      endMs: boundMs(Math.ceil(body.timeFilter.endTimeUnixMs)),
      filter,
    },
  };
}

/** What the engine's time type holds: from 1900 to 2299. */
function boundMs(ms: number): number {
  return Math.min(Math.max(ms, -2_208_988_800_000), 10_413_791_999_999);
}

function readPage({ limit, offset, sort, cursor }: SessionQueryBody): SessionPage {
  const [field, direction] = (Object.entries(sort ?? {}).find(([, way]) => way !== undefined) ?? [
    'created_at',
    'desc',
  ]) as [SessionPage['field'], SessionPage['direction']];
  return {
    field,
    direction,
    // 0 behaves as absent, as it always did.
    limit: Math.min(Math.max(0, Math.floor(limit ?? 0)), PAGE_MAX) || PAGE_DEFAULT,
    offset: Math.min(Math.max(0, Math.floor(offset ?? 0)), Number.MAX_SAFE_INTEGER),
    cursor: cursor === '' ? undefined : cursor,
  };
}

/** @throws ApiError `invalid-limit` */
function readLimit(given: unknown): number {
  if (given === undefined || given === '') return PAGE_DEFAULT;
  const limit = Number(given);
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_MAX) throw new ApiError('invalid-limit');
  return limit;
}
