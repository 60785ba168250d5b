import type { ThroughlineProcess } from '@throughline/testkit/process/throughline-process';
import { createTempDir } from '@throughline/testkit/temp-dir';
import {
  CONTESTANT_CORE,
  type Contestant,
  OTHERS_CORE,
  startGateway,
  startRawIngest,
} from '../contestants/contestants.ts';
import { drained, readProgress, startProduct } from '../contestants/product.ts';
import { runLoad } from '../load/load.ts';
import { sendOnce } from '../load/send-once.ts';
import { interleave } from '../measure/interleave.ts';
import { type LoadSample, measureLoad } from '../measure/measure-load.ts';
import { median, medianRatio } from '../measure/statistics.ts';
import { medianWithSpread, number } from '../report/format.ts';
import type { Bench, Figure, Scenario } from '../scenario.ts';
import type { PreparedCall } from '../traffic/chat-calls.ts';
import { LOG_PATH, loggedCalls, SPANS_PER_EXPORT, TRACES_PATH, tracedCalls } from '../traffic/logged-calls.ts';

/** Exports that are sent again and again where nothing is stored from them. */
const EXPORTS = 8;
/** Exports of each round through the whole process, every span with an id of its own. */
const STORED_EXPORTS = 60;

interface Traffic {
  readonly name: string;
  readonly path: string;
  readonly calls: readonly PreparedCall[];
  /** What bare Node is given: JSON. */
  readonly rawCalls: readonly PreparedCall[];
  /** Events of one call. */
  readonly events: number;
  readonly connections: number;
  readonly atLeast: number;
}

interface IngestSample extends LoadSample {
  /** Of the gateway: events in its log by the time that the load took. */
  readonly eventsPerSecond: number;
  readonly cpuPerEventUs: number;
}

export const ingest: Scenario = {
  name: 'ingest',
  about:
    'calls logged by hand and spans, until they are in the event log and until they are in rows and totals, against bare Node that parses the same JSON',
  async run(bench) {
    const json = tracedCalls('json', { exports: EXPORTS });
    const traffics: Traffic[] = [
      {
        name: 'log calls',
        path: LOG_PATH,
        calls: loggedCalls(),
        rawCalls: loggedCalls(),
        events: 1,
        connections: 32,
        atLeast: 8_000,
      },
      {
        name: 'spans, JSON',
        path: TRACES_PATH,
        calls: json,
        rawCalls: json,
        events: SPANS_PER_EXPORT,
        connections: 4,
        atLeast: 15_000,
      },
      {
        name: 'spans, protobuf',
        path: TRACES_PATH,
        calls: tracedCalls('protobuf', { exports: EXPORTS }),
        rawCalls: json,
        events: SPANS_PER_EXPORT,
        connections: 4,
        atLeast: 15_000,
      },
    ];
    const rows: string[][] = [];
    const figures: Figure[] = [];
    const all: Record<string, unknown> = {};
    for (const traffic of traffics) {
      bench.progress(traffic.name);
      await using dir = await createTempDir('bench-log');
      const raw = await startRawIngest(bench, { core: CONTESTANT_CORE });
      const gateway = await startGateway(
        bench,
        'http://127.0.0.1:9',
        { record: 'log', dir: dir.path },
        {
          core: CONTESTANT_CORE,
          profile: `ingest-${traffic.name.replaceAll(/\W+/g, '-')}`,
        },
      );
      try {
        const samples = await interleave(bench.rounds, {
          raw: () => measureIngest(bench, raw, traffic, traffic.rawCalls),
          gateway: () => measureIngest(bench, gateway, traffic, traffic.calls),
        });
        all[traffic.name] = samples;
        for (const name of ['raw', 'gateway'] as const) rows.push(rowOf(`${traffic.name}: ${name}`, samples[name]));
        figures.push(
          {
            name: `${traffic.name}: accepted and in the event log, per second`,
            value: median(samples.gateway.map(({ eventsPerSecond }) => eventsPerSecond)),
            unit: '/s',
            atLeast: traffic.atLeast,
          },
          {
            name: `${traffic.name}: CPU per event against bare Node that parses it`,
            value: medianRatio(
              samples.gateway.map(({ cpuPerEventUs }) => cpuPerEventUs),
              samples.raw.map(({ cpuPerEventUs }) => cpuPerEventUs),
            ),
            unit: 'x',
          },
        );
      } finally {
        await raw.stop();
        await gateway.stop();
      }
    }
    const stored = await measureStored(bench);
    figures.push(...stored.figures);
    return {
      columns: ['', 'events/s', 'CPU µs/event', 'p50 ms', 'p99 ms', 'peak RSS MiB'],
      rows: [...rows, ...stored.rows],
      figures,
      notes: [
        `log calls of 3 kB, one each; exports of ${SPANS_PER_EXPORT} spans, about ${number(json[0]!.body.length / SPANS_PER_EXPORT / 1_000)} kB each in JSON`,
        'bare Node is given JSON in every pair, reads and parses it, keeps nothing',
        `whole process: ${STORED_EXPORTS * SPANS_PER_EXPORT} spans of ids of their own, or log calls for ${bench.seconds} s, until the last snapshot; nothing is pinned`,
      ],
      samples: { ...all, stored: stored.samples },
    };
  },
};

