import type { RecordedCall, SessionRecords } from '@throughline/contracts/recorded-call';
import { maskCredentials } from '../../request/mask-credentials.ts';
import { type Difference, firstDifference } from './first-difference.ts';
import { type ComparedRequest, requestKey } from './request-key.ts';

/** Recorded calls that are looked at, and bytes of their bodies: enough to name what is probably meant. */
const SEEN_MAX = 2_000;
const SEEN_BYTES_MAX = 32 * 1024 * 1024;
const PATHS_MAX = 5;

interface Near {
  readonly requestId: string;
  readonly likeness: number;
  readonly difference: Difference;
}

/**
 * Why no recorded call is the same as a request, in words: which one is nearest, and where they part.
 *
 * @throws when the store does not answer.
 */
export async function describeMiss(
  records: SessionRecords,
  tenantId: string,
  sessionId: string,
  request: ComparedRequest,
): Promise<string> {
  const now = parsed(request.body);
  const paths = new Set<string>();
  let atPath = 0;
  let nearest: Near | undefined;
  for await (const call of firstCalls(records, tenantId, sessionId)) {
    paths.add(call.sessionPath);
    if (call.sessionPath !== request.sessionPath) continue;
    atPath++;
    if (call.request.lack !== undefined) continue;
    const near = compare(call.request.bytes, call, request, now);
    // It would have been given the answer, were there one.
    if (near === 'same') return `request ${call.requestId} was the same, but its answer is not there whole`;
    if (!nearest || near.likeness > nearest.likeness) nearest = near;
  }
  if (nearest) return inWords(nearest);
  const place = JSON.stringify(request.sessionPath);
  if (atPath === 1) return `the call recorded at path ${place} has no whole body`;
  if (atPath > 1) return `of the ${atPath} calls recorded at path ${place} none has a whole body`;
  const known = [...paths].slice(0, PATHS_MAX).map((path) => JSON.stringify(path));
  const more = paths.size > PATHS_MAX ? `, and ${paths.size - PATHS_MAX} more` : '';
  const where = known.length > 0 ? `; recorded are ${known.join(', ')}${more}` : '';
  return `nothing was recorded at path ${place}${where}`;
}

async function* firstCalls(
  records: SessionRecords,
  tenantId: string,
  sessionId: string,
): AsyncGenerator<RecordedCall, void, undefined> {
  let seen = 0;
  let bytes = 0;
  for await (const calls of (await records.read(tenantId, sessionId)) ?? []) {
    for (const call of calls) {
      yield call;
      seen++;
      for (const body of [call.request, call.response]) bytes += body.lack === undefined ? body.bytes.length : 0;
      if (seen === SEEN_MAX || bytes > SEEN_BYTES_MAX) return;
    }
  }
}

function compare(recorded: Uint8Array, call: RecordedCall, request: ComparedRequest, now: unknown): Near | 'same' {
  const { requestId, sessionPath, method, path, requestContentType: contentType } = call;
  const place = `${method} ${path}`;
  // As it is stored, and this sentence is.
  const asked = `${request.method} ${maskCredentials(request.path)}`;
  const then = parsed(recorded);
  const near = (difference: Difference): Near => {
    return { requestId, likeness: likeness(then, now) - (place === asked ? 0 : 1), difference };
  };
  if (place !== asked) return near({ at: 'the endpoint', recorded: place, now: asked.slice(0, 200) });
  const difference = firstDifference(then, now);
  if (difference) return near(difference);
  if (requestKey({ sessionPath, method, path, contentType, body: recorded }) === requestKey(request)) return 'same';
  // Two ways to write one value, of which one is no JSON.
  return near(firstDifference(textOf(recorded), textOf(request.body)) ?? UNTOLD);
}

const UNTOLD: Difference = { at: 'bytes that are no text', recorded: undefined, now: undefined };

/** Members that are the same, one for each, and of a list the part that is. */
function likeness(a: unknown, b: unknown): number {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return 0;
  let same = 0;
  const others = new Map(Object.entries(b));
  for (const [name, value] of Object.entries(a)) {
    const other = others.get(name);
    if (Array.isArray(value) && Array.isArray(other)) {
      const equal = value.filter((item, at) => JSON.stringify(item) === JSON.stringify(other[at])).length;
      same += equal / Math.max(1, value.length, other.length);
    } else if (JSON.stringify(value) === JSON.stringify(other)) same++;
  }
  return same;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
}

function parsed(bytes: Uint8Array): unknown {
  const text = textOf(bytes);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function inWords({ requestId, difference: { at, recorded, now } }: Near): string {
  const place = at === '' ? 'the body' : at;
  const say = (text: string | undefined) => (text === undefined ? 'nothing' : JSON.stringify(text));
  return `the nearest one, request ${requestId}, differs at ${place}: recorded ${say(recorded)}, now ${say(now)}`;
}
