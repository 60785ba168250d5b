import { createTempDir } from '@throughline/testkit/temp-dir';
import {
  CONTESTANT_CORE,
  OTHERS_CORE,
  startGateway,
  startNodeUpstream,
  startRawProxy,
} from './contestants/contestants.ts';
import { interleave } from './measure/interleave.ts';
import { otherLoad } from './measure/machine.ts';
import { measureLoad } from './measure/measure-load.ts';
import { measureStreams } from './measure/measure-streams.ts';
import { medianRatio, spreadPercent } from './measure/statistics.ts';
import type { Tools } from './processes/tools.ts';
import { number, ratio } from './report/format.ts';
import type { Bench } from './scenario.ts';
import { CHAT_PATH, chatCalls, GATEWAY_PATH } from './traffic/chat-calls.ts';

/** Exit codes of `bench check`. */
export const FINE = 0;
export const REGRESSED = 1;
/** Something is beyond its bound, on a machine that is too busy with other things to tell. */
export const NOISY = 3;

const ROUNDS = 5;
const SECONDS = 2;

/** What was measured on machines at rest (1.2 to 1.5; 1.0 to 1.4), and half as much again. */
const BOUNDS = { call: 2.2, chunk: 2.1 } as const;

/** Cores of others, and half the range of bare Node's own figures, from which on a ratio says nothing. */
const BUSY_CORES_MAX = 0.4;
const SPREAD_PERCENT_MAX = 20;

/**
 * Whether the gateway costs far more than it should, by bare Node in the same run: CPU per recorded call, and per chunk of a
 * recorded stream.
 *
 * @returns an exit code.
 */
export async function checkRegressions(tools: Tools): Promise<number> {
  const bench: Bench = {
    rounds: ROUNDS,
    seconds: SECONDS,
    tools,
    requests: [],
    profileDir: undefined,
    against: undefined,
    peers: false,
    conversations: undefined,
    progress: () => {},
  };
  const { busyCores } = await otherLoad();
  const found = await measure(bench);
  let isNoisy = busyCores > BUSY_CORES_MAX;
  let isBeyond = false;
  for (const [what, { value, spread }] of Object.entries(found) as [keyof typeof BOUNDS, Found][]) {
    const isFine = value <= BOUNDS[what];
    const shown = `CPU per ${what}, recorded, of bare Node's: ${ratio(value)} (at most ${ratio(BOUNDS[what])})`;
    console.log(`${shown}; bare Node ±${number(spread)}%`);
    isNoisy ||= spread > SPREAD_PERCENT_MAX;
    isBeyond ||= !isFine;
  }
  if (!isBeyond) return FINE;
  if (!isNoisy) return REGRESSED;
  console.log(`Not told: others keep ${number(busyCores)} cores busy, or bare Node's own figures go apart.`);
  return NOISY;
}

interface Found {
  /** Of bare Node's. */
  readonly value: number;
  /** Of bare Node's figures, half their range in percent. */
  readonly spread: number;
}

async function measure(bench: Bench): Promise<Readonly<Record<keyof typeof BOUNDS, Found>>> {
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await createTempDir('bench-log'));
  const stop = (one: { stop(): Promise<void> }) => one.stop();
  const upstream = stack.adopt(await startNodeUpstream(bench), stop);
  const core = CONTESTANT_CORE;
  const raw = stack.adopt(await startRawProxy(bench, upstream.origin, { core }), stop);
  const recording = { record: 'log', dir: dir.path } as const;
  const gateway = stack.adopt(await startGateway(bench, upstream.origin, recording, { core }), stop);
  const load = { calls: chatCalls(), connections: 16, seconds: bench.seconds, core: OTHERS_CORE };
  const stream = { connections: 16, gapMs: 0, seconds: bench.seconds };
  const calls = await interleave(bench.rounds, {
    raw: () => measureLoad(bench, raw, { ...load, path: CHAT_PATH }),
    gateway: () => measureLoad(bench, gateway, { ...load, path: GATEWAY_PATH }),
  });
  const chunks = await interleave(bench.rounds, {
    raw: () => measureStreams(bench, upstream, raw, { ...stream, path: CHAT_PATH }),
    gateway: () => measureStreams(bench, upstream, gateway, { ...stream, path: GATEWAY_PATH }),
  });
  return { call: compared(calls), chunk: compared(chunks) };
}

type Costs = readonly { readonly cpuUs: number }[];

function compared({ raw, gateway }: { readonly raw: Costs; readonly gateway: Costs }): Found {
  const of = (costs: Costs) => costs.map(({ cpuUs }) => cpuUs);
  return { value: medianRatio(of(gateway), of(raw)), spread: spreadPercent(of(raw)) };
}
