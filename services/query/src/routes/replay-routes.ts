import { randomBytes } from 'node:crypto';
import {
  REPLAY_STEPS_MAX,
  type ReplayBody,
  type ReplayProblem,
  replayBody,
  replayEvents,
  replayPlanAnswer,
  replayStartedAnswer,
  replayStateAnswer,
} from '@throughline/contracts/api/session-replay';
import { ApiError } from '@throughline/contracts/errors';
import { isUuid } from '@throughline/contracts/ids';
import type { Request } from 'express';
import { presentedKey } from '../auth/authenticate.ts';
import { parseBody } from '../parse-body.ts';
import { findSession } from '../queries/find-session.ts';
import { type QueryDeps, queryConfig } from '../query-deps.ts';
import { planReplay, type ReplayWork } from '../replay/plan-replay.ts';
import { recordedSteps } from '../replay/recorded-steps.ts';
import type { Replay } from '../replay/replay.ts';
import { createReplayRegister, type ReplayRegister } from '../replay/replay-register.ts';
import { EVENT_STREAM_HEADERS, streamReplay } from '../replay/replay-stream.ts';
import { startReplay } from '../replay/start-replay.ts';
import { headerValue } from '../replay/step-headers.ts';
import type { Route, RouteCall, StreamAnswer } from '../route.ts';

/** Sessions that are recorded, sent once more. */
export function replayRoutes(deps: QueryDeps): Route[] {
  let made: ReplayRegister | undefined;
  const register = () => {
    made ??= createReplayRegister(deps.clock, deps.live.stopping);
    return made;
  };

  const known = ({ key, req }: Pick<RouteCall, 'key' | 'req'>): Replay => {
    const id = String(req.params.replayId);
    if (!isUuid(id)) throw new ApiError('invalid-replay-id');
    const replay = register().find(key.tenantId, id);
    if (!replay) throw new ApiError('unknown-replay');
    return replay;
  };

  return [
    {
      method: 'post',
      path: '/v1/session/:sessionId/replay',
      access: 'replay',
      doc: {
        summary: 'Sends the steps of a session once more, into a new one; with dryRun says what that would be',
        body: replayBody,
        query: null,
        answer: replayPlanAnswer,
        accepted: replayStartedAnswer,
        events: replayEvents,
        errors: [
          'unknown-session',
          'session-exists',
          'invalid-replay',
          'not-replayable',
          'too-many-values',
          'too-many-replays',
          'invalid-target',
          'target-not-allowed',
          'not-offered',
        ],
      },
      handle: async ({ key, req, body: given, analytics }) => {
        const body = parseBody(replayBody, given ?? {});
        const work = await planOf({ key, req, analytics }, body, deps);
        if (body.dryRun) return { data: work.plan, from: 'totals' };
        const { replayGateway: gateway } = deps;
        if (!gateway) throw new ApiError('not-offered', NO_GATEWAY);
        refuseProblems(work);
        const replay = await startReplay({
          tenantId: key.tenantId,
          work,
          body,
          gateway,
          key: presentedKey(req.headers) ?? '',
          analytics: deps.analytics,
          register: register(),
          clock: deps.clock,
          logger: deps.logger,
        });
        if (wantsEvents(req)) {
          const answer = events(replay);
          if (!body.cancelOnClose) return answer;
          const stream: StreamAnswer['stream'] = async (res, signal) => {
            signal.addEventListener('abort', () => replay.cancel(), { once: true });
            if (signal.aborted) replay.cancel();
            await answer.stream(res, signal);
          };
          return { ...answer, stream };
        }
        const data = { replay_id: replay.id, session_ids: work.plan.session_ids };
        return { data, status: 202, from: 'totals' };
      },
    },
    {
      method: 'get',
      path: '/v1/replay/:replayId',
      access: 'read',
      doc: {
        summary: 'How a replay stands, or server-sent events of it, from the first on',
        body: null,
        query: null,
        answer: replayStateAnswer,
        events: replayEvents,
        errors: ['unknown-replay', 'invalid-replay-id'],
      },
      handle: async (call) => {
        const replay = known(call);
        if (call.req.method !== 'HEAD' && wantsEvents(call.req)) return events(replay);
        return { data: replay.state, from: 'totals' };
      },
    },
    {
      method: 'delete',
      path: '/v1/replay/:replayId',
      access: 'replay',
      doc: {
        summary: 'Cancels a replay: no further step begins, and those under way are given up',
        body: null,
        query: null,
        answer: replayStateAnswer,
        errors: ['unknown-replay', 'invalid-replay-id'],
      },
      handle: async (call) => {
        const replay = known(call);
        replay.cancel();
        return { data: replay.state, from: 'totals' };
      },
    },
  ];
}

