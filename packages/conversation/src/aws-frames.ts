import { isObject, parseJson, textAt } from './json-values.ts';
import type { StreamEvent } from './stream-events.ts';

/** Bytes in an answer of the API, which are Amazon's frames where they begin as these do. */
export interface EncodedBytes {
  readonly encoding: string;
  readonly base64: string;
}

export function isEncodedBytes(body: unknown): body is EncodedBytes {
  return isObject(body) && typeof body.base64 === 'string' && typeof body.encoding === 'string';
}

/** A first frame whose lengths agree. */
export function isAwsStream(body: unknown): body is EncodedBytes {
  if (!isEncodedBytes(body)) return false;
  const start = bytesOf(body.base64.slice(0, 16));
  if (start.length < 12) return false;
  const view = new DataView(start.buffer);
  const [length, headersLength] = [view.getUint32(0), view.getUint32(4)];
  return length >= 16 && headersLength <= length - 16 && length < 2 ** 25;
}

/**
 * The whole frames at the beginning of a recorded `application/vnd.amazon.eventstream` body. Checksums are not looked at:
 * what is shown here was verified when it was recorded.
 */
export function readAwsFrames({ base64 }: EncodedBytes): StreamEvent[] {
  const bytes = bytesOf(base64);
  const view = new DataView(bytes.buffer);
  const events: StreamEvent[] = [];
  let at = 0;
  while (at + 16 <= bytes.length) {
    const length = view.getUint32(at);
    const headersLength = view.getUint32(at + 4);
    if (length < 16 || at + length > bytes.length || headersLength > length - 16) break;
    const headersEnd = at + 12 + headersLength;
    const headers = readHeaders(bytes.subarray(at + 12, headersEnd));
    const payload = TEXT.decode(bytes.subarray(headersEnd, at + length - 4));
    const name = headers.get(':event-type') ?? headers.get(':exception-type') ?? headers.get(':error-code') ?? '';
    const data = parseJson(payload) ?? payload;
    const isException = headers.get(':message-type') !== 'event';
    if (isException)
      events.push({ name, data: { error: { type: name, message: textAt(data, 'message', 'Message') } } });
    // What other vendors' models answer comes wrapped.
    else if (name === 'chunk') events.push({ name: '', data: parseJson(TEXT.decode(bytesOf(textAt(data, 'bytes')))) });
    else events.push({ name, data: { [name]: data } });
    at += length;
  }
  return events;
}

/** Of those that are texts, which all that are looked at here are. */
function readHeaders(bytes: Uint8Array): Map<string, string> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headers = new Map<string, string>();
  let at = 0;
  while (at + 1 < bytes.length) {
    const nameEnd = at + 1 + bytes[at]!;
    const name = TEXT.decode(bytes.subarray(at + 1, nameEnd));
    // Type 7 is a text of up to 65,535 bytes.
    if (bytes[nameEnd] !== 7 || nameEnd + 3 > bytes.length) break;
    const valueEnd = nameEnd + 3 + view.getUint16(nameEnd + 1);
    headers.set(name, TEXT.decode(bytes.subarray(nameEnd + 3, valueEnd)));
    at = valueEnd;
  }
  return headers;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

const TEXT = new TextDecoder();
