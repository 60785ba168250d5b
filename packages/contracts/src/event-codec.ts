import { type Decoded, decodeAnyEvent } from './decode-any-event.ts';
import { EventEncoder } from './event-encoder.ts';
import type { LogEvent } from './request-event.ts';
import { readRequestEvent } from './request-event-reader.ts';

/** An event → MessagePack, in a buffer of its own. Bodies go in as raw bytes (`bin`). @see EventEncoder for many events */
export function encodeEvent(event: LogEvent): Buffer {
  const encoder = new EventEncoder();
  encoder.write(event);
  return Buffer.concat(encoder.parts());
}

/** MessagePack → event. Unknown fields stay on the object. Bodies are views into `bytes`, not copies. */
export function decodeEvent(bytes: Uint8Array): Decoded {
  // Nearly all are.
  const event = readRequestEvent(bytes);
  return event ? { outcome: 'event', event } : decodeAnyEvent(bytes);
}
