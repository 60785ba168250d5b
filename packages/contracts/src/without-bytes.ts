import type { CapturedBody } from './request-event.ts';

/** The same body with nothing kept of it; it says so. */
export function withoutBytes(body: CapturedBody): CapturedBody {
  return body.bytes.length === 0 ? body : { ...body, bytes: NOTHING, truncated: true, encoding: '' };
}

const NOTHING = new Uint8Array(0);
