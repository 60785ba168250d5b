import type { ResponseReading } from './api-shape.ts';
import { openStream, shapeOfBody } from './api-shapes.ts';
import { parseObject } from './json-object.ts';
import type { CapturedCall } from './provider-reading.ts';
import { readFailure } from './read-error.ts';
import { looksLikeEvents, readEvents } from './sse.ts';

export interface ReadResponse extends ResponseReading {
  readonly streamed: boolean;
}

/** What says nothing: no body, no text, or text of no known kind. */
const NOTHING: ResponseReading = {
  model: '',
  usage: null,
  alsoBilled: [],
  finishReason: '',
  error: null,
  ended: false,
  answered: false,
  tiers: [],
  reportedPico: null,
};

/**
 * Read a captured response: a JSON body whole, a stream event by event.
 *
 * @param path without its query.
 * @param askedForStream tells what an answer that never came would have been.
 */
export function readResponse(call: CapturedCall, path: string, askedForStream: boolean): ReadResponse {
  const text = call.responseText;
  const type = call.responseContentType.toLowerCase();
  if (text === undefined || text === '') {
    const streamed = type.startsWith('text/event-stream') || (type === '' && askedForStream && call.status < 400);
    return { ...NOTHING, streamed, answered: call.responseText === undefined };
  }
  // Some hosts label streams as plain text or JSON, so what the text looks like decides where the type does not.
  const isStream = type.startsWith('text/event-stream') ? !looksLikeJson(text) : looksLikeEvents(text);
  if (isStream) {
    const reader = openStream(path);
    readEvents(text, (name, data) => reader.take(name, data));
    return { ...reader.finish(), streamed: true };
  }
  if (type.startsWith('application/x-ndjson')) return readChunks(path, text.split('\n'));
  const body = parseObject(text);
  // Cut or malformed: half a document has no numbers, and what was answered is not known.
  if (!body) return { ...NOTHING, streamed: false, answered: true };
  if (Array.isArray(body.streamed_data)) return readChunks(path, body.streamed_data);
  const reading = shapeOfBody(path, body).readBody(body);
  const error = reading.error ?? (call.status >= 400 ? readFailure(body) : null);
  return { ...reading, error, streamed: false };
}

/**
 * A stream as it is logged by hand: what its events hold, one after the other, without the framing of events. Texts are
 * JSON, with or without `data:`.
 */
function readChunks(path: string, chunks: readonly unknown[]): ReadResponse {
  const reader = openStream(path);
  for (const chunk of chunks) {
    const data = typeof chunk === 'string' ? chunk.replace(/^\s*(?:data:\s*)?/, '') : (chunkText(chunk) ?? '');
    if (data !== '') reader.take('', data);
  }
  const reading = reader.finish();
  // Without framing there is no end of the protocol to see: whoever logs a stream logs what there was of it.
  return { ...reading, ended: true, streamed: true };
}

function chunkText(chunk: unknown): string | undefined {
  try {
    return JSON.stringify(chunk);
  } catch {
    // Nested deeper than the stack.
    return undefined;
  }
}

function looksLikeJson(text: string): boolean {
  return /^\s*\{/.test(text.slice(0, 64));
}
