import { type CapturedBody, type NewRequestEvent, OMITTED } from '@throughline/contracts/request-event';
import type { BodyEncoding } from '@throughline/contracts/request-row';
import { asText, decodeBody } from './decode-body.ts';
import type { CapturedCall } from './provider-reading.ts';

/** A body of an event, decompressed where that can be done. */
export interface OpenedBody {
  readonly text: string | undefined;
  /** Undefined where the bytes are missing, or could not be decompressed. */
  readonly decoded: Uint8Array | undefined;
  readonly stored: Uint8Array;
  readonly encoding: BodyEncoding;
  /** The compressed bytes ended before their end. */
  readonly cut: boolean;
}

/** How the row of a body says that nobody found it where it was put. */
export const MISSING: BodyEncoding = 'missing';

/**
 * Text is stored decompressed; what is no text, or cannot be decompressed, is stored as it came, and says how.
 *
 * @param isCut the call did not come to its end, which may leave half a character of a body.
 */
export function openBody(body: CapturedBody, isCut: boolean): OpenedBody {
  // Nobody found it where it was put: like one that was cut, at its very beginning.
  if (body.stored) return { text: undefined, decoded: undefined, stored: body.bytes, encoding: MISSING, cut: true };
  if (body.encoding === OMITTED) {
    return { text: undefined, decoded: undefined, stored: body.bytes, encoding: OMITTED, cut: false };
  }
  const sent = OF_ROWS.has(body.encoding) ? 'bytes' : body.encoding;
  const decoded = decodeBody(body.bytes, body.encoding);
  if (!decoded.ok) return { text: undefined, decoded: undefined, stored: body.bytes, encoding: sent, cut: false };
  const text = asText(decoded.bytes, isCut || body.truncated || decoded.truncated);
  if (text !== undefined) {
    return { text, decoded: decoded.bytes, stored: decoded.bytes, encoding: 'utf8', cut: decoded.truncated };
  }
  // Nothing was undone (`identity` says so too): the bytes are what they are.
  const encoding = decoded.bytes === body.bytes ? 'bytes' : sent;
  return { text, decoded: decoded.bytes, stored: body.bytes, encoding, cut: decoded.truncated };
}

/** Words of rows: of a caller who sends one as the encoding of a body, it says nothing of what is stored. */
const OF_ROWS: ReadonlySet<string> = new Set(['utf8', 'bytes', MISSING, 'deleted']);

/** What an event says of its call that `readCall` reads. */
export type ReadEvent = Pick<
  NewRequestEvent,
  | 'provider'
  | 'method'
  | 'target_url'
  | 'path'
  | 'status'
  | 'abort_reason'
  | 'request_body'
  | 'response_body'
  | 'model_override'
  | 'request_at'
  | 'response_headers'
  | 'logged'
>;

/** The call of an event, as it is read. @param request its body, opened, as `response` is. */
export function callOf(
  event: ReadEvent,
  request = openBody(event.request_body, event.abort_reason !== ''),
  response = openBody(event.response_body, event.abort_reason !== ''),
): CapturedCall {
  return {
    provider: event.provider,
    method: event.method,
    targetUrl: event.target_url,
    path: event.path,
    status: event.status,
    requestContentType: event.request_body.content_type,
    responseContentType: event.response_body.content_type,
    requestText: request.text,
    responseText: response.text,
    requestBytes: request.decoded,
    responseBytes: response.decoded,
    requestTruncated: event.request_body.truncated || request.cut,
    responseTruncated: event.response_body.truncated || response.cut,
    modelOverride: event.model_override,
    requestAt: event.request_at,
    responseHeaders: event.response_headers,
    ...(event.logged && { logged: { costUsd: event.logged.cost_usd } }),
  };
}
