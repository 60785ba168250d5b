import type { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RawAnswer, rawCall } from '@throughline/testkit/raw-call';
import { quantile } from '../measure/statistics.ts';
import { number } from '../report/format.ts';
import { chatCalls, GATEWAY_PATH, type PreparedCall } from '../traffic/chat-calls.ts';

/** One call in so many is watched: it goes to a session whose totals are then looked at until they hold it. */
const WATCHED_EVERY = 25;
/** Calls of a watched session, what 150 recorded runs of an agent have on average: one in so many begins its session. */
const CALLS_PER_SESSION = 12;
/** Watched sessions that take calls in turns, so that the calls of one do not overlap. */
const OPEN_SESSIONS = 12;
/** Between two looks: a session can seem to have come later by as much. */
const LOOK_EVERY_MS = 5;
const LIST_EVERY_MS = 30;
/** Sessions on the page that is looked at. One that comes later than this many others is not seen there any more. */
const LIST_LIMIT = 100;
/** So long after the last call sessions are looked for: a busy machine shows in the figures, one that is stuck does not. */
const LOOK_MS_MAX = 30_000;

/** Where calls go to and sessions are looked for. */
export interface FreshnessTarget {
  readonly gatewayUrl: string;
  readonly queryUrl: string;
  readonly key: string;
}

export interface FreshnessJob {
  /** Of the sessions that are watched. */
  readonly prefix: string;
  readonly seconds: number;
  readonly callsPerSecond: number;
  /** How often one session, and the list, are asked for. 5 and 30 ms. */
  readonly lookEveryMs?: number;
  readonly listEveryMs?: number;
}

export interface Freshness {
  /** Milliseconds after the response, per watched call. */
  readonly single: number[];
  readonly list: number[];
  readonly made: number;
  readonly seconds: number;
}

/** Makes calls at a steady rate, and looks at the totals of some until each is in them. */
export async function measureFreshness(
  target: FreshnessTarget,
  agent: Agent,
  { prefix, seconds, callsPerSecond, lookEveryMs = LOOK_EVERY_MS, listEveryMs = LIST_EVERY_MS }: FreshnessJob,
): Promise<Freshness> {
  const calls = chatCalls();
  const single = createWatch();
  const list = createWatch();
  const since = Date.now() - 1_000;
  const watching = [
    watchSingly(target, agent, single, lookEveryMs),
    watchList(target, agent, list, { search: prefix, startTimeUnixMs: since, everyMs: listEveryMs }),
  ];
  // Looked at at the end as well.
  for (const watch of watching) watch.catch(() => {});
  const made: Promise<void>[] = [];
  const start = performance.now();
  const total = seconds * callsPerSecond;
  for (let at = 0; at < total; at++) {
    // Calls are due at fixed times, whatever became of the ones before.
    const wait = start + (at * 1_000) / callsPerSecond - performance.now();
    if (wait > 1) await sleep(wait);
    const call = calls[at % calls.length]!;
    const watched = at % WATCHED_EVERY === 0 ? watchedCall(prefix, at / WATCHED_EVERY) : undefined;
    const sessionId = watched?.sessionId ?? call.headers['helicone-session-id']!;
    const ending = makeCall(target, agent, call, sessionId).then((endedAt) => {
      if (!watched) return;
      single.add({ ...watched, endedAt });
      list.add({ ...watched, endedAt });
    });
    // Looked at once all calls are made.
    ending.catch(() => {});
    made.push(ending);
  }
  const tookSeconds = (performance.now() - start) / 1_000;
  const outcomes = await Promise.allSettled(made);
  for (const watch of [single, list]) watch.end();
  await Promise.all(watching);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  return { single: single.ages, list: list.ages, made: total, seconds: tookSeconds };
}

interface WatchedCall {
  readonly sessionId: string;
  /** Which of its session's calls, from 1: totals of that many hold it. */
  readonly count: number;
}

function watchedCall(prefix: string, index: number): WatchedCall {
  const perGroup = OPEN_SESSIONS * CALLS_PER_SESSION;
  const group = Math.floor(index / perGroup);
  return {
    sessionId: `${prefix}-${group}-${index % OPEN_SESSIONS}`,
    count: Math.floor((index % perGroup) / OPEN_SESSIONS) + 1,
  };
}

