import { boundedText, MESSAGE_CHARS_MAX, NAME_CHARS_MAX } from './bounded-text.ts';
import { isObject, type JsonObject } from './json-object.ts';
import type { CallError } from './provider-reading.ts';

/**
 * The error in a response body or stream event: `error` as an object (OpenAI, Anthropic, Gemini, OpenRouter) or as a
 * sentence. Null when there is none.
 */
export function readError(body: JsonObject): CallError | null {
  const error = body.error;
  if (typeof error === 'string') return error === '' ? null : { type: '', message: message(error) };
  if (!isObject(error)) return null;
  // Google's codes are numbers, and its words for them in `status`.
  const type =
    word(error.type) ||
    (typeof error.code === 'string' ? word(error.code) : '') ||
    word(error.status) ||
    word(error.code);
  return { type, message: message(error.message ?? error.detail) };
}

/** As above for a response whose status says that it failed: then a bare `message` or `detail` is the error too. */
export function readFailure(body: JsonObject): CallError | null {
  const error = readError(body);
  if (error) return error;
  const said = body.message ?? body.detail ?? body.Message;
  if (said === undefined || said === null) return null;
  return { type: word(body.type) || word(body.code), message: message(said) };
}

/** Codes come as words and as numbers. */
function word(value: unknown): string {
  return typeof value === 'number' ? String(value) : boundedText(value, NAME_CHARS_MAX);
}

/** Validation errors come as lists of objects: kept as JSON rather than lost. */
function message(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return boundedText(value, MESSAGE_CHARS_MAX);
  try {
    return boundedText(JSON.stringify(value), MESSAGE_CHARS_MAX);
  } catch {
    // Nested deeper than the stack: writing JSON recurses where reading it does not.
    return '';
  }
}
