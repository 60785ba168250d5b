import { type AnnotationChange, FEEDBACK_SCORE } from '@throughline/contracts/annotation';
import {
  legacyFeedbackBody,
  propertyBody,
  ratingBody,
  SCORES_MAX,
  scoresBody,
  tagBody,
} from '@throughline/contracts/api/annotation';
import {
  legacyFeedbackAnswer,
  propertySetAnswer,
  saidAnswer,
  tagAnswer,
} from '@throughline/contracts/api/annotation-answer';
import { ApiError, type ErrorCode } from '@throughline/contracts/errors';
import { isUuid } from '@throughline/contracts/ids';
import {
  SESSION_ID_PROPERTY,
  SESSION_NAME_PROPERTY,
  SESSION_PATH_PROPERTY,
} from '@throughline/session-totals/describe-session';
import type { SessionState } from '@throughline/session-totals/session-state';
import { appendAnnotation } from '../annotate/append-annotation.ts';
import { findTarget } from '../annotate/find-target.ts';
import { parseBody } from '../parse-body.ts';
import { findRequests } from '../queries/find-request.ts';
import { findSession } from '../queries/find-session.ts';
import type { StoredRequest } from '../queries/request-columns.ts';
import { type QueryDeps, queryConfig } from '../query-deps.ts';
import type { Route, RouteCall } from '../route.ts';

