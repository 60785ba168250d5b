import type { StoredBody } from '../queries/read-bodies.ts';
import { RawJson } from './raw-json.ts';

/**
 * A stored body as the API answers it: JSON as JSON, other text as a string, bytes that are no text as base64 with their
 * encoding named; null when there was none. One that was lost on its way, deleted, or left out says so. One too large for this
 * answer says where it can be read.
 */
export function bodyAnswer(body: StoredBody | undefined, requestId: string): unknown {
  if (body?.encoding === 'missing') return { helicone_message: 'this body was lost before it could be stored' };
  if (body?.encoding === 'deleted') return { helicone_message: 'this body was deleted' };
  if (body?.encoding === 'omitted' && body.size === 0)
    return { helicone_message: 'this body was not stored, as its caller wished' };
  if (body === undefined || body.size === 0) return null;
  if (body.bytes === undefined) {
    return {
      helicone_message: `${body.size} bytes: read it with GET /v1/request/${encodeURIComponent(requestId)}?includeBody=true`,
    };
  }
  if (body.encoding !== 'utf8' && body.encoding !== 'omitted')
    return { encoding: body.encoding, base64: body.bytes.toString('base64') };
  const text = body.bytes.toString('utf8');
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  return new RawJson(text);
}
