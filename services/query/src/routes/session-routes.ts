import { pageParameters } from '@throughline/contracts/api/parameters';
import { requestPageAnswer } from '@throughline/contracts/api/request-answer';
import { oneSessionAnswer, sessionCountAnswer, sessionPageAnswer } from '@throughline/contracts/api/session-answer';
import { type SessionQueryBody, sessionQueryBody } from '@throughline/contracts/api/session-query';
import { ApiError } from '@throughline/contracts/errors';
import { picoToUsd } from '@throughline/contracts/money';
import { describeSession } from '@throughline/session-totals/describe-session';
import { describePaths } from '@throughline/session-totals/path-tree';
import { createBodyLinks } from '../auth/body-link.ts';
import { parseBody } from '../parse-body.ts';
import { countSessions } from '../queries/count-sessions.ts';
import { findSession } from '../queries/find-session.ts';
import { listSessionRequests } from '../queries/list-session-requests.ts';
import { listSessions, type SessionPage } from '../queries/list-sessions.ts';
import type { SessionSelection } from '../queries/select-sessions.ts';
import { type QueryDeps, queryConfig } from '../query-deps.ts';
import { readLimit } from '../read-limit.ts';
import { readText } from '../read-parameter.ts';
import { readPageBounds, readSelection } from '../read-selection.ts';
import { sessionAnswer } from '../render/session-answer.ts';
import type { Route, RouteCall } from '../route.ts';
import { answerRequests } from './answer-requests.ts';

export function sessionRoutes(deps: QueryDeps): Route[] {
  const { clock } = deps;
  const answering = { config: queryConfig(deps), links: createBodyLinks(deps) };

  /** What `/query` and `/count` have in common. */
  const readCall = ({ key, body: given }: RouteCall): { body: SessionQueryBody; selection: SessionSelection } => {
    const body = parseBody(sessionQueryBody, given);
    return { body, selection: readSelection(key, body, deps) };
  };

  return [
    {
      method: 'post',
      path: '/v1/session/query',
      access: 'read',
      doc: {
        summary: 'Sessions that have a matching request in the window, a page at a time',
        body: sessionQueryBody,
        query: null,
        answer: sessionPageAnswer,
        errors: ['unsupported-filter', 'invalid-timezone', 'invalid-cursor'],
      },
      handle: async (call) => {
        const { body, selection } = readCall(call);
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
      doc: {
        summary: 'How many sessions the same body selects, their cost and means',
        body: sessionQueryBody,
        query: null,
        answer: sessionCountAnswer,
        errors: ['unsupported-filter', 'invalid-timezone'],
      },
      handle: async (call) => {
        const { body, selection } = readCall(call);
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
      doc: {
        summary: 'One session, as of now, with the tree of its paths',
        body: null,
        query: null,
        answer: oneSessionAnswer,
        errors: ['unknown-session'],
      },
      handle: async ({ key, req, analytics }) => {
        const state = await findSession({ totals: deps.totals, analytics }, key.tenantId, String(req.params.sessionId));
        if (!state || state.requests === 0) throw new ApiError('unknown-session');
        const answer = sessionAnswer(describeSession(state), 0, clock.now());
        return { data: { ...answer, ...describePaths(state) }, from: 'totals' };
      },
    },
    {
      method: 'get',
      path: '/v1/session/:sessionId/requests',
      access: 'read',
      doc: {
        summary: 'Requests of a session in the order in which they began',
        body: null,
        query: pageParameters,
        answer: requestPageAnswer,
        errors: ['unknown-session', 'invalid-parameter', 'invalid-limit', 'limit-too-high', 'invalid-cursor'],
      },
      handle: async ({ key, req, analytics }) => {
        const sessionId = String(req.params.sessionId);
        const limit = readLimit(req.query.limit);
        const cursor = readText(req.query, 'cursor');
        const state = await findSession({ totals: deps.totals, analytics }, key.tenantId, sessionId);
        if (!state || state.requests === 0) throw new ApiError('unknown-session');
        const { requests, nextCursor } = await listSessionRequests(
          analytics,
          { tenantId: key.tenantId, sessionId, between: [state.createdAt, state.latestRequestAt] },
          { limit, cursor },
        );
        const data = await answerRequests({ key, req, analytics }, requests, 0, answering);
        return { data, extra: { next_cursor: nextCursor }, from: 'totals' };
      },
    },
  ];
}

function readPage(body: SessionQueryBody): SessionPage {
  const { sort, cursor } = body;
  const [field, direction] = (Object.entries(sort ?? {}).find(([, way]) => way !== undefined) ?? [
    'created_at',
    'desc',
  ]) as [SessionPage['field'], SessionPage['direction']];
  return { field, direction, ...readPageBounds(body), cursor: cursor === '' ? undefined : cursor };
}
