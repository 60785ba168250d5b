import { createTempDir } from '@throughline/testkit/temp-dir';
import {
  CONTESTANT_CORE,
  type Contestant,
  OTHERS_CORE,
  startGateway,
  startNodeUpstream,
} from '../contestants/contestants.ts';
import { startUpstream } from '../contestants/upstream.ts';
import { interleave } from '../measure/interleave.ts';
import { measureLoad } from '../measure/measure-load.ts';
import { measureStreams } from '../measure/measure-streams.ts';
import { medianRatio } from '../measure/statistics.ts';
import { warmUp } from '../measure/warm-up.ts';
import { medianWithSpread, ratio } from '../report/format.ts';
import type { Bench, Figure, Scenario } from '../scenario.ts';
import { chatCalls, GATEWAY_PATH } from '../traffic/chat-calls.ts';

const CHUNKS = 50;
const VERSIONS = ['other', 'this'] as const;

type Versions<T> = Readonly<Record<(typeof VERSIONS)[number], T>>;

/** One kind of traffic: CPU per request or per chunk of both versions, µs, in pairs. */
interface Comparison {
  readonly traffic: string;
  readonly unit: string;
  readonly cpuUs: Versions<readonly number[]>;
}

export const gatewayVersions: Scenario = {
  name: 'gateway-versions',
  about: 'the gateway of another checkout (--against) and the one of this tree, in pairs, under the same load',
  needsAgainst: true,
  async run(bench) {
    const found: Comparison[] = [];
    for (const record of ['none', 'log'] as const) {
      found.push(...(await compareCalls(bench, record)), await compareStreams(bench, record));
    }
    const figures: Figure[] = found.map(({ traffic, unit, cpuUs }) => ({
      name: `CPU per ${unit}, ${traffic}, this version against the other`,
      value: medianRatio(cpuUs.this, cpuUs.other),
      unit: 'x',
      atMost: 1.1,
    }));
    const rows = found.map(({ traffic, unit, cpuUs }) => [
      traffic,
      unit,
      medianWithSpread(cpuUs.other),
      medianWithSpread(cpuUs.this),
      ratio(medianRatio(cpuUs.this, cpuUs.other)),
    ]);
    return {
      columns: ['', 'per', 'the other, CPU µs', 'this, CPU µs', 'this against the other'],
      rows,
      figures,
      notes: [`the other: ${bench.against}`, 'both are started before, and measured in turns'],
      samples: found,
    };
  },
};

/** Calls of 1.5 kB, answers of 1.5 kB. */
async function compareCalls(bench: Bench, record: 'none' | 'log'): Promise<Comparison[]> {
  const upstream = await startUpstream(bench);
  await using gateways = await startBoth(bench, upstream.origin, record);
  const found: Comparison[] = [];
  try {
    for (const connections of [16, 64]) {
      const load = { calls: chatCalls(), connections, seconds: bench.seconds, core: OTHERS_CORE, path: GATEWAY_PATH };
      for (const name of VERSIONS) await warmUp(bench, { ...load, origin: gateways[name].origin });
      const samples = await interleave(
        bench.rounds,
        {
          other: () => measureLoad(bench, gateways.other, load),
          this: () => measureLoad(bench, gateways.this, load),
        },
        { warmUp: false },
      );
      found.push({ traffic: `${named(record)}, c=${connections}`, unit: 'request', cpuUs: cpuOf(samples) });
    }
  } finally {
    await upstream.stop();
  }
  return found;
}

/** Streams of 50 chunks without a gap between them. */
async function compareStreams(bench: Bench, record: 'none' | 'log'): Promise<Comparison> {
  const upstream = await startNodeUpstream(bench, ['--chunks', String(CHUNKS)]);
  await using gateways = await startBoth(bench, upstream.origin, record);
  const job = { path: GATEWAY_PATH, connections: 16, gapMs: 0, seconds: bench.seconds };
  try {
    const samples = await interleave(bench.rounds, {
      other: () => measureStreams(bench, upstream, gateways.other, job),
      this: () => measureStreams(bench, upstream, gateways.this, job),
    });
    return { traffic: `${named(record)}, streams, c=16`, unit: 'chunk', cpuUs: cpuOf(samples) };
  } finally {
    await upstream.stop();
  }
}

/** Both on one core, where only one of them has work at a time. */
async function startBoth(
  bench: Bench,
  upstream: string,
  record: 'none' | 'log',
): Promise<Versions<Contestant> & AsyncDisposable> {
  await using starting = new AsyncDisposableStack();
  const start = async (checkout: string | undefined) => {
    const recording =
      record === 'none' ? { record } : { record, dir: starting.use(await createTempDir('bench-log')).path };
    const options = { core: CONTESTANT_CORE, ...(checkout !== undefined && { checkout }) };
    const gateway = await startGateway(bench, upstream, recording, options);
    starting.defer(() => gateway.stop());
    return gateway;
  };
  const [other, own] = [await start(bench.against), await start(undefined)];
  const started = starting.move();
  return { other, this: own, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

function named(record: 'none' | 'log'): string {
  return record === 'none' ? 'not recorded' : 'recorded';
}

function cpuOf(samples: Versions<readonly { readonly cpuUs: number }[]>): Comparison['cpuUs'] {
  return { other: samples.other.map(({ cpuUs }) => cpuUs), this: samples.this.map(({ cpuUs }) => cpuUs) };
}
