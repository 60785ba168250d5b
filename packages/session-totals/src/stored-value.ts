import { crc32 } from 'node:zlib';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import type { SessionState } from './session-state.ts';
import {
  type SessionChange,
  type SessionKey,
  type SessionRemoval,
  type SessionStub,
  SessionTotalsError,
} from './session-totals.ts';
import { decodeSessionKey, decodeSessionState, decoding, encodeSessionState } from './state-codec.ts';

// A stored session: CRC-32 of the rest (4 bytes), kind (1), last activity (8), then the packed state or stub. Neither LMDB
// nor Redis's append-only file checks what it holds, so a damaged byte would else become a wrong total.
const HEAD_BYTES = 13;
const LIVE = 1;
const STUB = 2;

export function isStub(session: SessionChange): session is SessionStub {
  return 'evicted' in session;
}

export function isRemoval(session: SessionChange): session is SessionRemoval {
  return 'removed' in session;
}

/** A session as bytes for the store. */
export function packSession(session: SessionState | SessionStub): Buffer {
  const payload = isStub(session) ? packStub(session) : encodeSessionState(session);
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + payload.length);
  bytes[4] = isStub(session) ? STUB : LIVE;
  bytes.writeDoubleLE(isStub(session) ? 0 : session.lastReceivedAt, 5);
  payload.copy(bytes, HEAD_BYTES);
  return sealed(bytes);
}

/** @throws SessionTotalsError `corrupt` when the bytes are damaged or are another session's. */
export function unpackSession(bytes: Buffer, key: SessionKey): SessionState | SessionStub {
  const payload = checked(bytes, 'session').subarray(1 + 8);
  const session = bytes[4] === LIVE ? decodeSessionState(payload) : unpackStub(payload);
  if (session.sessionId !== key.sessionId || session.tenantId !== key.tenantId) {
    throw new SessionTotalsError(
      'corrupt',
      `under the key of session ${JSON.stringify(key.sessionId)} another is stored`,
    );
  }
  return session;
}

/** Last activity of a live session, epoch ms, without unpacking it. Undefined for a stub. */
export function lastActivity(bytes: Buffer): number | undefined {
  return bytes.length >= HEAD_BYTES && bytes[4] === LIVE ? bytes.readDoubleLE(5) : undefined;
}

/** Whose live session it is. @throws SessionTotalsError `corrupt`. */
export function liveSessionKey(bytes: Buffer): SessionKey {
  return decodeSessionKey(checked(bytes, 'session').subarray(1 + 8));
}

/** Bytes with their CRC-32 in front. */
export function packChecked(payload: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(4 + payload.length);
  payload.copy(bytes, 4);
  return sealed(bytes);
}

/** @returns what follows the checksum. @throws SessionTotalsError `corrupt` when it does not fit. */
export function checked(bytes: Buffer, what: string): Buffer {
  if (bytes.length < 5 || bytes.readUInt32LE(0) !== crc32(bytes.subarray(4, bytes.length))) {
    throw new SessionTotalsError('corrupt', `a stored ${what} is damaged: its checksum does not fit`);
  }
  return bytes.subarray(4, bytes.length);
}

function sealed(bytes: Buffer): Buffer {
  bytes.writeUInt32LE(crc32(bytes.subarray(4)), 0);
  return bytes;
}

function packStub(stub: SessionStub): Buffer {
  const out = new ByteWriter();
  out.string(stub.tenantId);
  out.string(stub.sessionId);
  out.bigint(stub.snapshotVersion);
  return out.finish();
}

function unpackStub(payload: Buffer): SessionStub {
  return decoding('session stub', () => {
    const input = new ByteReader(payload);
    const stub = {
      evicted: true,
      tenantId: input.string(),
      sessionId: input.string(),
      snapshotVersion: input.bigint(),
    } as const;
    input.end();
    return stub;
  });
}
