import { NOTHING_READ, type ResponseReading, type StreamReader } from './api-shape.ts';
import { openStream, shapeOfBody } from './api-shapes.ts';
import { readEventStream } from './bedrock/read-event-stream.ts';
import { boundedText, NAME_CHARS_MAX } from './bounded-text.ts';
import { parseObject } from './json-object.ts';
import { arrayElements, jsonLines, looksLikeArray, looksLikeLines } from './json-pieces.ts';
import type { CapturedCall } from './provider-reading.ts';
import { readFailure } from './read-error.ts';
import { looksLikeEvents, readEvents } from './sse.ts';
import { errorTypeFromHeaders, usageFromHeaders } from './usage-headers.ts';

export interface ReadResponse extends ResponseReading {
  readonly streamed: boolean;
}

/**
 * Read a captured response: a JSON body whole, a stream event by event.
 *
 * @param path without its query.
 * @param askedForStream tells what an answer that never came would have been.
 */
export function readResponse(call: CapturedCall, path: string, askedForStream: boolean): ReadResponse {
  const read = readBody(call, path, askedForStream);
  if (read.usage || read.streamed || call.responseHeaders.length === 0) return read;
  // Counts in headers are of the whole call, so that they hold of a body that was cut or is no text, too.
  const usage = usageFromHeaders(call.responseHeaders);
  return usage ? { ...read, usage, ended: true } : read;
}

function readBody(call: CapturedCall, path: string, askedForStream: boolean): ReadResponse {
  const text = call.responseText;
  const type = call.responseContentType.toLowerCase();
  if (type.startsWith(EVENT_STREAM) && call.responseBytes !== undefined) {
    const reading = readEventStream(call.responseBytes, openStream(path));
    return { ...reading, streamed: true };
  }
  if (text === undefined || text === '') {
    const isStream = type.startsWith('text/event-stream') || type.startsWith(EVENT_STREAM);
    const streamed = isStream || (type === '' && askedForStream && call.status < 400);
    return { ...NOTHING_READ, streamed, answered: text === undefined };
  }
  // Some hosts label streams as plain text or JSON, so what the text looks like decides where the type does not.
  const isStream = type.startsWith('text/event-stream') ? !looksLikeJson(text) : looksLikeEvents(text);
  if (isStream) {
    const reader = openStream(path);
    readEvents(text, (name, data) => reader.take(name, data));
    return { ...reader.finish(), streamed: true };
  }
  if (call.logged && type.startsWith('application/x-ndjson')) return readChunks(path, text.split('\n'));
  if (looksLikeArray(text)) {
    return { ...readPieces(arrayElements(text), openStream(path)), streamed: STREAMING_PATH.test(path) };
  }
  if (NDJSON.test(type) || looksLikeLines(text)) {
    // Files of lines are fetched, answers are asked for.
    return { ...readPieces(jsonLines(text), openStream(path)), streamed: call.method !== 'GET' };
  }
  const body = parseObject(text);
  // Cut or malformed: half a document has no numbers, and what was answered is not known.
  if (!body) return { ...NOTHING_READ, streamed: false, answered: true };
  if (call.logged && Array.isArray(body.streamed_data)) return readChunks(path, body.streamed_data);
  const shape = shapeOfBody(path, body);
  const reading = shape.readBody(body, path);
  const streamed = shape.isLastEvent === true && call.status < 400;
  const error = reading.error ?? (call.status >= 400 ? readFailure(body) : null);
  if (error?.type !== '') return { ...reading, error, streamed };
  const errorType = boundedText(errorTypeFromHeaders(call.responseHeaders), NAME_CHARS_MAX);
  return { ...reading, error: { ...error, type: errorType }, streamed };
}

const EVENT_STREAM = 'application/vnd.amazon.eventstream';
/** Other APIs answer with a list as well. */
const STREAMING_PATH = /stream/i;
const NDJSON = /^application\/(?:x-ndjson|jsonl|x-jsonlines)/;

function readPieces(pieces: Iterable<string>, reader: StreamReader): ResponseReading {
  for (const piece of pieces) reader.take('', piece);
  return reader.finish();
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
