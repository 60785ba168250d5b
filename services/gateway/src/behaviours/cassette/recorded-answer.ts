import type { RecordedCall } from '@throughline/contracts/recorded-call';
import type { OwnAnswer } from '../behaviour.ts';

/** What a recorded call was answered, ready to be given again. */
export interface RecordedAnswer {
  readonly requestId: string;
  readonly answer: OwnAnswer;
  /** The same, as fast as it came then, ms before each piece. */
  readonly delaysMs: readonly number[];
  readonly bytes: number;
}

/** @returns undefined: it was not answered whole, or that was not kept. */
export function recordedAnswer(call: RecordedCall): RecordedAnswer | undefined {
  const { requestId, status, response, responseHeaders, firstByteMs, latencyMs } = call;
  if (response.lack !== undefined || status < 200 || status > 599) return undefined;
  const headers = responseHeaders.filter(([name]) => !CHANGED.has(name)).flat();
  if (response.encoding !== '') headers.push('content-encoding', response.encoding);
  const contentType = responseHeaders.find(([name]) => name === 'content-type')?.[1] ?? '';
  const body = Buffer.from(response.bytes.buffer, response.bytes.byteOffset, response.bytes.length);
  const pieces = response.encoding === '' && EVENT_STREAM.test(contentType) ? eventsOf(body) : [body];
  if (pieces.length === 1) headers.push('content-length', String(body.length));
  return {
    requestId,
    answer: { status, headers, pieces, cacheReferenceId: requestId },
    delaysMs: pacing(pieces.length, firstByteMs ?? latencyMs, latencyMs),
    bytes: body.length,
  };
}

/** Of the bytes on the wire then, which may have been compressed, and of that moment. */
const CHANGED: ReadonlySet<string> = new Set([
  'content-length',
  'content-encoding',
  'date',
  'retry-after',
  'retry-after-ms',
]);

const EVENT_STREAM = /^text\/event-stream/i;
const LF = 10;
const CR = 13;

/** A stream's events, each with the blank line that ends it. */
function eventsOf(body: Buffer): Buffer[] {
  const events: Buffer[] = [];
  let begin = 0;
  for (let at = body.indexOf(LF); at !== -1; at = body.indexOf(LF, at + 1)) {
    const isBlankNext = body[at + 1] === LF || (body[at + 1] === CR && body[at + 2] === LF);
    if (!isBlankNext) continue;
    const end = body.indexOf(LF, at + 1) + 1;
    events.push(body.subarray(begin, end));
    begin = end;
    at = end - 1;
  }
  if (begin < body.length || events.length === 0) events.push(body.subarray(begin));
  return events;
}

/** When the first and the last piece came is known; those between came evenly. */
function pacing(pieces: number, firstByteMs: number, latencyMs: number): number[] {
  const gap = pieces > 1 ? Math.max(0, latencyMs - firstByteMs) / (pieces - 1) : 0;
  return Array.from({ length: pieces }, (_, at) => (at === 0 ? firstByteMs : gap));
}
