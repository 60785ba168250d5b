import { hash } from 'node:crypto';
import { stringify } from 'safe-stable-stringify';
import { maskCredentials } from '../../request/mask-credentials.ts';

/** What two calls are told apart by. */
export interface ComparedRequest {
  readonly sessionPath: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly contentType: string;
  /** Not compressed. */
  readonly body: Uint8Array;
}

/**
 * The same for two requests exactly when one may be given the answer of the other: same session path, method and path, and
 * the same body, whatever the order of members in JSON, its spaces and escapes, and the boundaries of forms.
 */
export function requestKey({ sessionPath, method, path, contentType, body }: ComparedRequest): string {
  const place = JSON.stringify([sessionPath, method, maskCredentials(path)]);
  return `${place} ${hash('sha256', normalBody(contentType, body), 'base64')}`;
}

function normalBody(contentType: string, body: Uint8Array): string | Uint8Array {
  if (body.length === 0) return body;
  const boundary = BOUNDARY.exec(contentType);
  const text = Buffer.from(body.buffer, body.byteOffset, body.length);
  if (boundary) return text.toString('latin1').replaceAll(boundary[1] ?? boundary[2]!, '-');
  try {
    return stringify(JSON.parse(text.toString())) ?? body;
  } catch {
    // No JSON, or deeper than anything that is meant: the same bytes then.
    return body;
  }
}

/** RFC 2046, 5.1.1; drawn anew for each body. */
const BOUNDARY = /^multipart\/[^;]+;.*?\bboundary=(?:"([^"]+)"|([^\s;]+))/i;
