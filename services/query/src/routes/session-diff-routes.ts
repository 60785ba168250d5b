import {
  type DiffStep,
  type DiffStepSide,
  type DiffSummary,
  diffAnswer,
  diffParameters,
} from '@throughline/contracts/api/session-diff';
import { type ComparedTotals, compareTotals } from '@throughline/contracts/compared-figures';
import { ApiError } from '@throughline/contracts/errors';
import { describeSession } from '@throughline/session-totals/describe-session';
import { normalisePath } from '@throughline/session-totals/path-tree';
import { sessionFigures } from '@throughline/session-totals/session-figures';
import type { SessionState } from '@throughline/session-totals/session-state';
import { grants } from '../auth/access.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { type ComparedStep, compareSteps } from '../diff/compare-steps.ts';
import { type ComparedTexts, compareTexts } from '../diff/compare-texts.ts';
import { type LoadedStep, loadSteps } from '../diff/load-steps.ts';
import { findSession } from '../queries/find-session.ts';
import { type QueryDeps, queryConfig } from '../query-deps.ts';
import { readLimit } from '../read-limit.ts';
import { readText, readYesOrNo } from '../read-parameter.ts';
import type { Route, RouteAnswer, RouteCall } from '../route.ts';
import { createTenantTurns } from '../tenant-turns.ts';

/** Two sessions step by step. */
export function sessionDiffRoutes(deps: QueryDeps): Route[] {
  const config = queryConfig(deps);

  const turns = createTenantTurns({ ...TURNS, waitMsMax: config.tenantWaitMsMax });

  const find = async ({ key, analytics }: RouteCall, sessionId: string): Promise<SessionState> => {
    const state = await findSession({ totals: deps.totals, analytics }, key.tenantId, sessionId);
    if (!state || state.requests === 0) throw new ApiError('unknown-session');
    return state;
  };

  const compare = async (call: RouteCall): Promise<RouteAnswer> => {
    const { key, req, analytics } = call;
    const ids = { a: String(req.params.sessionId), b: String(req.params.otherSessionId) };
    const asked = readParameters(req.query);
    const [stateA, stateB] = await Promise.all([find(call, ids.a), find(call, ids.b)]);
    const mayReadBodies = grants(key, 'read-bodies', config);
    const load = (sessionId: string, state: SessionState) =>
      loadSteps(
        analytics,
        { tenantId: key.tenantId, sessionId, between: [state.createdAt, state.latestRequestAt] },
        mayReadBodies,
      );
    const [a, b] = await Promise.all([load(ids.a, stateA), load(ids.b, stateB)]);
    const steps = compareSteps(a.steps, b.steps);
    const { requestId } = asked;
    if (requestId !== undefined && !steps.some((step) => isOf(step, requestId))) throw new ApiError('unknown-request');
    const onPath = steps.filter((step) => isOnPath(step, asked.path));
    const selected = onPath.filter((step) => isSelected(step, asked));
    const page = selected.slice(asked.from, asked.from + asked.limit);
    const texts = asked.withTexts && mayReadBodies ? await compareTexts(analytics, key.tenantId, ids, page) : undefined;
    // Long texts end a page before its limit.
    const shown = texts ? page.slice(0, texts.length) : page;
    const next = asked.from + shown.length;
    return {
      data: {
        summary: summaryOf(stateA, stateB, onPath, a.isTruncated || b.isTruncated),
        steps: shown.map((step, index) => stepAnswer(step, texts?.[index], [stateA.createdAt, stateB.createdAt])),
      },
      extra: { next_cursor: next < selected.length ? encodeCursor(ORDER, [String(next)]) : null },
      from: 'totals',
    };
  };

  return [
    {
      method: 'get',
      path: '/v1/session/:sessionId/diff/:otherSessionId',
      access: 'read',
      doc: {
        summary: 'In what a session (b, the second) differs from another (a): figures, then step by step, with texts',
        body: null,
        query: diffParameters,
        answer: diffAnswer,
        errors: [
          'unknown-session',
          'unknown-request',
          'invalid-parameter',
          'invalid-limit',
          'limit-too-high',
          'invalid-cursor',
        ],
      },
      handle: (call) => turns.run(call.key.tenantId, () => compare(call)),
    },
  ];
}

