import { looksLikeEvents } from '@throughline/providers/sse';

/** What a response that was logged as text is, by its look: whoever logs it says nothing of it. */
export function sniffText(text: string): string {
  if (looksLikeEvents(text)) return 'text/event-stream';
  if (!/^\uFEFF?\s*[{[]/.test(text.slice(0, 64))) return 'text/plain';
  // Clients of streams log their chunks as JSON, one per line.
  return CHUNKS.test(text) ? 'application/x-ndjson' : 'application/json';
}

/** An object ends with its line, and the next begins with the next one: inside of an object a comma would come first. */
const CHUNKS = /\}[ \t\r]*\n+[ \t]*\{/;
