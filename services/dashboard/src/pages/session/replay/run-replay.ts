import { api, dataOf } from '../../../api/client.ts';
import { ApiFailure, refusalSentence } from '../../../api/failure.ts';
import { storedKey } from '../../../api/key-store.ts';
import { readReplayEvents } from './read-replay-events.ts';
import type { ReplayBody } from './replay-body.ts';
import { takeEvent } from './replay-progress.ts';
import { ReplayRefusal } from './replay-refusal.ts';
import { forgetRun, keepRun, type ReplayRun, replayRun } from './replay-runs.ts';

/** How soon a stream that broke off is asked for again, ms: doubled up to the bound. */
const RETRY_MS = 500;
const RETRY_MS_MAX = 5_000;

const EVENTS = { accept: 'text/event-stream' };

/**
 * Begins a replay, and listens to it until it ends. Resolves once it has begun.
 *
 * @param keys of providers, by the names that the plan gives them. They are in nothing but this call.
 * @throws ReplayRefusal; ApiFailure where no answer came.
 */
export async function startReplay(
  sessionId: string,
  body: ReplayBody,
  keys: ReadonlyMap<string, string>,
): Promise<void> {
  forgetRun(sessionId);
  const listening = new AbortController();
  const { data, error, response } = await api()
    .POST('/v1/session/{sessionId}/replay', {
      params: { path: { sessionId } },
      body: { ...body, ...(keys.size > 0 && { providerKeys: Object.fromEntries(keys) }) },
      headers: EVENTS,
      parseAs: 'stream',
      signal: listening.signal,
    })
    .catch(() => {
      throw new ApiFailure(0, 'No answer came from Throughline. Whether the replay has begun is not known.');
    });
  if (!response.ok || !data) throw new ReplayRefusal(response.status, error);
  keepRun(sessionId, {
    apiKey: storedKey(),
    progress: undefined,
    maxCostUsd: body.maxCostUsd,
    isLost: false,
    gone: undefined,
    stop: () => listening.abort(),
  });
  void follow(sessionId, data as ReadableStream<Uint8Array>, listening.signal);
}

/** No further step begins. @throws ApiFailure */
export async function cancelReplay(replayId: string): Promise<void> {
  await dataOf(api().DELETE('/v1/replay/{replayId}', { params: { path: { replayId } } }));
}

async function follow(sessionId: string, first: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<void> {
  const change = (how: (run: ReplayRun) => Partial<ReplayRun>) => {
    const run = replayRun(sessionId);
    if (run && !signal.aborted) keepRun(sessionId, { ...run, ...how(run) });
  };
  let stream: ReadableStream<Uint8Array> | undefined = first;
  let waitMs = RETRY_MS;
  while (!signal.aborted) {
    if (stream) {
      await readReplayEvents(stream, (events) => {
        waitMs = RETRY_MS;
        change(({ progress }) => ({ progress: events.reduce(takeEvent, progress), isLost: false }));
      }).catch(() => {});
    }
    const state = replayRun(sessionId)?.progress?.state;
    if (signal.aborted || (state && state.status !== 'running')) return;
    if (!state) return change(() => ({ gone: 'The connection broke before anything was told of it.' }));
    change(() => ({ isLost: true }));
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    waitMs = Math.min(2 * waitMs, RETRY_MS_MAX);
    try {
      stream = await askAgain(state.replay_id, signal);
    } catch (error) {
      if (error instanceof ApiFailure && !error.isPassing) return change(() => ({ gone: error.message }));
      stream = undefined;
    }
  }
}

async function askAgain(replayId: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const { data, error, response } = await api().GET('/v1/replay/{replayId}', {
    params: { path: { replayId } },
    headers: EVENTS,
    parseAs: 'stream',
    signal,
  });
  if (!response.ok || !data) throw new ApiFailure(response.status, refusalSentence(error, response.status));
  return data as ReadableStream<Uint8Array>;
}
