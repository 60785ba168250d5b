import { createParser } from 'eventsource-parser';

/**
 * Hand every event of a captured stream to `take`, in order, the last one also when the stream was cut before the blank
 * line that ends it (what is cut in half is no JSON and is dropped by whoever parses it).
 *
 * @param text the whole capture; events in it are never split.
 */
export function readEvents(text: string, take: (name: string, data: string) => void): void {
  const parser = createParser({ onEvent: (event) => take(event.event ?? '', event.data) });
  parser.feed(text);
  parser.feed('\n\n');
}

/** Whether text without a telling content type is an event stream: it begins with a field or a comment. */
export function looksLikeEvents(text: string): boolean {
  return /^\uFEFF?\s*(?:data|event|id|retry)?:/.test(text.slice(0, 64));
}
