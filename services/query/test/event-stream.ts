import { waitFor } from '@throughline/testkit/wait-for';

/** One server-sent event, its data parsed. */
export interface StreamedEvent {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are asserted on, field by field
  readonly data: any;
}

/** A stream of events as a page reads it. */
export interface EventStream {
  readonly status: number;
  readonly headers: Headers;
  /** All so far. */
  readonly events: readonly StreamedEvent[];
  /** All text so far. */
  readonly text: string;
  /** True once the other side has ended it. */
  readonly isEnded: boolean;
  /** The first event from now on, or from the one before on, that is as wanted. */
  next(isWanted: (event: StreamedEvent) => boolean): Promise<StreamedEvent>;
  close(): void;
}

/** @param url with its query. @param key the key itself. */
export async function openEventStream(url: string, key: string): Promise<EventStream> {
  const hangUp = new AbortController();
  const answer = await fetch(url, { headers: { authorization: `Bearer ${key}` }, signal: hangUp.signal });
  const events: StreamedEvent[] = [];
  let text = '';
  let isEnded = false;
  let seen = 0;
  const read = async () => {
    let rest = '';
    for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += part;
      rest += part;
      for (;;) {
        const end = rest.indexOf('\n\n');
        if (end === -1) break;
        const [, name, data] = /^event: (.*)\ndata: (.*)$/.exec(rest.slice(0, end)) ?? [];
        if (name !== undefined) events.push({ name, data: JSON.parse(data!) });
        rest = rest.slice(end + 2);
      }
    }
  };
  void read()
    .catch(() => {})
    .finally(() => {
      isEnded = true;
    });
  return {
    status: answer.status,
    headers: answer.headers,
    events,
    get text() {
      return text;
    },
    get isEnded() {
      return isEnded;
    },
    next: (isWanted) =>
      waitFor(() => {
        while (seen < events.length) {
          const event = events[seen++]!;
          if (isWanted(event)) return event;
        }
        return undefined;
      }),
    close: () => hangUp.abort(),
  };
}
