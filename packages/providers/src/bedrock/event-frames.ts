import { createRequire } from 'node:module';
import type * as EventStreams from '@smithy/core/event-streams';

/** One message of an AWS event stream. */
export interface EventFrame {
  /** The event's or exception's type. */
  readonly name: string;
  readonly isException: boolean;
  /** The payload, JSON in every API that is read here. */
  readonly data: string;
}

/**
 * The whole, undamaged frames at the beginning of a captured `application/vnd.amazon.eventstream` body, in order.
 * Checksums are verified: nothing is read of a frame that is damaged or cut, nor of anything behind it.
 */
export function* readFrames(bytes: Uint8Array): Generator<EventFrame> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  for (let count = 0; count < FRAMES_MAX && at + FRAME_BYTES_MIN <= bytes.length; count++) {
    const length = view.getUint32(at);
    if (length < FRAME_BYTES_MIN || at + length > bytes.length) return;
    const frame = decode(bytes.subarray(at, at + length));
    if (!frame) return;
    yield frame;
    at += length;
  }
}

/** Two lengths and their checksum, and the checksum of the whole. */
const FRAME_BYTES_MIN = 16;

/** Ten times what the longest answer has; bounds the time that a body of empty frames takes to a second. */
const FRAMES_MAX = 250_000;

function decode(bytes: Uint8Array): EventFrame | undefined {
  try {
    const { headers, body } = codec().decode(bytes);
    const word = (name: string): string => {
      const value = Object.hasOwn(headers, name) ? headers[name]?.value : undefined;
      return typeof value === 'string' ? value : '';
    };
    const kind = word(':message-type');
    const data = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
    // An `error` is one that the service did not foresee: a code and a message, and no payload.
    if (kind === 'error') {
      return {
        name: word(':error-code') || 'error',
        isException: true,
        data: JSON.stringify({ message: word(':error-message') }),
      };
    }
    const isException = kind === 'exception';
    return { name: word(isException ? ':exception-type' : ':event-type'), isException, data };
  } catch {
    return undefined;
  }
}

let loaded: EventStreams.EventStreamCodec | undefined;

/** Amazon's own codec, loaded on first use: a tenth of a second that a process which meets no event stream does not pay. */
function codec(): EventStreams.EventStreamCodec {
  if (loaded) return loaded;
  // `require`, because only it can load in the middle of synchronous work.
  const library = createRequire(import.meta.url)('@smithy/core/event-streams') as typeof EventStreams;
  loaded = new library.EventStreamCodec(
    (text) => (typeof text === 'string' ? text : Buffer.from(text).toString('utf8')),
    (text) => new Uint8Array(Buffer.from(text, 'utf8')),
  );
  return loaded;
}
