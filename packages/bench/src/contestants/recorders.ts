import { isInstalled } from '../peers/install-release.ts';
import { litellm, litellmRelease, tracedLitellm } from '../peers/litellm.ts';
import { countMlflowRows, mlflowRelease, mlflowServer } from '../peers/mlflow.ts';
import { phoenixRelease, startPhoenix } from '../peers/phoenix.ts';
import { startPeer } from '../peers/start-peer.ts';
import type { Bench } from '../scenario.ts';
import { type ChatTarget, GATEWAY_TARGET } from '../traffic/chat-calls.ts';
import { startDrained } from './product.ts';

/** Something that passes chat completions on and keeps each, so that what a session cost can be read. */
export interface Recorder {
  readonly name: string;
  readonly title: string;
  /** Why it is not measured here; undefined: it is. */
  readonly absent?: string;
  /** Of a load at least: where calls take seconds, a few seconds show nothing. */
  readonly secondsMin: number;
  start(upstream: string): Promise<RunningRecorder>;
}

export interface RunningRecorder {
  /** The first of the processes of each of its parts. */
  readonly pids: readonly number[];
  readonly origin: string;
  readonly chat: ChatTarget;
  /** Calls that can be read at present. */
  readable(): Promise<number>;
  stop(): Promise<void>;
}

const SLOW_SECONDS = 12;

export function recorders(bench: Bench): Recorder[] {
  const product: Recorder = {
    name: 'throughline',
    title: 'Throughline, everything in one process',
    secondsMin: 1,
    start: (upstream) => startOurs(bench, upstream),
  };
  if (!bench.peers) return [product];
  const lacks = (...releases: Parameters<typeof isInstalled>[0][]) => {
    const missing = releases.filter((release) => !isInstalled(release)).map(({ name }) => name);
    return missing.length > 0 && { absent: `${missing.join(' and ')} not installed` };
  };
  return [
    product,
    {
      name: 'mlflow',
      title: `${mlflowServer.title}, ${mlflowRelease.version}`,
      ...lacks(mlflowRelease),
      secondsMin: SLOW_SECONDS,
      start: (upstream) => startMlflow(bench, upstream),
    },
    {
      name: 'litellm-phoenix',
      title: `${litellm.title} ${litellmRelease.version} + Arize Phoenix ${phoenixRelease.version}, SQLite`,
      ...lacks(litellmRelease, phoenixRelease),
      secondsMin: SLOW_SECONDS,
      start: (upstream) => startLitellmPhoenix(bench, upstream),
    },
  ];
}

async function startOurs(bench: Bench, upstream: string): Promise<RunningRecorder> {
  const { product, applied, stop } = await startDrained(bench, upstream);
  // What is applied, the list and each session show.
  return { pids: [product.pid!], origin: product.url, chat: GATEWAY_TARGET, readable: applied, stop };
}

async function startMlflow(bench: Bench, upstream: string): Promise<RunningRecorder> {
  const { pid, origin, dataDir, stop } = await startPeer(bench, mlflowServer, upstream);
  return {
    pids: [pid],
    origin,
    chat: mlflowServer.chat(upstream),
    readable: async () => countMlflowRows(dataDir, 'trace_info'),
    stop,
  };
}

async function startLitellmPhoenix(bench: Bench, upstream: string): Promise<RunningRecorder> {
  const phoenix = await startPhoenix(bench);
  try {
    const proxy = await startPeer(bench, tracedLitellm(phoenix.origin), upstream);
    return {
      pids: [proxy.pid, phoenix.pid],
      origin: proxy.origin,
      // What it takes for a session's id is the member `user` of a body, which counts neither for it nor for us.
      chat: litellm.chat(upstream),
      readable: () => phoenix.traces('litellm'),
      async stop() {
        await proxy.stop();
        await phoenix.stop();
      },
    };
  } catch (error) {
    await phoenix.stop();
    throw error;
  }
}
