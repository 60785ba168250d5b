import { crc32 } from 'node:zlib';
import { decodeEvent, encodeEvent } from '@throughline/contracts/event-codec';
import type { BodyReference, CapturedBody, RequestEvent } from '@throughline/contracts/request-event';
import { type BodySide, bodyName } from './body-names.ts';
import type { BodyStore } from './body-store.ts';
import { createGate } from './gate.ts';

export interface SendByReferenceOptions {
  readonly store: Pick<BodyStore, 'put'>;
  /** Larger bodies go to the store (`INLINE_BODY_BYTES_MAX`). */
  readonly inlineBytesMax: number;
  /** What the log takes of one encoded event: where it is exceeded, smaller bodies go too, the largest first. */
  readonly eventBytesMax: number;
  readonly onUploaded?: (bytes: number) => void;
  readonly onFailed?: () => void;
}

/** Uploads at once: enough for a store some way off, and at most so many copies of bodies in sockets' buffers. */
const UPLOADS_MAX = 4;

/**
 * For an outbox's `beforeSend`: an event with large bodies is sent with their names in place of their bytes, once the
 * store has them. What is no larger than one body may be is passed on undecoded. The same event always becomes the same
 * bytes. An event whose other fields are too large stays too large, which the outbox then says.
 *
 * @returns what is to be sent.
 * @throws BodyStoreError when the store does not take a body; Error for a large event of a version that is not known here.
 */
export function sendByReference(
  options: SendByReferenceOptions,
): (record: { readonly bytes: Uint8Array }) => Uint8Array | Promise<Uint8Array> {
  const { inlineBytesMax, eventBytesMax } = options;
  const untouchedMax = Math.min(inlineBytesMax, eventBytesMax);
  const gate = createGate(UPLOADS_MAX);
  return ({ bytes }) => {
    if (bytes.length <= untouchedMax) return bytes;
    const decoded = decodeEvent(bytes);
    if (decoded.outcome === 'newer' && bytes.length > eventBytesMax) {
      // In the folder of a newer gateway, which knows where its bodies are: one of its kind can send it.
      throw new Error(
        `it is of version ${decoded.schemaVersion} and too large to be sent as it is: upgrade this gateway, or start a newer one on the folder`,
      );
    }
    if (decoded.outcome !== 'event' || decoded.event.kind !== 'request') return bytes;
    const { event } = decoded;
    const sides = sidesToStore(event, bytes.length, options);
    return sides.length === 0 ? bytes : send(event, sides, options, gate);
  };
}

async function send(
  event: RequestEvent,
  sides: readonly BodySide[],
  { store, onUploaded, onFailed }: SendByReferenceOptions,
  gate: ReturnType<typeof createGate>,
): Promise<Uint8Array> {
  try {
    const stored = await Promise.all(
      sides.map(async (side): Promise<readonly [string, CapturedBody]> => {
        const body = event[`${side}_body`];
        const { bytes } = body;
        const reference: BodyReference = { name: bodyName(event, side), size: bytes.length, crc32: crc32(bytes) };
        await gate(() => store.put(reference.name, bytes));
        onUploaded?.(bytes.length);
        return [`${side}_body`, { ...body, bytes: NOTHING, stored: reference }];
      }),
    );
    return encodeEvent({ ...event, ...Object.fromEntries(stored) });
  } catch (error) {
    onFailed?.();
    throw error;
  }
}

/** The larger of both first. */
function sidesToStore(
  event: RequestEvent,
  encodedBytes: number,
  { inlineBytesMax, eventBytesMax }: SendByReferenceOptions,
): BodySide[] {
  const sides: BodySide[] = [];
  let left = encodedBytes;
  const bodies = SIDES.map((side) => ({ side, length: event[`${side}_body`].bytes.length }));
  for (const { side, length } of bodies.sort((a, b) => b.length - a.length)) {
    if (length <= REFERENCE_BYTES || (length <= inlineBytesMax && left <= eventBytesMax)) continue;
    sides.push(side);
    left -= length - REFERENCE_BYTES;
  }
  return sides;
}

const SIDES: readonly BodySide[] = ['request', 'response'];
const NOTHING = new Uint8Array(0);
/** About what a reference takes: a body no larger than that gains nothing by it. */
const REFERENCE_BYTES = 200;
