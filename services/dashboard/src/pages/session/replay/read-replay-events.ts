import { createParser } from 'eventsource-parser';
import type { ReplayEvent } from './replay-progress.ts';

/** Tells the events of a stream, those of one piece at once. Resolves at its end. @throws where it breaks off. */
export async function readReplayEvents(
  stream: ReadableStream<Uint8Array>,
  onEvents: (events: readonly ReplayEvent[]) => void,
): Promise<void> {
  let events: ReplayEvent[] = [];
  const parser = createParser({ onEvent: ({ event = 'message', data }) => events.push({ name: event, data }) });
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    parser.feed(decoder.decode(value, { stream: true }));
    if (events.length > 0) onEvents(events);
    events = [];
  }
}
