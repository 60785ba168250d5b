import type { ReplayBody, ReplayStepEvent } from '@throughline/contracts/api/session-replay';
import { picoToUsd, usdToPico } from '@throughline/contracts/money';
import type { StoredBodies } from '../queries/read-bodies.ts';
import { copyStep } from './copy-step.ts';
import type { ReplayWork, WorkStep } from './plan-replay.ts';
import type { RecordedStep } from './recorded-steps.ts';
import type { GatewayCaller } from './replay-ports.ts';
import { NOT_RECORDED, type StepOutcome, sendStep } from './send-step.ts';
import { stepOrder } from './step-order.ts';
import { createThread, type Thread } from './thread/thread.ts';

/** Of one replay, under way at a time; each holds a request and its answer in memory. */
const STEPS_UNDER_WAY_MAX = 16;

export interface RunOptions {
  readonly work: ReplayWork;
  readonly body: Pick<ReplayBody, 'overrides' | 'thread' | 'toolPacing' | 'stopOnError' | 'maxCostUsd'>;
  readonly gateway: GatewayCaller;
  /** Of Throughline, the caller's own. */
  readonly key: string;
  /** Bodies of one step. Rejects where the store does not answer. */
  readonly bodiesOf: (step: RecordedStep) => Promise<StoredBodies | undefined>;
  readonly clock: { now(): number };
  /** Aborted: no further step begins, and those under way are given up. */
  readonly cancelled: AbortSignal;
  /** Told of each step as it ends. */
  readonly onStep: (event: ReplayStepEvent) => void;
}

/** How a replay ended, and why, where it did not complete. */
export interface RunEnd {
  readonly status: 'completed' | 'stopped' | 'cancelled' | 'failed';
  readonly reason: string | null;
  /** Code of the gateway's refusal that it ended by. */
  readonly refusal?: string;
}

/**
 * Replays the steps into each of the new sessions, one session after the other. What a provider answers is a step, whatever it
 * is; what keeps all further steps from being sent ends the replay.
 */
export async function runReplay(options: RunOptions): Promise<RunEnd> {
  const { work, body, cancelled } = options;
  const capPico = body.maxCostUsd === undefined ? undefined : usdToPico(body.maxCostUsd);
  let costPico = 0n;
  /** Steps that have not begun. */
  let left = work.plan.steps;
  let end: RunEnd | undefined;
  const stop = (status: RunEnd['status'], reason: string | null, refusal?: string) => {
    end ??= { status, reason, ...(refusal !== undefined && { refusal }) };
  };
  /** What has to end the replay, whatever is under way. */
  const broken = new AbortController();
  const signal = AbortSignal.any([cancelled, broken.signal]);

  for (const sessionId of work.plan.session_ids) {
    if (end) break;
    await runSession(sessionId);
  }
  return end ?? { status: 'completed', reason: null };

  async function runSession(sessionId: string): Promise<void> {
    const order = stepOrder(work.steps.map(({ step }) => step));
    const thread = body.thread === true ? createThread() : undefined;
    const underWay = new Set<Promise<void>>();
    for (;;) {
      if (cancelled.aborted) stop('cancelled', 'it was cancelled');
      // With nothing left to begin, there is nothing to stop.
      if (capPico !== undefined && costPico >= capPico && left > 0) {
        stop('stopped', `it has cost the ${body.maxCostUsd} USD that it may cost`);
      }
      const at = end || underWay.size >= STEPS_UNDER_WAY_MAX ? undefined : order.next();
      if (at !== undefined) {
        left--;
        const running = runStep(work.steps[at]!, sessionId, thread).then(() => {
          order.ended(at);
          underWay.delete(running);
        });
        underWay.add(running);
        continue;
      }
      if (underWay.size === 0) return;
      await Promise.race(underWay);
    }
  }

  async function runStep(step: WorkStep, sessionId: string, thread: Thread | undefined): Promise<void> {
    const began = performance.now();
    const outcome = await outcomeOf(step, sessionId, thread).catch((error: unknown) => failed(error, signal));
    costPico += outcome.costPico ?? 0n;
    const error = outcome.error === null ? null : work.keys.scrub(outcome.error).slice(0, ERROR_CHARS_MAX);
    if (outcome.refusal !== undefined && ENDS_ALL.has(outcome.refusal)) {
      stop('failed', error, outcome.refusal);
      broken.abort();
    } else if (outcome.error !== null && body.stopOnError) {
      stop('stopped', `step ${step.index} failed: ${error}`);
    }
    options.onStep({
      session_id: sessionId,
      index: step.index,
      path: step.step.sessionPath,
      kind: step.step.kind,
      action: step.action,
      replay_of: step.step.requestId,
      request_id: outcome.requestId,
      status: outcome.status,
      error,
      cost: outcome.costPico === null ? null : picoToUsd(outcome.costPico),
      latency_ms: outcome.latencyMs ?? Math.round(performance.now() - began),
      threaded: outcome.threaded,
      kept: outcome.kept,
      replaced: outcome.replaced,
    });
  }

  async function outcomeOf(step: WorkStep, sessionId: string, thread: Thread | undefined): Promise<StepOutcome> {
    const { gateway, key, clock } = options;
    const as = { recordedSessionId: work.plan.session_id, sessionId };
    const bodies = await options.bodiesOf(step.step);
    if (step.action === 'copy') {
      const isPaced = body.toolPacing !== 'none';
      return copyStep(step, bodies, { gateway, key, as, isPaced, clock, signal });
    }
    if (!bodies?.request.bytes?.length) {
      const isLarge = bodies !== undefined && bodies.request.size > 0;
      const error = isLarge ? 'its request body is too large' : 'its request body is gone since the replay began';
      return { ...NOT_SENT, status: 0, error };
    }
    const overrides = body.overrides ?? {};
    return sendStep(step, bodies, { gateway, key, keys: work.keys, as, overrides, thread, nowMs: clock.now(), signal });
  }
}

const ERROR_CHARS_MAX = 500;

/** What every further step would meet as well; nobody pays for calls of which nothing is kept. */
const ENDS_ALL: ReadonlySet<string> = new Set([
  NOT_RECORDED,
  'target-not-allowed',
  'target-needs-key',
  'invalid-target',
  'missing-target',
  'invalid-api-base',
  'unknown-provider',
  'invalid-provider-path',
  'no-key',
  'unknown-key',
  'missing-permission',
]);

/** As the log has it where a client closes a call before its end. */
const STATUS_CANCELLED = -3;

const NOT_SENT = { requestId: null, costPico: 0n, threaded: 0, kept: 0, replaced: 0 } as const;

function failed(error: unknown, signal: AbortSignal): StepOutcome {
  const unknown = { ...NOT_SENT, costPico: null };
  if (signal.aborted) return { ...unknown, status: STATUS_CANCELLED, error: 'it was cancelled' };
  const { code, message } = error as NodeJS.ErrnoException;
  return { ...unknown, status: 0, error: `the gateway did not answer: ${code ?? message}` };
}
