import { type SessionQueryBody, sessionQueryBody } from '@throughline/contracts/api/session-query';
import { ApiError } from '@throughline/contracts/errors';
import { picoToUsd } from '@throughline/contracts/money';
import { asksBodies } from '@throughline/filter-tree/filter-sql';
import { describeSession } from '@throughline/session-totals/describe-session';
import { describePaths } from '@throughline/session-totals/path-tree';
import { requireAccess } from '../auth/access.ts';
import { clampTime } from '../cursor.ts';
import { parseBody, parseBodyFilter } from '../parse-body.ts';
import { countSessions } from '../queries/count-sessions.ts';
import { findSession } from '../queries/find-session.ts';
import { listSessionRequests } from '../queries/list-session-requests.ts';
import { listSessions, type SessionPage } from '../queries/list-sessions.ts';
import type { SessionSelection } from '../queries/select-sessions.ts';
import { QUERY_DEFAULTS, type QueryDeps } from '../query-deps.ts';
import { requestAnswer } from '../render/request-answer.ts';
import { sessionAnswer } from '../render/session-answer.ts';
import type { Route, RouteCall } from '../route.ts';

export function sessionRoutes(deps: QueryDeps): Route[] {
  const { clock } = deps;
  const config = { ...QUERY_DEFAULTS, ...deps.config };

  /** What `/query` and `/count` have in common. */
  const readSelection = ({ key, body: given }: RouteCall): { body: SessionQueryBody; selection: SessionSelection } => {
    const body = parseBody(sessionQueryBody, given);
    if (!(Math.abs(body.timezoneDifference) <= TIMEZONE_MINUTES_MAX)) throw new ApiError('invalid-timezone');
    const filter = parseBodyFilter(body.filter);
    if (asksBodies(filter)) requireAccess(key, 'read-bodies', config);
    const selection = {
      tenantId: key.tenantId,
      search: body.search,
      nameEquals: body.nameEquals ?? '',
      // Times are whole milliseconds: one above 1.5 is one above 1, one below 1.5 is one below 2.
      startMs: clampTime(Math.floor(body.timeFilter.startTimeUnixMs)),
      endMs: clampTime(Math.ceil(body.timeFilter.endTimeUnixMs)),
      filter,
      nowMs: clock.now(),
    };
    return { body, selection };
  };

  return [
    {
      method: 'post',
      path: '/v1/session/query',
      access: 'read',
      handle: async (call) => {
        const { body, selection } = readSelection(call);
        const { sessions, nextCursor } = await listSessions(
          call.analytics,
          selection,
          readPage(body),
          body.aggregateOver ?? 'session',
        );
        const data = sessions.map((session) => sessionAnswer(session, body.timezoneDifference, selection.nowMs));
        return { data, extra: { next_cursor: nextCursor }, from: 'snapshots' };
      },
    },
    {
      method: 'post',
      path: '/v1/session/count',
      access: 'read',
      handle: async (call) => {
        const { body, selection } = readSelection(call);
        const sums = await countSessions(call.analytics, selection, body.aggregateOver ?? 'session');
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
      handle: async ({ key, req, analytics }) => {
        const state = await findSession({ totals: deps.totals, analytics }, key.tenantId, String(req.params.sessionId));
        if (!state) throw new ApiError('unknown-session');
        const answer = sessionAnswer(describeSession(state), 0, clock.now());
        return { data: { ...answer, ...describePaths(state) }, from: 'totals' };
      },
    },
    {
      method: 'get',
      path: '/v1/session/:sessionId/requests',
      access: 'read',
      handle: async ({ key, req, analytics }) => {
        const sessionId = String(req.params.sessionId);
        const limit = readLimit(req.query.limit);
        const cursor = typeof req.query.cursor === 'string' && req.query.cursor !== '' ? req.query.cursor : undefined;
        const state = await findSession({ totals: deps.totals, analytics }, key.tenantId, sessionId);
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

const TIMEZONE_MINUTES_MAX = 1_440;
const PAGE_DEFAULT = 50;
const PAGE_MAX = 1000;

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
