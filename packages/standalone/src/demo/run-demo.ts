import { randomUUID } from 'node:crypto';
import { type DemoProvider, STEP_HEADER, startDemoProvider } from './demo-provider.ts';
import type { DemoSession, DemoStep } from './demo-session.ts';
import { demoSessions } from './demo-sessions.ts';

export interface DemoDeps {
  /** Origin of the running instance, e.g. `http://127.0.0.1:8585`. */
  readonly url: string;
  /** A key that may write; `''` where the instance asks for none. */
  readonly key: string;
  /** Takes one line for a person. */
  readonly log: (line: string) => void;
  /**
   * Lets the running instance call this loopback origin, and trust it in place of a named provider's, until it
   * restarts: the demo's provider listens there.
   */
  readonly allowTarget: (origin: string) => Promise<void>;
}

export interface DemoSummary {
  readonly sessions: number;
  readonly calls: number;
  /** Ids of the sessions, in the order of `demoSessions()`. */
  readonly sessionIds: readonly string[];
}

/**
 * Fills a running instance with a few believable sessions, sent through its gateway like any application's calls.
 *
 * @throws when a call cannot be made, is answered in another way than the demo's provider meant, or is not recorded.
 */
export async function runDemo(deps: DemoDeps): Promise<DemoSummary> {
  const provider = await startDemoProvider();
  const stop = new AbortController();
  try {
    await deps.allowTarget(provider.origin);
    const sessions = demoSessions();
    // All sessions have ended before the provider closes, also when one of them fails.
    const ends = await Promise.allSettled(
      sessions.map((session) =>
        playSession(deps, provider, session, stop.signal).catch((error: unknown) => {
          stop.abort(error);
          throw error;
        }),
      ),
    );
    // The first failure is the reason; those after it only say that they were stopped.
    stop.signal.throwIfAborted();
    const played = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
    return {
      sessions: played.length,
      calls: played.reduce((sum, { calls }) => sum + calls, 0),
      sessionIds: played.map(({ id }) => id),
    };
  } finally {
    await provider.close();
  }
}

async function playSession(
  deps: DemoDeps,
  provider: DemoProvider,
  session: DemoSession,
  signal: AbortSignal,
): Promise<{ id: string; calls: number }> {
  const id = randomUUID();
  let calls = 0;
  for (const stage of session.stages) {
    await Promise.all(stage.map((step) => makeCall(deps, provider, session, id, step, signal)));
    calls += stage.length;
  }
  deps.log(`${session.name.padEnd(18)} ${String(calls).padStart(2)} calls  ${deps.url}/v1/session/${id}`);
  return { id, calls };
}

async function makeCall(
  { url, key }: DemoDeps,
  provider: DemoProvider,
  session: DemoSession,
  sessionId: string,
  step: DemoStep,
  signal: AbortSignal,
): Promise<void> {
  const { route, body } = REQUESTS[step.api](step);
  const response = await fetch(url + route, {
    method: 'POST',
    signal,
    headers: {
      'content-type': 'application/json',
      ...(key && { 'Helicone-Auth': `Bearer ${key}` }),
      'Helicone-Target-URL': provider.origin,
      'Helicone-Session-Id': sessionId,
      'Helicone-Session-Name': session.name,
      'Helicone-Session-Path': step.path,
      'Helicone-User-Id': session.userId,
      ...Object.fromEntries(
        Object.entries(session.properties).map(([name, value]) => [`Helicone-Property-${name}`, value]),
      ),
      [STEP_HEADER]: provider.expect(step),
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (response.status !== (step.status ?? 200)) {
    throw new DemoError(`${session.name} ${step.path}: answered ${response.status} ${text.slice(0, 300)}`);
  }
  const recorded = response.headers.get('throughline-recorded');
  if (recorded?.startsWith('no')) throw new DemoError(`${session.name} ${step.path}: not recorded (${recorded})`);
}

/**
 * Paths begin with `/demo`: calls to `/v1` on this machine are taken for a model server of one's own, which has no
 * price; these keep the provider of their label.
 */
const REQUESTS: Readonly<Record<DemoStep['api'], (step: DemoStep) => { route: string; body: object }>> = {
  openai: (step) => ({
    route: '/v1/gateway/oai/demo/v1/chat/completions',
    body: {
      model: step.model,
      messages: [{ role: 'user', content: step.ask }],
      ...(step.streamed && { stream: true, stream_options: { include_usage: true } }),
      ...(step.tool && { tools: [{ type: 'function', function: { name: step.tool.name } }] }),
    },
  }),
  anthropic: (step) => ({
    route: '/v1/gateway/anthropic/demo/v1/messages',
    body: {
      model: step.model,
      max_tokens: 2_000,
      messages: [{ role: 'user', content: step.ask }],
      ...(step.streamed && { stream: true }),
    },
  }),
  embeddings: (step) => ({
    route: '/v1/gateway/oai/demo/v1/embeddings',
    body: { model: step.model, input: step.ask },
  }),
  search: (step) => ({
    route: '/v1/gateway/gateway/collections/demo/points/search',
    body: { query: step.ask, limit: 3, with_payload: true },
  }),
};

/** A call of the demo that was not answered, or not recorded, as it should be. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
}
