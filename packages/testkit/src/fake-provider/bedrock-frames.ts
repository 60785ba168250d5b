import { EventStreamCodec } from '@smithy/core/event-streams';
import type { FakeReply, FakeUsage, JsonObject } from './reply.ts';

/** An answer in Amazon's event stream: one frame per event, each with its checksums. */
export function frameReply(events: readonly FrameEvent[], usage: FakeUsage | null): FakeReply {
  return {
    status: 200,
    contentType: 'application/vnd.amazon.eventstream',
    parts: events.map(({ type, payload }) => frame({ ':event-type': type, ':message-type': 'event' }, payload)),
    streamed: true,
    // After 200 an exception is a frame like any other.
    errorPart: frame(
      { ':exception-type': 'throttlingException', ':message-type': 'exception' },
      { message: 'Too many requests, please wait before trying again.' },
    ),
    usage,
  };
}

export interface FrameEvent {
  readonly type: string;
  readonly payload: JsonObject;
}

function frame(headers: Readonly<Record<string, string>>, payload: JsonObject): Buffer {
  const all = { ...headers, ':content-type': 'application/json' };
  return Buffer.from(
    codec.encode({
      headers: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, { type: 'string', value }])),
      body: new Uint8Array(Buffer.from(JSON.stringify(payload))),
    }),
  );
}

// Both are asked for; only the second is used by an encoder.
const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')),
  (text) => new Uint8Array(Buffer.from(text, 'utf8')),
);

/** What pads every frame of Bedrock's, so that its length does not tell the text: of a length that the event gives. */
export function padding(length: number): string {
  return PADDING.slice(0, (length % PADDING.length) + 1);
}

const PADDING = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
