import { setTimeout as sleep } from 'node:timers/promises';
import { LOG_BYTES_MAX } from '@throughline/contracts/api/log';
import type { StoredBodies } from '../queries/read-bodies.ts';
import { copiedLog } from './copied-log.ts';
import type { WorkStep } from './plan-replay.ts';
import type { GatewayCaller } from './replay-ports.ts';
import type { StepOutcome } from './send-step.ts';
import { type ReplayedAs, recordingHeaders } from './step-headers.ts';

export interface CopyOptions {
  readonly gateway: GatewayCaller;
  /** Of Throughline, the caller's own. */
  readonly key: string;
  readonly as: ReplayedAs;
  /** It takes as long as it took. */
  readonly isPaced: boolean;
  readonly clock: { now(): number };
  readonly signal: AbortSignal;
}

/** Records a tool, vector or data step once more, as it was. Rejects where the gateway does not answer. */
export async function copyStep(
  { step }: WorkStep,
  bodies: StoredBodies | undefined,
  { gateway, key, as, isPaced, clock, signal }: CopyOptions,
): Promise<StepOutcome> {
  const startAt = clock.now();
  if (isPaced) await sleep(Math.max(0, step.responseAt - step.requestAt), undefined, { signal });
  const body = Buffer.from(copiedLog(step, bodies, recordingHeaders(step, as), startAt));
  const counts = { costPico: 0n, threaded: 0, kept: 0, replaced: 0 };
  if (body.length > LOG_BYTES_MAX) {
    return { requestId: null, status: 0, error: `its bodies have more than ${LOG_BYTES_MAX} bytes`, ...counts };
  }
  const headers = [['Helicone-Auth', `Bearer ${key}`] as const, ['content-type', 'application/json'] as const];
  const answer = await gateway.call({ path: '/custom/v1/log', headers, body, signal });
  if (answer.status !== 200) {
    const said = Buffer.from(answer.body).toString('utf8').slice(0, SAID_CHARS_MAX);
    return { requestId: null, status: answer.status, error: `it could not be recorded: ${said}`, ...counts };
  }
  const latencyMs = Math.max(0, step.responseAt - step.requestAt);
  const failed = step.status >= 400 ? `status ${step.status}, as it was recorded` : null;
  const requestId = answer.headers.get('helicone-id') ?? null;
  return { requestId, status: step.status, error: failed, latencyMs, ...counts };
}

const SAID_CHARS_MAX = 500;
