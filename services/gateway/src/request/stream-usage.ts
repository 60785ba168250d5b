import { isObject } from '@throughline/providers/json-object';

/** Whether a call may ask for the usage of its stream in the way that chat completions have for it. */
export function takesStreamUsage(method: string, path: string): boolean {
  const queryAt = path.indexOf('?');
  return method === 'POST' && (queryAt < 0 ? path : path.slice(0, queryAt)).endsWith('/completions');
}

/**
 * The body with `stream_options.include_usage` set, where it is a JSON object that asks for a stream and leaves that open.
 * Providers refuse the option where no stream is asked for.
 *
 * @returns the body itself where there is nothing to add.
 */
export function withStreamUsage(body: Buffer): Buffer {
  const text = body.toString();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return body;
  }
  if (!isObject(parsed) || parsed.stream !== true) return body;
  const options = parsed.stream_options;
  // Whoever says false means it.
  if (isObject(options) && 'include_usage' in options) return body;
  if (options !== undefined && options !== null) {
    return isObject(options)
      ? Buffer.from(JSON.stringify({ ...parsed, stream_options: { ...options, include_usage: true } }))
      : body;
  }
  // In front of everything else, byte for byte. A null that follows would win, so that one is written anew.
  if (options === null) return Buffer.from(JSON.stringify({ ...parsed, stream_options: { include_usage: true } }));
  const at = text.indexOf('{') + 1;
  return Buffer.from(`${text.slice(0, at)}"stream_options":{"include_usage":true},${text.slice(at)}`);
}
