import { setTimeout as sleep } from 'node:timers/promises';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { ReplayBody } from '@throughline/contracts/api/session-replay';
import { ApiError } from '@throughline/contracts/errors';
import type { Logger } from '@throughline/telemetry/logger';
import { readBodies } from '../queries/read-bodies.ts';
import { bodiesAhead } from './bodies-ahead.ts';
import type { ReplayWork } from './plan-replay.ts';
import { createReplay, type Replay } from './replay.ts';
import type { GatewayCaller } from './replay-ports.ts';
import type { ReplayRegister } from './replay-register.ts';
import { type RunEnd, runReplay } from './run-replay.ts';

/** How long it is waited for the gateway to say that it does not go to a host that nobody knows. */
const REFUSAL_WAIT_MS = 2_000;

/**
 * Of one body; a larger one is not sent. Several are held at a time, twice while they are read, so that without a bound one
 * session could take the memory of all others; and no provider takes as much.
 */
const BODY_BYTES_MAX = 64 * 1024 * 1024;

export interface StartOptions {
  readonly tenantId: string;
  readonly work: ReplayWork;
  readonly body: ReplayBody;
  readonly gateway: GatewayCaller;
  /** Of Throughline, the caller's own. */
  readonly key: string;
  readonly analytics: Pick<AnalyticsStore, 'query'>;
  readonly register: ReplayRegister;
  readonly clock: { now(): number };
  readonly logger: Logger;
}

/**
 * Begins a replay, which goes on by itself.
 *
 * @throws ApiError `too-many-replays`; `target-not-allowed` where the gateway refuses a host at once.
 */
export async function startReplay(options: StartOptions): Promise<Replay> {
  const { tenantId, work, body, gateway, key, analytics, register, clock, logger } = options;
  const replay = createReplay(tenantId, work, clock);
  register.add(replay);
  const first = Promise.withResolvers<void>();
  const ended = runReplay({
    work,
    body,
    gateway,
    key,
    bodiesOf: bodiesAhead(
      work.steps.map(({ step }) => step),
      (places) => readBodies(analytics, tenantId, places, BODY_BYTES_MAX),
    ),
    clock,
    cancelled: replay.cancelled,
    onStep: (event) => {
      replay.stepEnded(event);
      first.resolve();
    },
  }).then(
    (end) => {
      replay.finish(end);
      return end;
    },
    (error: Error): RunEnd => {
      logger.error({ err: error, replay: replay.id }, 'a replay failed');
      const end = { status: 'failed', reason: 'something failed on our side; the log has it' } as const;
      replay.finish(end);
      return end;
    },
  );
  const stranger = work.steps.find(({ target }) => target && !target.known)?.target;
  if (stranger && (await refusalOf(ended, first.promise)) === 'target-not-allowed') {
    register.remove(replay);
    throw new ApiError('target-not-allowed', { host: URL.parse(stranger.origin)?.host ?? '' });
  }
  return replay;
}

/** The refusal by which it has ended already; undefined where a step was answered, or nothing was for a while. */
async function refusalOf(ended: Promise<RunEnd>, first: Promise<void>): Promise<string | undefined> {
  const waited = new AbortController();
  // A step that was refused is told of before the end that follows from it.
  const told = first.then(() => sleep(SETTLED_MS));
  const end = await Promise.race([ended, told, sleep(REFUSAL_WAIT_MS, undefined, { signal: waited.signal })]).catch(
    () => undefined,
  );
  waited.abort();
  return end?.refusal;
}

/** Longer than a replay takes to end that nothing is under way of. */
const SETTLED_MS = 50;
