import type { RecordedCall } from '@throughline/contracts/recorded-call';
import { STATUS_THREAT_BLOCKED } from '@throughline/contracts/request-event';
import { answerPieces } from '../answer-pieces.ts';
import type { OwnAnswer } from '../behaviour.ts';

/** What a recorded call was answered, ready to be given again. */
export interface RecordedAnswer {
  readonly requestId: string;
  readonly answer: OwnAnswer;
  /** The same, as fast as it came then. */
  paced(): OwnAnswer;
  readonly bytes: number;
}

/** @returns undefined: it was not answered whole, or that was not kept. */
export function recordedAnswer(call: RecordedCall): RecordedAnswer | undefined {
  const { requestId, status, response, responseHeaders, firstByteMs, latencyMs } = call;
  const isThreat = status === STATUS_THREAT_BLOCKED;
  if (response.lack !== undefined || !(isThreat || (status >= 200 && status <= 599))) return undefined;
  const { encoding } = response;
  const headers = responseHeaders.filter(([name]) => !CHANGED.has(name)).flat();
  if (encoding !== '') headers.push('content-encoding', encoding);
  const contentType = responseHeaders.find(([name]) => name === 'content-type')?.[1] ?? '';
  const body = Buffer.from(response.bytes.buffer, response.bytes.byteOffset, response.bytes.length);
  const pieces = answerPieces(body, contentType, encoding);
  if (pieces.length <= 1) headers.push('content-length', String(body.length));
  const isRefusal = isThreat || responseHeaders.some(([name, value]) => name === REFUSAL && value === 'failed');
  const answer: OwnAnswer = {
    ...(isThreat ? { status: THREAT_ANSWER, recordedStatus: status } : { status }),
    headers,
    pieces,
    cacheReferenceId: requestId,
    ...(isRefusal && { heliconeStatus: 'failed' }),
  };
  return {
    requestId,
    answer,
    paced: () => {
      const events = answerPieces(body, contentType, encoding, Number.POSITIVE_INFINITY);
      return { ...answer, pieces: events, delaysMs: pacing(events.length, firstByteMs ?? latencyMs, latencyMs) };
    },
    bytes: body.length,
  };
}

/** What a client is answered whose call was blocked as a threat. */
const THREAT_ANSWER = 400;
/** Stored with answers that were the gateway's own, and said anew. */
const REFUSAL = 'helicone-status';

/** Of the bytes on the wire then, which may have been compressed, and of that moment. */
const CHANGED: ReadonlySet<string> = new Set([
  'content-length',
  'content-encoding',
  'date',
  'retry-after',
  'retry-after-ms',
  REFUSAL,
]);

/** When the first and the last piece came is known; those between came evenly. */
function pacing(pieces: number, firstByteMs: number, latencyMs: number): number[] {
  const gap = pieces > 1 ? Math.max(0, latencyMs - firstByteMs) / (pieces - 1) : 0;
  return Array.from({ length: Math.max(1, pieces) }, (_, at) => (at === 0 ? firstByteMs : gap));
}
