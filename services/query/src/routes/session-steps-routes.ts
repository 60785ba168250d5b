import { STEP_COLUMNS, type StepColumn, stepsAnswer, stepsParameters } from '@throughline/contracts/api/session-steps';
import { ApiError } from '@throughline/contracts/errors';
import type { SessionState } from '@throughline/session-totals/session-state';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { findSession } from '../queries/find-session.ts';
import { listSessionSteps, NO_STEPS, type SessionSteps } from '../queries/list-session-steps.ts';
import type { QueryDeps } from '../query-deps.ts';
import { RawJson } from '../render/raw-json.ts';
import type { Route } from '../route.ts';

/** The whole of a session at a glance, without bodies. */
export function sessionStepsRoutes(deps: QueryDeps): Route[] {
  return [
    {
      method: 'get',
      path: '/v1/session/:sessionId/steps',
      access: 'read',
      doc: {
        summary: 'Every request of a session in few bytes, column by column, or those that came since the last answer',
        body: null,
        query: stepsParameters,
        answer: stepsAnswer,
        errors: ['unknown-session', 'invalid-cursor'],
      },
      handle: async ({ key, req, analytics }) => {
        const { tenantId } = key;
        const sessionId = String(req.params.sessionId);
        const { since: given } = req.query;
        const since = given === undefined || given === '' ? undefined : readSince(String(given));
        // Before the rows, which are stored before they are totalled: whatever is in the totals is among the rows.
        const state = await findSession({ totals: deps.totals, analytics }, tenantId, sessionId);
        if (!state || state.requests === 0) throw new ApiError('unknown-session');
        const session = { tenantId, sessionId, between: [state.createdAt, state.latestRequestAt] } as const;
        if (since && since.partition === state.partition && since.offset <= state.applied) {
          // Whatever changes a step is in the log behind all that was there before: a page that asks each second costs the
          // engine nothing while nothing happens.
          const isUnchanged = since.offset === state.applied;
          const added = isUnchanged ? NO_STEPS : await listSessionSteps(analytics, session, since.offset);
          const counted = since.counted + countBetween(added, since.offset, state.applied);
          if (counted === state.requests) return answer(added, state, counted, false);
        }
        const all = await listSessionSteps(analytics, session, undefined);
        return answer(all, state, countBetween(all, -1, state.applied), true);
      },
    },
  ];
}

/**
 * Up to which entry of the log the steps that a caller has are all there are, and how many those were: once there are more
 * or fewer of them in the totals, something was deleted.
 */
interface Since {
  readonly partition: number;
  readonly offset: number;
  readonly counted: number;
}

const ORDER = 'session-steps';

function readSince(text: string): Since {
  const [partition, offset, counted] = decodeCursor(text, ORDER, ['count', 'count', 'count']);
  const since = { partition: Number(partition), offset: Number(offset), counted: Number(counted) };
  if (since.offset >= 2 ** 44) throw new ApiError('invalid-cursor');
  return since;
}

/** Steps whose own entry of the log lies behind `offset` and not behind `through`: those before were known, or have been changed. */
function countBetween({ columns }: SessionSteps, offset: number, through: number): number {
  const positions = JSON.parse(columns.position) as number[];
  return positions.filter((position) => position > offset && position <= through).length;
}

function answer(steps: SessionSteps, state: SessionState, counted: number, complete: boolean) {
  const columns = {} as Record<StepColumn, RawJson>;
  for (const name of Object.keys(STEP_COLUMNS) as StepColumn[]) columns[name] = new RawJson(steps.columns[name]);
  const next = encodeCursor(ORDER, [state.partition, state.applied, counted].map(String));
  return {
    data: {
      count: (JSON.parse(steps.columns.position) as number[]).length,
      complete,
      truncated: steps.truncated,
      next: steps.truncated ? null : next,
      columns,
    },
    from: 'totals',
  } as const;
}
