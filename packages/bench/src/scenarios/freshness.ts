import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ThroughlineProcess } from '@throughline/testkit/process/throughline-process';
import { type RawAnswer, rawCall } from '@throughline/testkit/raw-call';
import { startProduct } from '../contestants/product.ts';
import { startUpstream } from '../contestants/upstream.ts';
import { quantile } from '../measure/statistics.ts';
import { number } from '../report/format.ts';
import type { Scenario } from '../scenario.ts';
import { chatCalls, GATEWAY_PATH, type PreparedCall } from '../traffic/chat-calls.ts';

const CALLS_PER_SECOND = 500;
/** One call in so many begins a session of its own, which is then looked for. */
const WATCHED_EVERY = 20;
/** Between two looks: an answer can seem older by as much. */
const LOOK_EVERY_MS = 5;
const LIST_EVERY_MS = 20;
const LOOK_MS_MAX = 5_000;

interface Watched {
  readonly sessionId: string;
  readonly endedAt: number;
}

export const freshness: Scenario = {
  name: 'freshness',
  about: `${CALLS_PER_SECOND} calls per second: from the end of a response until the session, and the list, show it`,
  async run(bench) {
    const upstream = await startUpstream(bench);
    const product = await startProduct(bench, upstream.origin);
    const agent = new Agent({ keepAlive: true });
    try {
      bench.progress('warming up');
      await measureFreshness(product, agent, 'warm', 3);
      const seconds = bench.rounds * bench.seconds;
      const { single, list, made, tookSeconds } = await measureFreshness(product, agent, 'fresh', seconds);
      return {
        columns: ['ms after the response', 'seen', 'p50', 'p90', 'p99', 'max'],
        rows: Object.entries({ 'GET /v1/session/{id}': single, 'POST /v1/session/query': list }).map(([name, own]) => [
          name,
          String(own.length),
          ...[0.5, 0.9, 0.99, 1].map((q) => number(quantile(own, q))),
        ]),
        figures: [
          { name: 'response end → one session shows it, p99', value: quantile(single, 0.99), unit: 'ms', atMost: 250 },
          { name: 'response end → the list shows it, p99', value: quantile(list, 0.99), unit: 'ms', atMost: 500 },
        ],
        notes: [
          `${made} calls at ${number(made / tookSeconds)}/s, one in ${WATCHED_EVERY} watched; looked at every ${LOOK_EVERY_MS} ms (one) and ${LIST_EVERY_MS} ms (list), which is part of the load and of the figures`,
        ],
        samples: { single, list },
      };
    } finally {
      agent.destroy();
      await product.stop();
      await upstream.stop();
    }
  },
};

async function measureFreshness(product: ThroughlineProcess, agent: Agent, prefix: string, seconds: number) {
  const calls = chatCalls();
  const single: number[] = [];
  const inList = new Map<string, number>();
  const list: number[] = [];
  const since = Date.now() - 1_000;
  const looks: Promise<void>[] = [];
  const state = { isOver: false };
  const listing = watchList(product, agent, { since, prefix, inList, list, state });
  const start = performance.now();
  const total = seconds * CALLS_PER_SECOND;
  for (let at = 0; at < total; at++) {
    // Calls are due at fixed times, whatever became of the ones before.
    const wait = start + (at * 1_000) / CALLS_PER_SECOND - performance.now();
    if (wait > 1) await sleep(wait);
    const watched = at % WATCHED_EVERY === 0;
    const call = calls[at % calls.length]!;
    const sessionId = watched ? `${prefix}-${at}` : call.headers['helicone-session-id']!;
    const made = makeCall(product, agent, call, sessionId);
    looks.push(
      made.then(async (endedAt) => {
        if (!watched) return;
        inList.set(sessionId, endedAt);
        single.push(await untilShown(product, agent, { sessionId, endedAt }));
      }),
    );
  }
  const tookSeconds = (performance.now() - start) / 1_000;
  await Promise.all(looks);
  const until = performance.now() + LOOK_MS_MAX;
  while (inList.size > 0 && performance.now() < until) await sleep(LIST_EVERY_MS);
  state.isOver = true;
  await listing;
  if (inList.size > 0) throw new Error(`${inList.size} sessions were not in the list after ${LOOK_MS_MAX} ms`);
  return { single, list, made: total, tookSeconds };
}

/** @returns when the response had ended. */
async function makeCall(
  product: ThroughlineProcess,
  agent: Agent,
  { headers, body }: PreparedCall,
  sessionId: string,
): Promise<number> {
  const answer = await rawCall({
    url: product.url + GATEWAY_PATH,
    headers: { ...headers, 'helicone-session-id': sessionId },
    body: Buffer.from(body),
    agent,
  });
  if (answer.end !== 'complete' || answer.status !== 200) throw new Error(`a call was answered ${answer.status}`);
  return performance.now();
}

async function untilShown(product: ThroughlineProcess, agent: Agent, { sessionId, endedAt }: Watched): Promise<number> {
  const headers = { authorization: `Bearer ${product.key}` };
  while (performance.now() < endedAt + LOOK_MS_MAX) {
    const answer = await rawCall({ url: `${product.url}/v1/session/${sessionId}`, headers, agent });
    if (answer.status === 200) return performance.now() - endedAt;
    if (answer.status !== 404) throw new Error(`/v1/session answered ${answer.status}: ${answer.body}`);
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error(`session ${sessionId} was not shown within ${LOOK_MS_MAX} ms`);
}

/** Reads the first page of the list over and over and notes when each session is first on it. */
async function watchList(
  product: ThroughlineProcess,
  agent: Agent,
  watch: {
    since: number;
    prefix: string;
    inList: Map<string, number>;
    list: number[];
    state: { isOver: boolean };
  },
): Promise<void> {
  const { since, prefix, inList, list, state } = watch;
  while (!state.isOver) {
    const answer = await rawCall({
      url: `${product.url}/v1/session/query`,
      headers: { authorization: `Bearer ${product.key}`, 'content-type': 'application/json' },
      body: Buffer.from(
        JSON.stringify({
          search: prefix,
          timeFilter: { startTimeUnixMs: since, endTimeUnixMs: Date.now() + 60_000 },
          timezoneDifference: 0,
          filter: 'all',
          limit: 100,
        }),
      ),
      agent,
    });
    for (const id of sessionIds(answer)) {
      const endedAt = inList.get(id);
      if (endedAt === undefined) continue;
      inList.delete(id);
      list.push(performance.now() - endedAt);
    }
    await sleep(LIST_EVERY_MS);
  }
}

function sessionIds(answer: RawAnswer): string[] {
  if (answer.status !== 200) throw new Error(`/v1/session/query answered ${answer.status}: ${answer.body}`);
  const { data } = JSON.parse(String(answer.body)) as { data: readonly { session_id: string }[] };
  return data.map(({ session_id }) => session_id);
}