/** Diffs of one tenant at once, each of which holds the steps of two sessions; and those that wait for one to end. */
const TURNS = { runningMax: 2, waitingMax: 16 };

const ORDER = 'session-diff';

interface Asked {
  readonly withTexts: boolean;
  readonly onlyChanged: boolean;
  readonly path: string | undefined;
  readonly requestId: string | undefined;
  readonly from: number;
  readonly limit: number;
}

/** @throws ApiError `invalid-parameter`, `invalid-limit`, `limit-too-high`, `invalid-cursor` */
function readParameters(query: RouteCall['req']['query']): Asked {
  const cursor = readText(query, 'cursor');
  const [from] = cursor === undefined ? ['0'] : decodeCursor(cursor, ORDER, ['count']);
  const path = readText(query, 'path');
  return {
    withTexts: readYesOrNo(query, 'text') ?? true,
    onlyChanged: readYesOrNo(query, 'changed') ?? false,
    path: path === undefined ? undefined : normalisePath(path),
    requestId: readText(query, 'request'),
    from: Number(from),
    limit: readLimit(query.limit),
  };
}

function isOnPath({ a, b }: ComparedStep, asked: string | undefined): boolean {
  if (asked === undefined || asked === '/') return true;
  return [a, b].some((side) => side !== undefined && (side.path === asked || side.path.startsWith(`${asked}/`)));
}

function isSelected({ a, b, state }: ComparedStep, { onlyChanged, requestId }: Asked): boolean {
  if (onlyChanged && state === 'equal') return false;
  return requestId === undefined || isOf({ a, b }, requestId);
}

function isOf({ a, b }: Pick<ComparedStep, 'a' | 'b'>, requestId: string): boolean {
  return a?.requestId === requestId || b?.requestId === requestId;
}

function summaryOf(
  stateA: SessionState,
  stateB: SessionState,
  steps: readonly ComparedStep[],
  truncated: boolean,
): DiffSummary {
  const [a, b] = [summarySide(stateA), summarySide(stateB)];
  const counted = { equal: 0, changed: 0, only_a: 0, only_b: 0, not_compared: 0 };
  for (const { state, isCompared, a: inA, b: inB } of steps) {
    counted[state]++;
    if (inA && inB && !isCompared) counted.not_compared++;
  }
  return { a, b, change: compareTotals(a.figures, b.figures), steps: counted, truncated };
}

function summarySide(state: SessionState): DiffSummary['a'] {
  const facts = describeSession(state);
  const figures = sessionFigures(facts);
  const compared: ComparedTotals = {
    requests: facts.total_requests,
    errors: facts.error_count,
    cost: facts.unpriced_requests === facts.total_requests ? null : figures.total_cost,
    tokens: figures.total_tokens,
    prompt_tokens: Number(facts.prompt_tokens),
    completion_tokens: Number(facts.completion_tokens),
    duration: figures.duration_ms,
    avg_latency: figures.avg_latency,
    p95_latency: figures.p95_latency,
  };
  return {
    session_id: facts.session_id,
    session_name: facts.session_name,
    figures: { ...compared },
    cost_complete: figures.cost_complete,
    models: [...facts.models],
  };
}

function stepAnswer(
  { a, b, state, changed, isCompared, isReplay }: ComparedStep,
  texts: ComparedTexts | undefined,
  [beganA, beganB]: readonly [number, number],
): DiffStep {
  return {
    path: (a ?? b)!.path,
    state,
    changed: [...changed],
    compared: isCompared,
    replayed: isReplay,
    a: a ? sideAnswer(a, beganA) : null,
    b: b ? sideAnswer(b, beganB) : null,
    request: texts?.request ?? null,
    response: texts?.response ?? null,
  };
}

function sideAnswer(step: LoadedStep, beganAtMs: number): DiffStepSide {
  return {
    request_id: step.requestId,
    path: step.path,
    kind: step.kind,
    started_ms: step.orderedAtMs - beganAtMs,
    latency_ms: step.latencyMs,
    status: step.status,
    error: step.error,
    model: step.model,
    provider: step.provider,
    finish_reason: step.finishReason === '' ? null : step.finishReason,
    cost: step.cost,
    prompt_tokens: step.promptTokens,
    completion_tokens: step.completionTokens,
    request: step.request.state,
    response: step.response.state,
  };
}
