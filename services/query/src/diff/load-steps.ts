import { hash } from 'node:crypto';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { DIFF_STEPS_MAX, type DiffBody } from '@throughline/contracts/api/session-diff';
import { OMITTED } from '@throughline/contracts/request-event';
import { isAwsStream } from '@throughline/conversation/aws-frames';
import { responseText } from '@throughline/conversation/readable-text';
import { normalisePath } from '@throughline/session-totals/path-tree';
import { type DiffedSession, type DiffedStep, listDiffSteps } from '../queries/list-diff-steps.ts';
import { foldPath } from '../queries/patterns/fold-path.ts';
import type { StoredBody } from '../queries/read-bodies.ts';
import { readResponses } from '../queries/read-responses.ts';
import { type RequestSignature, requestSignatures } from '../queries/request-signatures.ts';
import type { AlignableStep } from './align-steps.ts';
import { createBreath } from './breathe.ts';
import { wordSketch } from './word-sketch.ts';

/** What there is of a body, and what it is told from others by: undefined where it cannot be. */
export interface LoadedBody {
  readonly state: DiffBody;
  readonly signature: string | undefined;
}

/** A step with what it is aligned and compared by. */
export interface LoadedStep extends DiffedStep, AlignableStep {
  readonly request: LoadedBody;
  readonly response: LoadedBody;
}

/** Of one body, compared word by word. */
export const TEXT_BYTES_MAX = 1024 * 1024;
/** Of all requests of a session, which the engine reads: half a second of each of two cores. */
const REQUEST_BYTES_MAX = 256 * 1024 * 1024;
/** Of all its responses, which are read here, and how many of them at a time. */
const RESPONSE_BYTES_MAX = 64 * 1024 * 1024;
const RESPONSE_BATCH_BYTES = 8 * 1024 * 1024;

/**
 * The steps of a session, in their order; of a long one the first `DIFF_STEPS_MAX`.
 *
 * @param mayReadBodies else nothing is said of them, nor compared.
 */
export async function loadSteps(
  analytics: Pick<AnalyticsStore, 'query'>,
  session: DiffedSession,
  mayReadBodies: boolean,
): Promise<{ steps: LoadedStep[]; isTruncated: boolean }> {
  const found = await listDiffSteps(analytics, session, DIFF_STEPS_MAX + 1);
  const listed = found.slice(0, DIFF_STEPS_MAX);
  const [requests, responses] = mayReadBodies
    ? await Promise.all([signRequests(analytics, session, listed), signResponses(analytics, session, listed)])
    : [undefined, undefined];
  const breathe = createBreath();
  const steps: LoadedStep[] = [];
  for (const step of listed) {
    await breathe();
    const signed = requests?.(step);
    const path = normalisePath(step.path);
    steps.push({
      ...step,
      path,
      family: foldPath(path),
      // Without bodies nothing is known to be the same.
      asked: signed?.asked ?? '',
      question: signed?.question ?? '',
      words: wordSketch(signed?.words ?? ''),
      request: signed?.body ?? { state: 'not_permitted', signature: undefined },
      response: responses?.(step) ?? { state: 'not_permitted', signature: undefined },
    });
  }
  return { steps, isTruncated: found.length > listed.length };
}

/** `partition/offset` */
function positionOf({ partition, offset }: DiffedStep): string {
  return `${partition}/${offset}`;
}

type SignedRequest = Pick<RequestSignature, 'asked' | 'question' | 'words'> & { readonly body: LoadedBody };

async function signRequests(
  analytics: Pick<AnalyticsStore, 'query'>,
  session: DiffedSession,
  steps: readonly DiffedStep[],
): Promise<(step: DiffedStep) => SignedRequest> {
  const [batch] = batches(steps, ({ requestBytes }) => requestBytes, REQUEST_BYTES_MAX);
  const known = batch ? await requestSignatures(analytics, { ...session, between: batch.between }) : new Map();
  return (step) => {
    const row: RequestSignature | undefined = known.get(positionOf(step));
    const nothing = { asked: '', question: '', words: '' };
    const isRead = batch !== undefined && step.orderedAtMs <= batch.between[1];
    if (!isRead && step.requestBytes > 0) return { ...nothing, body: { state: 'too_large', signature: undefined } };
    const missing = stateWithout(row, step.requestBytes);
    if (missing || !row) return { ...nothing, body: missing ?? NOTHING };
    const state =
      row.encoding !== 'utf8'
        ? 'binary'
        : step.requestTruncated
          ? 'truncated'
          : row.size > TEXT_BYTES_MAX
            ? 'too_large'
            : 'whole';
    return { ...row, body: { state, signature: row.asked } };
  };
}

