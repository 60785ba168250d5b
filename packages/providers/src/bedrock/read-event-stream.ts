import { NOTHING_READ, type ResponseReading, type StreamReader } from '../api-shape.ts';
import { parseObject, stringAt } from '../json-object.ts';
import type { CallError } from '../provider-reading.ts';
import { readFailure } from '../read-error.ts';
import type { ReportedUsage } from '../reported-usage.ts';
import { readInvocationMetrics } from './bedrock-usage.ts';
import { readFrames } from './event-frames.ts';

/**
 * Read a captured AWS event stream. A frame `chunk` wraps an event in the model vendor's own shape; every other event
 * is one of the API's own. A failure comes as a frame as well, long after status 200.
 *
 * @param reader of the API that the path announces, or one that chooses by the first event.
 */
export function readEventStream(bytes: Uint8Array, reader: StreamReader): ResponseReading {
  let error: CallError | null = null;
  let metrics: ReportedUsage | null = null;
  let isAnyAnswer = false;
  for (const { name, isException, data } of readFrames(bytes)) {
    if (isException) {
      error = { type: name, message: readFailure(parseObject(data) ?? {})?.message ?? '' };
      continue;
    }
    if (name !== 'chunk') {
      reader.take(name, data);
      continue;
    }
    isAnyAnswer = true;
    const inner = unwrap(data);
    if (inner.includes(METRICS_KEY)) {
      const event = parseObject(inner);
      if (event) metrics = readInvocationMetrics(event) ?? metrics;
    }
    reader.take('', inner);
  }
  const read = reader.finish();
  return {
    ...NOTHING_READ,
    ...read,
    // What the vendor counts tells more kinds apart; not every vendor counts.
    usage: read.usage ?? metrics,
    ended: read.ended || metrics !== null,
    error: error ?? read.error,
    answered: read.answered || isAnyAnswer,
  };
}

const METRICS_KEY = 'amazon-bedrock-invocationMetrics';

/** `{"bytes":"<base64 of an event>"}`. */
function unwrap(data: string): string {
  const chunk = parseObject(data);
  return chunk ? Buffer.from(stringAt(chunk, 'bytes'), 'base64').toString('utf8') : '';
}