/** What is said of sessions and requests after the fact. Each answers when the next read shows it. */
export function annotationRoutes(deps: QueryDeps): Route[] {
  const { annotations: ports } = deps;
  const { annotationWaitMs } = queryConfig(deps);

  /** One call's time, spent on finding what it is about and on waiting until it shows. */
  const timeOf = () => {
    const untilMs = performance.now() + annotationWaitMs;
    return { untilMs, left: () => ({ now: deps.clock.now(), waitMs: untilMs - performance.now() }) };
  };

  /** A session that has a request. */
  const knownSession = async ({ key, req, analytics }: RouteCall, untilMs: number): Promise<SessionState> => {
    const look = async () => {
      const sessionId = String(req.params.sessionId);
      const state = await findSession({ totals: deps.totals, analytics }, key.tenantId, sessionId);
      return state && state.requests > 0 ? state : undefined;
    };
    const state = await findTarget(look, deps.freshness.totalsAsOf, { clock: deps.clock, untilMs });
    if (!state) throw new ApiError('no-request-found');
    return state;
  };

  const ofSession = async ({ key, req }: RouteCall, change: AnnotationChange, time: ReturnType<typeof timeOf>) => {
    const session = { id: String(req.params.sessionId) };
    await appendAnnotation(ports, key.tenantId, { session, request: null, change }, time.left());
  };

  /** @param makeChange from the request as it is. */
  const ofRequest = async (
    { key, analytics }: RouteCall,
    requestId: string,
    makeChange: (request: StoredRequest) => AnnotationChange,
  ) => {
    const time = timeOf();
    const look = async () => (await findRequests(analytics, key.tenantId, requestId))[0];
    const { clock, freshness } = deps;
    const request = await findTarget(look, freshness.snapshotsAsOf, { clock, untilMs: time.untilMs });
    if (!request) throw new ApiError('unknown-request');
    const annotation = {
      session: request.session_id === '' ? null : { id: request.session_id },
      request: {
        request_id: request.request_id,
        event_id: request.event_id,
        ordered_at: Number(request.ordered_at_ms),
      },
      change: makeChange(request),
    };
    await appendAnnotation(ports, key.tenantId, annotation, time.left());
  };

  const feedbackOn = (call: RouteCall, requestId: string, rating: boolean) => {
    requireUuid(requestId);
    return ofRequest(call, requestId, () => ({ kind: 'score', scores: [[FEEDBACK_SCORE, rating ? 1 : 0]] }));
  };

  return [
    {
      method: 'get',
      path: '/v1/session/:sessionId/tag',
      access: 'read',
      doc: {
        summary: 'The tag of a session',
        body: null,
        query: null,
        answer: tagAnswer,
        errors: [],
      },
      handle: async ({ key, req, analytics }) => {
        const state = await findSession({ totals: deps.totals, analytics }, key.tenantId, String(req.params.sessionId));
        return { data: state?.tag ?? null, from: 'totals' };
      },
    },
    {
      method: 'post',
      path: '/v1/session/:sessionId/feedback',
      access: 'write',
      doc: {
        summary: 'Rate a session',
        body: ratingBody,
        query: null,
        answer: saidAnswer,
        errors: ['no-request-found', ...SAYING],
      },
      handle: async (call) => {
        const { rating } = parseBody(ratingBody, call.body);
        const time = timeOf();
        await knownSession(call, time.untilMs);
        await ofSession(call, { kind: 'feedback', rating }, time);
        return { data: null, from: 'totals' };
      },
    },
    {
      method: 'post',
      path: '/v1/session/:sessionId/tag',
      access: 'write',
      doc: {
        summary: 'Tag a session, in place of the tag that it had',
        body: tagBody,
        query: null,
        answer: saidAnswer,
        errors: [...SAYING],
      },
      handle: async (call) => {
        const { tag } = parseBody(tagBody, call.body);
        await ofSession(call, { kind: 'tag', tag }, timeOf());
        return { data: null, from: 'totals' };
      },
    },
    {
      method: 'post',
      path: '/v1/session/:sessionId/score',
      access: 'write',
      doc: {
        summary: 'Score a session',
        body: scoresBody,
        query: null,
        answer: saidAnswer,
        errors: ['no-request-found', 'too-many-values', ...SAYING],
      },
      handle: async (call) => {
        const scores = parseBody(scoresBody, call.body).scores.map(storedScore);
        const time = timeOf();
        const state = await knownSession(call, time.untilMs);
        requireRoom([...state.scores.keys()], scores);
        await ofSession(call, { kind: 'score', scores }, time);
        return { data: null, from: 'totals' };
      },
    },
    {
      method: 'post',
      path: '/v1/request/:requestId/feedback',
      access: 'write',
      doc: {
        summary: 'Rate a request',
        body: ratingBody,
        query: null,
        answer: saidAnswer,
        status: 201,
        errors: ['invalid-request-id', 'unknown-request', ...SAYING],
      },
      handle: async (call) => {
        const { rating } = parseBody(ratingBody, call.body);
        await feedbackOn(call, String(call.req.params.requestId), rating);
        return { status: 201, data: null, from: 'snapshots' };
      },
    },
    {
      method: 'post',
      path: '/v1/feedback',
      access: 'write',
      doc: {
        summary: 'Rate a request, as older clients do',
        body: legacyFeedbackBody,
        query: null,
        answer: legacyFeedbackAnswer,
        errors: ['invalid-request-id', 'unknown-request', ...SAYING],
      },
      handle: async (call) => {
        const { 'helicone-id': requestId, rating } = parseBody(legacyFeedbackBody, call.body);
        await feedbackOn(call, requestId, rating);
        return {
          data: { message: 'Feedback added successfully.', helicone_id: requestId },
          isBare: true,
          from: 'snapshots',
        };
      },
    },
    {
      method: 'put',
      path: '/v1/request/:requestId/property',
      access: 'write',
      doc: {
        summary: 'Set a property of a request',
        body: propertyBody,
        query: null,
        answer: propertySetAnswer,
        status: 201,
        errors: ['fixed-property', 'unknown-request', 'too-many-values', ...SAYING],
      },
      handle: async (call) => {
        const { key, value } = parseBody(propertyBody, call.body);
        if (FIXED_PROPERTIES.has(key.toLowerCase())) throw new ApiError('fixed-property', { key });
        await ofRequest(call, String(call.req.params.requestId), (request) => {
          const isNew = request.property_entries.every(([name]) => name !== key);
          if (isNew && request.property_entries.length >= PROPERTIES_MAX) {
            throw new ApiError('too-many-values', { max: PROPERTIES_MAX, what: 'properties' });
          }
          return { kind: 'property', key, value };
        });
        return { status: 201, data: null, extra: { ok: 'true' }, from: 'snapshots' };
      },
    },
    {
      method: 'post',
      path: '/v1/request/:requestId/score',
      access: 'write',
      doc: {
        summary: 'Score a request',
        body: scoresBody,
        query: null,
        answer: saidAnswer,
        status: 201,
        errors: ['invalid-request-id', 'invalid-score', 'unknown-request', 'too-many-values', ...SAYING],
      },
      handle: async (call) => {
        const { scores } = parseBody(scoresBody, call.body);
        const requestId = String(call.req.params.requestId);
        requireUuid(requestId);
        for (const [name, value] of scores) {
          if (typeof value === 'number' && !Number.isInteger(value)) throw new ApiError('invalid-score', { name });
        }
        const stored = scores.map(storedScore);
        await ofRequest(call, requestId, (request) => {
          requireRoom(
            request.score_pairs.map(([name]) => name),
            stored,
          );
          return { kind: 'score', scores: stored };
        });
        return { status: 201, data: null, from: 'snapshots' };
      },
    },
  ];
}

/** Why nothing may be said, or does not show yet. */
const SAYING: readonly ErrorCode[] = ['annotation-refused', 'not-shown-yet'];

/** A row that grows with every call would slow down every page that it is on. */
const PROPERTIES_MAX = 1_000;

/** They say which session a request is in, and where: what it was counted by. */
const FIXED_PROPERTIES: ReadonlySet<string> = new Set(
  [SESSION_ID_PROPERTY, SESSION_NAME_PROPERTY, SESSION_PATH_PROPERTY].map((key) => key.toLowerCase()),
);

function requireUuid(requestId: string): void {
  if (!isUuid(requestId)) throw new ApiError('invalid-request-id');
}

function requireRoom(names: readonly string[], added: readonly (readonly [string, number])[]): void {
  if (new Set([...names, ...added.map(([name]) => name)]).size > SCORES_MAX) {
    throw new ApiError('too-many-values', { max: SCORES_MAX, what: 'scores' });
  }
}

/** Booleans are kept as numbers, under a name that says what they were. */
function storedScore([name, value]: readonly [string, number | boolean]): readonly [string, number] {
  return typeof value === 'boolean' ? [`${name}-hcone-bool`, value ? 1 : 0] : [name, value];
}
