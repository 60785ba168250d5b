import { createParser } from 'eventsource-parser';
import { isAwsStream, readAwsFrames } from './aws-frames.ts';
import { isObject, parseJson } from './json-values.ts';

/** An event of a recorded stream: its name where it has one, and its data as JSON. */
export interface StreamEvent {
  readonly name: string;
  readonly data: unknown;
}

/**
 * The events of a body that was recorded as a stream: server-sent events, lines of JSON, an array of chunks, or Amazon's
 * frames. Undefined: it is none.
 */
export function streamEvents(body: unknown): StreamEvent[] | undefined {
  if (typeof body === 'string') return serverSentEvents(body) ?? jsonLines(body);
  if (Array.isArray(body)) return body.every(isObject) ? body.map((data) => ({ name: '', data })) : undefined;
  if (isObject(body) && Array.isArray(body.streamed_data)) {
    return body.streamed_data.map((data: unknown) => ({ name: '', data }));
  }
  return isAwsStream(body) ? readAwsFrames(body) : undefined;
}

function serverSentEvents(text: string): StreamEvent[] | undefined {
  if (!/^(?:data|event|id|:)/m.test(text.slice(0, 4_096))) return undefined;
  const events: StreamEvent[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => {
      const json = parseJson(data);
      if (json !== undefined) events.push({ name: event ?? '', data: json });
    },
  });
  // What was cut at its end had no blank line behind its last event.
  parser.feed(`${text}\n\n`);
  return events.length === 0 ? undefined : events;
}

function jsonLines(text: string): StreamEvent[] | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const events = lines.flatMap((line) => {
    const data = line.startsWith('{') ? parseJson(line) : undefined;
    return data === undefined ? [] : [{ name: '', data }];
  });
  // The last line of one that was cut is half of one.
  return lines.length > 1 && events.length >= lines.length - 1 ? events : undefined;
}