async function measureIngest(
  bench: Bench,
  contestant: Contestant,
  { path, events, connections }: Traffic,
  calls: readonly PreparedCall[],
): Promise<IngestSample> {
  const sample = await measureLoad(bench, contestant, {
    path,
    calls,
    connections,
    seconds: bench.seconds,
    core: OTHERS_CORE,
  });
  return {
    ...sample,
    eventsPerSecond: sample.requestsPerSecond * events,
    cpuPerEventUs: sample.cpuUs / events,
  };
}

function rowOf(title: string, samples: readonly IngestSample[]): string[] {
  return [
    title,
    medianWithSpread(samples.map(({ eventsPerSecond }) => eventsPerSecond)),
    medianWithSpread(samples.map(({ cpuPerEventUs }) => cpuPerEventUs)),
    number(median(samples.map(({ p50Us }) => p50Us / 1_000))),
    number(median(samples.map(({ p99Us }) => p99Us / 1_000))),
    number(Math.max(...samples.map(({ peakRssMib }) => peakRssMib))),
  ];
}

/** Through `throughline start`, until rows, totals and snapshots have everything. */
async function measureStored(bench: Bench) {
  bench.progress('whole process');
  const product = await startProduct(bench, 'http://127.0.0.1:9');
  let seed = 100;
  try {
    const samples = await interleave(bench.rounds, {
      logs: () =>
        storedPerSecond(product, async () => {
          const calls = loggedCalls(product.key);
          await runLoad(bench, { origin: product.url, path: LOG_PATH, calls, connections: 32, seconds: bench.seconds });
        }),
      spans: () => {
        const calls = tracedCalls('json', { exports: STORED_EXPORTS, seed: seed++, key: product.key });
        return storedPerSecond(product, () => sendOnce(product.url + TRACES_PATH, calls));
      },
    });
    const figure = (name: string, values: readonly number[]): Figure => ({
      name: `${name}: stored per second, until the last snapshot`,
      value: median(values),
      unit: '/s',
    });
    return {
      rows: [
        ['log calls: whole process, stored', medianWithSpread(samples.logs), '-', '-', '-', '-'],
        ['spans, JSON: whole process, stored', medianWithSpread(samples.spans), '-', '-', '-', '-'],
      ],
      figures: [figure('log calls', samples.logs), figure('spans, JSON', samples.spans)],
      samples,
    };
  } finally {
    await product.stop();
  }
}

async function storedPerSecond(product: ThroughlineProcess, load: () => Promise<void>): Promise<number> {
  const { logged } = await drained(product);
  const start = performance.now();
  await load();
  await drained(product);
  const seconds = (performance.now() - start) / 1_000;
  return ((await readProgress(product)).logged - logged) / seconds;
}
