import type { StoredBody } from '../queries/read-bodies.ts';

/**
 * A stored body as the API answers it: JSON as JSON, other text as a string, bytes that are no text as base64 with their
 * encoding named; null when there was none. One too large for this answer says where it can be read.
 */
export function bodyAnswer(body: StoredBody | undefined, requestId: string): unknown {
  if (body === undefined || body.size === 0) return null;
  if (body.bytes === undefined) {
    return {
      helicone_message: `${body.size} bytes: read it with GET /v1/request/${requestId}?includeBody=true`,
    };
  }
  if (body.encoding !== 'utf8') return { encoding: body.encoding, base64: body.bytes.toString('base64') };
  const text = body.bytes.toString('utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