/** Calls that are waited for, and how long it took until totals held each. */
function createWatch() {
  const waiting = new Map<string, { count: number; endedAt: number }[]>();
  const ages: number[] = [];
  let noMoreAfter = Number.POSITIVE_INFINITY;
  return {
    ages,
    waiting,
    add({ sessionId, count, endedAt }: WatchedCall & { readonly endedAt: number }) {
      const calls = waiting.get(sessionId);
      if (calls) calls.push({ count, endedAt });
      else waiting.set(sessionId, [{ count, endedAt }]);
    },
    end: () => {
      noMoreAfter = performance.now() + LOOK_MS_MAX;
    },
    /** Totals of a session are of so many calls. */
    seen(sessionId: string, total: number) {
      const calls = waiting.get(sessionId) ?? [];
      while (calls.length > 0 && calls[0]!.count <= total) ages.push(performance.now() - calls.shift()!.endedAt);
      if (calls.length === 0) waiting.delete(sessionId);
    },
    /** @throws when calls are missing for too long. */
    isOver(): boolean {
      if (waiting.size > 0 && performance.now() > noMoreAfter) {
        throw new Error(`calls of ${waiting.size} sessions were not shown within ${LOOK_MS_MAX} ms`);
      }
      return waiting.size === 0 && noMoreAfter < Number.POSITIVE_INFINITY;
    },
  };
}

type Watch = ReturnType<typeof createWatch>;

/** @returns when the response had ended. */
async function makeCall(
  target: FreshnessTarget,
  agent: Agent,
  { headers, body }: PreparedCall,
  sessionId: string,
): Promise<number> {
  const answer = await rawCall({
    url: target.gatewayUrl + GATEWAY_PATH,
    headers: { ...headers, 'helicone-session-id': sessionId },
    body: Buffer.from(body),
    agent,
  });
  if (answer.end !== 'complete' || answer.status !== 200) {
    throw new Error(`a call was answered ${answer.status}, ${answer.end}: ${answer.error?.message}`);
  }
  return performance.now();
}

/** Asks for the sessions that are waited for one after the other: one question at a time bounds what asking costs. */
async function watchSingly(target: FreshnessTarget, agent: Agent, watch: Watch, everyMs: number): Promise<void> {
  const headers = { authorization: `Bearer ${target.key}` };
  while (!watch.isOver()) {
    for (const sessionId of [...watch.waiting.keys()]) {
      const answer = await rawCall({ url: `${target.queryUrl}/v1/session/${sessionId}`, headers, agent });
      if (answer.status === 200) watch.seen(sessionId, sessionOf(answer).total_requests);
      else if (answer.status !== 404) throw new Error(`/v1/session answered ${answer.status}: ${answer.body}`);
    }
    await sleep(everyMs);
  }
}

/** Reads the first page of the list over and over. */
async function watchList(
  target: FreshnessTarget,
  agent: Agent,
  watch: Watch,
  { search, startTimeUnixMs, everyMs }: { search: string; startTimeUnixMs: number; everyMs: number },
): Promise<void> {
  const url = `${target.queryUrl}/v1/session/query`;
  const headers = { authorization: `Bearer ${target.key}`, 'content-type': 'application/json' };
  while (!watch.isOver()) {
    const timeFilter = { startTimeUnixMs, endTimeUnixMs: Date.now() + 60_000 };
    const body = Buffer.from(
      JSON.stringify({ search, timeFilter, timezoneDifference: 0, filter: 'all', limit: LIST_LIMIT }),
    );
    for (const session of sessionsOf(await rawCall({ url, headers, body, agent }))) {
      watch.seen(session.session_id, session.total_requests);
    }
    await sleep(everyMs);
  }
}

interface ListedSession {
  readonly session_id: string;
  readonly total_requests: number;
}

function sessionOf({ body }: RawAnswer): ListedSession {
  return (JSON.parse(String(body)) as { data: ListedSession }).data;
}

function sessionsOf(answer: RawAnswer): readonly ListedSession[] {
  if (answer.status !== 200) throw new Error(`/v1/session/query answered ${answer.status}: ${answer.body}`);
  return (JSON.parse(String(answer.body)) as { data: readonly ListedSession[] }).data;
}

export const FRESHNESS_COLUMNS = ['ms after the response', 'seen', 'p50', 'p90', 'p99', 'max'] as const;

export function freshnessRows({ single, list }: Freshness): string[][] {
  return Object.entries({ 'GET /v1/session/{id}': single, 'POST /v1/session/query': list }).map(([name, own]) => [
    name,
    String(own.length),
    ...[0.5, 0.9, 0.99, 1].map((q) => number(quantile(own, q))),
  ]);
}

export function freshnessNote(
  { made, seconds }: Freshness,
  { lookEveryMs = LOOK_EVERY_MS, listEveryMs = LIST_EVERY_MS }: Partial<FreshnessJob> = {},
): string {
  return `${made} calls at ${number(made / seconds)}/s, one in ${WATCHED_EVERY} watched; looked at every ${lookEveryMs} ms (one) and ${listEveryMs} ms (list), which is part of the load and of the figures`;
}
