import { CallStateError } from '../call-state.ts';
import type { CachedAnswer } from './response-cache.ts';

/** An answer as bytes: format, times, status, the length of its head, its head (JSON), its body. */
export function packAnswer({ requestId, status, headers, latencyMs, storedAt, body }: CachedAnswer): Buffer {
  const head = JSON.stringify([requestId, headers]);
  const headBytes = Buffer.byteLength(head);
  const packed = Buffer.allocUnsafe(FIXED_BYTES + headBytes + body.length);
  packed[0] = FORMAT;
  packed.writeDoubleLE(storedAt, 1);
  packed.writeDoubleLE(latencyMs, 9);
  packed.writeInt32LE(status, 17);
  packed.writeUInt32LE(headBytes, 21);
  packed.write(head, FIXED_BYTES);
  body.copy(packed, FIXED_BYTES + headBytes);
  return packed;
}

/**
 * @returns an answer whose body is a part of `packed`.
 * @throws CallStateError `corrupt`
 */
export function unpackAnswer(packed: Buffer): CachedAnswer {
  const bodyAt = packed.length >= FIXED_BYTES ? FIXED_BYTES + packed.readUInt32LE(21) : Number.POSITIVE_INFINITY;
  if (packed[0] !== FORMAT || bodyAt > packed.length) {
    throw new CallStateError(
      'corrupt',
      `${packed.length} bytes of the response cache are no answer of format ${FORMAT}`,
    );
  }
  const [requestId, headers] = JSON.parse(packed.toString('utf8', FIXED_BYTES, bodyAt)) as [string, string[]];
  return {
    requestId,
    status: packed.readInt32LE(17),
    headers,
    latencyMs: packed.readDoubleLE(9),
    storedAt: packed.readDoubleLE(1),
    body: packed.subarray(bodyAt),
  };
}

/** Another one: written by another version. Names of Redis keys and the LMDB folder's mark carry it too. */
export const FORMAT = 1;
const FIXED_BYTES = 25;
