import { type ApiShape, NOTHING_READ, type ResponseReading } from '../api-shape.ts';
import { boundedText, MESSAGE_CHARS_MAX, NAME_CHARS_MAX } from '../bounded-text.ts';
import { type JsonObject, objectAt, stringAt } from '../json-object.ts';
import type { CallError } from '../provider-reading.ts';
import { readFailure } from '../read-error.ts';
import { readResponsesUsage } from './openai-usage.ts';
import { responses } from './responses.ts';

/**
 * The realtime API, as the gateway stores it: the last event of each response that a socket carried, or a response
 * alone. It does not name the model, which the request does. A response that did not run to its end is an error that comes without a status.
 */
export const realtime: ApiShape = {
  id: 'openai-realtime',
  isLastEvent: true,
  servesPath: isRealtimePath,
  fitsBody: (body) =>
    body.type === TRANSCRIBED ||
    body.object === RESPONSE ||
    (isResponseEvent(body) && objectAt(body, 'response')?.object === RESPONSE) ||
    (body.type === 'error' && typeof body.event_id === 'string'),
  // Logged by hand as a stream, its events are read like those of responses.
  fitsEvent: () => false,
  readBody: (body) => {
    if (body.type === 'error') return { ...NOTHING_READ, error: readFailure(body), ended: true };
    return body.type === TRANSCRIBED ? readTranscription(body) : readResponse(objectAt(body, 'response') ?? body);
  },
  openStream: () => responses.openStream(),
};

/** @param path without its query. */
export function isRealtimePath(path: string): boolean {
  return REALTIME_PATH.test(path);
}

const REALTIME_PATH = /\/realtime$/;

const RESPONSE = 'realtime.response';
const TRANSCRIBED = 'conversation.item.input_audio_transcription.completed';

function isResponseEvent({ type }: JsonObject): boolean {
  return type === 'response.done' || type === 'response.created';
}

function readResponse(response: JsonObject): ResponseReading {
  const usage = objectAt(response, 'usage');
  const status = boundedText(response.status, NAME_CHARS_MAX);
  const details = objectAt(response, 'status_details');
  return {
    ...NOTHING_READ,
    model: boundedText(response.model, NAME_CHARS_MAX),
    usage: usage ? readResponsesUsage(usage) : null,
    finishReason: boundedText(details?.reason, NAME_CHARS_MAX) || status,
    error: UNFINISHED.has(status) ? failureOf(status, details) : null,
    ended: status !== 'in_progress',
    answered: status === 'in_progress' || (Array.isArray(response.output) && response.output.length > 0),
  };
}

const UNFINISHED: ReadonlySet<string> = new Set(['failed', 'incomplete', 'cancelled']);

function failureOf(status: string, details: JsonObject | undefined): CallError {
  const error = objectAt(details, 'error');
  if (!error) return { type: status, message: boundedText(details?.reason, MESSAGE_CHARS_MAX) };
  const type = boundedText(error.type, NAME_CHARS_MAX) || boundedText(error.code, NAME_CHARS_MAX) || status;
  return { type, message: boundedText(error.message, MESSAGE_CHARS_MAX) };
}

/** What was said, as text: the work of a model of its own, which counts tokens or seconds. */
function readTranscription(event: JsonObject): ResponseReading {
  const usage = objectAt(event, 'usage');
  return {
    ...NOTHING_READ,
    usage: usage ? readResponsesUsage(usage) : null,
    ended: true,
    answered: stringAt(event, 'transcript') !== '',
  };
}