async function signResponses(
  analytics: Pick<AnalyticsStore, 'query'>,
  session: DiffedSession,
  steps: readonly DiffedStep[],
): Promise<(step: DiffedStep) => LoadedBody> {
  const bodies = new Map<string, LoadedBody>();
  const breathe = createBreath();
  let left = RESPONSE_BYTES_MAX;
  const sizeOf = ({ responseBytes }: DiffedStep) => Math.min(responseBytes, TEXT_BYTES_MAX);
  for (const batch of batches(steps, sizeOf, RESPONSE_BATCH_BYTES)) {
    left -= batch.bytes;
    if (left < 0) break;
    const stored = await readResponses(analytics, { ...session, between: batch.between }, TEXT_BYTES_MAX);
    for (const step of batch.steps) {
      bodies.set(positionOf(step), signResponse(step, stored.get(positionOf(step))));
      await breathe();
    }
  }
  return (step) => bodies.get(positionOf(step)) ?? { state: 'too_large', signature: undefined };
}

function signResponse(step: DiffedStep, stored: StoredBody | undefined): LoadedBody {
  const missing = stateWithout(stored, step.responseBytes);
  if (missing || !stored) return missing ?? NOTHING;
  if (stored.bytes === undefined) return { state: 'too_large', signature: undefined };
  const body = bodyOf(stored);
  if (body === undefined) return { state: 'binary', signature: digest(stored.bytes) };
  return { state: step.responseTruncated ? 'truncated' : 'whole', signature: digest(responseText(step.kind, body)) };
}

const NOTHING: LoadedBody = { state: 'none', signature: '' };

/** Of a body that is not there, or of which only its model is; undefined of one that is. */
function stateWithout(
  stored: Pick<StoredBody, 'encoding' | 'size'> | undefined,
  recordedBytes: number,
): LoadedBody | undefined {
  if (stored?.encoding === 'missing') return { state: 'lost', signature: undefined };
  if (stored?.encoding === 'deleted') return { state: 'deleted', signature: undefined };
  if (stored?.encoding === OMITTED) return { state: 'omitted', signature: undefined };
  if (stored && stored.size > 0) return undefined;
  return recordedBytes > 0 ? { state: 'gone', signature: undefined } : NOTHING;
}

/** A stored body as it is read: text, or a stream of Amazon's; undefined where it is neither, or is not all here. */
export function bodyOf({ encoding, bytes }: StoredBody): unknown {
  if (bytes === undefined) return undefined;
  if (encoding === 'utf8') return bytes.toString('utf8');
  const encoded = { encoding, base64: bytes.toString('base64') };
  return isAwsStream(encoded) ? encoded : undefined;
}

function digest(content: string | Buffer): string {
  return hash('sha1', content, 'base64');
}

interface Batch {
  readonly steps: readonly DiffedStep[];
  readonly between: readonly [firstMs: number, lastMs: number];
  readonly bytes: number;
}

/** Steps in their order, in parts of at most so many bytes, or of one instant, which is never divided. */
function batches(steps: readonly DiffedStep[], bytesOf: (step: DiffedStep) => number, bytesMax: number): Batch[] {
  const found: { steps: DiffedStep[]; bytes: number }[] = [];
  for (const step of steps) {
    const last = found.at(-1);
    const isSameInstant = last?.steps.at(-1)?.orderedAtMs === step.orderedAtMs;
    if (last && (isSameInstant || last.bytes + bytesOf(step) <= bytesMax)) {
      last.steps.push(step);
      last.bytes += bytesOf(step);
    } else found.push({ steps: [step], bytes: bytesOf(step) });
  }
  return found.map(({ steps: own, bytes }) => ({
    steps: own,
    bytes,
    between: [own[0]!.orderedAtMs, own.at(-1)!.orderedAtMs],
  }));
}