const NO_GATEWAY = { feature: 'Replay', instead: 'set GATEWAY_URL of the query service' };

function wantsEvents({ headers }: Request): boolean {
  return /\btext\/event-stream\b/i.test(headers.accept ?? '');
}

function events(replay: Replay): StreamAnswer {
  return {
    headers: EVENT_STREAM_HEADERS,
    from: 'totals',
    stream: (res, signal) => streamReplay(replay, res, signal),
  };
}

async function planOf(
  { key, req, analytics }: Pick<RouteCall, 'key' | 'req' | 'analytics'>,
  body: ReplayBody,
  deps: QueryDeps,
): Promise<ReplayWork> {
  const sessionId = String(req.params.sessionId);
  const find = (id: string) => findSession({ totals: deps.totals, analytics }, key.tenantId, id);
  const state = await find(sessionId);
  if (!state || state.requests === 0) throw new ApiError('unknown-session');
  const sessionIds = newIds(sessionId, body);
  if (body.sessionId !== undefined) {
    for (const id of sessionIds) {
      if (((await find(id))?.requests ?? 0) > 0) throw new ApiError('session-exists', { id: JSON.stringify(id) });
    }
  }
  const between = [state.createdAt, state.latestRequestAt] as const;
  const session = { tenantId: key.tenantId, sessionId, between };
  const steps = await recordedSteps(analytics, session, REPLAY_STEPS_MAX);
  if (steps.length * sessionIds.length > REPLAY_STEPS_MAX) {
    throw new ApiError('too-many-values', { max: REPLAY_STEPS_MAX, what: 'steps of a replay' });
  }
  return planReplay(steps, body, {
    sessionId,
    sessionIds,
    nowMs: deps.clock.now(),
    providerOrigins: queryConfig(deps).providerOrigins,
  });
}

/** As they are recorded: what no header can carry is not in them. */
function newIds(recorded: string, { sessionId, times = 1 }: ReplayBody): string[] {
  const asked = sessionId?.toWellFormed();
  if (asked !== undefined && (asked === '' || asked.length > ID_CHARS_MAX || asHeader(asked) !== asked)) {
    throw new ApiError('invalid-replay', {
      reason: `sessionId has between 1 and ${ID_CHARS_MAX} characters, none of which is a control character or white space at an end`,
    });
  }
  const base = asked ?? `${asHeader(recorded)}-replay-${randomBytes(4).toString('hex')}`;
  return times === 1 ? [base] : Array.from({ length: times }, (_, at) => `${base}-${at + 1}`);
}

const ID_CHARS_MAX = 1_000;

function asHeader(text: string): string {
  return Buffer.from(headerValue(text), 'latin1').toString('utf8');
}

/** Named in one answer. */
const PROBLEMS_MAX = 100;

/** @throws ApiError `not-replayable`, `invalid-replay` where keys are missing or there is nothing to do. */
function refuseProblems({ plan }: ReplayWork): void {
  const [first] = plan.problems;
  if (first) {
    const steps: ReplayProblem[] = plan.problems.slice(0, PROBLEMS_MAX);
    const params = { count: plan.problems.length, path: first.path || 'one without a path', reason: first.reason };
    throw new ApiError('not-replayable', params, { extra: { steps } });
  }
  if (plan.steps === 0) throw new ApiError('invalid-replay', { reason: 'all of its steps would be left out' });
  if (plan.needs_keys.length > 0) {
    throw new ApiError('invalid-replay', { reason: `there is no key for ${plan.needs_keys.join(', ')}` });
  }
}
