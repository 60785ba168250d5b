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
import { warmUp } from './measure/warm-up.ts';
import type { Tools } from './processes/tools.ts';
import { BOUNDS, type Found, type Try, UNITS, type Verdict, verdictOf } from './regression-verdict.ts';
import { number, ratio } from './report/format.ts';
import type { Bench } from './scenario.ts';
import { CHAT_PATH, chatCalls, GATEWAY_PATH } from './traffic/chat-calls.ts';

/** Short ones, which keep a try within 40 s on a machine at rest. */
const ROUNDS = 5;
const SECONDS = 1;

const EXIT_CODES: Readonly<Record<Exclude<Verdict, 'again'>, number>> = { fine: 0, regressed: 1, 'not told': 3 };

/**
 * Whether the gateway costs far more than it should, by bare Node in the same run: CPU per recorded call, and per chunk of a
 * recorded stream.
 *
 * @returns an exit code: 0 where it does not, 1 where it does or calls fail, 3 where this machine cannot tell.
 */
export async function checkRegressions(tools: Tools): Promise<number> {
  if (process.platform !== 'linux') {
    console.log('Not told: CPU time is read from /proc, which is there on Linux only.');
    return EXIT_CODES['not told'];
  }
  const bench: Bench = {
    rounds: ROUNDS,
    seconds: SECONDS,
    tools,
    requests: undefined,
    minutes: 0,
    profileDir: undefined,
    against: undefined,
    peers: false,
    conversations: undefined,
    progress: () => {},
  };
  const tries: Try[] = [];
  for (;;) {
    const one = await tryOnce(bench);
    tries.push(one);
    if (one.found) printFound(one.found);
    const verdict = verdictOf(tries);
    if (verdict !== 'again') {
      if (verdict === 'not told') {
        const busy = number(one.busyCores);
        console.log(`Not told: others keep ${busy} cores busy, or bare Node's own figures go apart.`);
      }
      return EXIT_CODES[verdict];
    }
    console.log('Beyond a bound: measured again.');
  }
}

async function tryOnce(bench: Bench): Promise<Try> {
  const before = await otherLoad();
  const found = await measure(bench).catch((error: Error) => {
    console.log(`Not measured: ${error.message}`);
    return undefined;
  });
  const after = await otherLoad();
  return { busyCores: Math.max(before.busyCores, after.busyCores), found };
}

type Measured = NonNullable<Try['found']>;

function printFound(found: Measured): void {
  for (const unit of UNITS) {
    const { value, spread } = found[unit];
    const shown = `CPU per ${unit}, recorded, of bare Node's: ${ratio(value)} (at most ${ratio(BOUNDS[unit])})`;
    console.log(`${shown}; bare Node ±${number(spread)}%`);
  }
}

async function measure(bench: Bench): Promise<Measured> {
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
  await warmUp(bench, { ...load, origin: raw.origin, path: CHAT_PATH });
  await warmUp(bench, { ...load, origin: gateway.origin, path: GATEWAY_PATH });
  const calls = await interleave(
    bench.rounds,
    {
      raw: () => measureLoad(bench, raw, { ...load, path: CHAT_PATH }),
      gateway: () => measureLoad(bench, gateway, { ...load, path: GATEWAY_PATH }),
    },
    { warmUp: false },
  );
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
