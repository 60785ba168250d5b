import type { Instance } from './start-instance.ts';

// biome-ignore lint/suspicious/noExplicitAny: what a server said, which tests assert on field by field
type Told = any;

export interface ReplayEvents {
  readonly status: number;
  readonly started: Told;
  readonly steps: readonly Told[];
  readonly finished: Told;
  /** All that came. */
  readonly text: string;
}

/** Replays a session and reads what is told of it, to its end. @param key in the place of the instance's own. */
export async function replayEvents(
  { throughline: { url, key } }: { readonly throughline: Pick<Instance['throughline'], 'url' | 'key'> },
  sessionId: string,
  body: object,
  options: { key?: string; path?: string; method?: string } = {},
): Promise<ReplayEvents> {
  const answer = await fetch(url + (options.path ?? `/v1/session/${encodeURIComponent(sessionId)}/replay`), {
    method: options.method ?? 'POST',
    headers: {
      authorization: `Bearer ${options.key ?? key}`,
      accept: 'text/event-stream',
      'content-type': 'application/json',
    },
    ...((options.method ?? 'POST') === 'POST' && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const events = [...text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(
    ([, name, data]) => [name!, JSON.parse(data!)] as const,
  );
  const of = (wanted: string) => events.filter(([name]) => name === wanted).map(([, data]) => data);
  return { status: answer.status, started: of('started')[0], steps: of('step'), finished: of('finished')[0], text };
}
