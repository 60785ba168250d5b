import { runThroughline } from '@throughline/testkit/process/service-process';
import type { ThroughlineProcess } from '@throughline/testkit/process/throughline-process';
import { startRawProxy } from '../contestants/contestants.ts';
import { drained, readProgress, startProduct } from '../contestants/product.ts';
import { startUpstream } from '../contestants/upstream.ts';
import { type LoadResult, runLoad } from '../load/load.ts';
import { interleave } from '../measure/interleave.ts';
import { type LoadSample, measureLoad } from '../measure/measure-load.ts';
import { type CpuTimes, cpuBetween, readCpu } from '../measure/process-cpu.ts';
import { readMemory } from '../measure/process-memory.ts';
import { median, medianRatio } from '../measure/statistics.ts';
import { warmUp } from '../measure/warm-up.ts';
import { medianWithSpread, number } from '../report/format.ts';
import type { Scenario } from '../scenario.ts';
import { CHAT_PATH, chatCalls, GATEWAY_PATH } from '../traffic/chat-calls.ts';

const CONNECTIONS = 32;

/** 140 µs per event, where the bare pass-through took 36 µs per request: the same aim, whatever the machine. */
const CPU_AGAINST_RAW_MAX = 3.9;

interface ProductSample extends LoadSample {
  readonly events: number;
  /** Events by the time from the first call to the last snapshot. */
  readonly storedPerSecond: number;
  /** CPU time by thread name per event, µs. */
  readonly threadsUs: Readonly<Record<string, number>>;
}

export const wholeProcess: Scenario = {
  name: 'whole-process',
  about: 'everything in one process, upstream and load generator on the same cores, against bare pass-through',
  async run(bench) {
    const upstream = await startUpstream(bench);
    const raw = await startRawProxy(bench, upstream.origin);
    const product = await startProduct(bench, upstream.origin);
    const calls = chatCalls();
    const load = { calls, connections: CONNECTIONS, seconds: 2 * bench.seconds };
    try {
      await warmUp(bench, { ...load, origin: raw.origin, path: CHAT_PATH });
      await warmUp(bench, { ...load, ...productTarget(product) });
      await drained(product);
      const samples = await interleave(
        bench.rounds,
        {
          raw: () => measureLoad(bench, raw, { ...load, path: CHAT_PATH }),
          product: () => measureProduct(product, () => runLoad(bench, { ...load, ...productTarget(product) })),
        },
        { warmUp: false },
      );
      const audit = await checkExact(product);
      const own = samples.product;
      const cpu = own.map(({ cpuUs }) => cpuUs);
      const p99Ratio = medianRatio(
        own.map(({ p99Us }) => p99Us),
        samples.raw.map(({ p99Us }) => p99Us),
      );
      const threads = Object.keys(own[0]!.threadsUs)
        .map((name) => [name, median(own.map(({ threadsUs }) => threadsUs[name] ?? 0))] as const)
        .filter(([, us]) => us >= 1)
        .sort(([, a], [, b]) => b - a);
      return {
        columns: ['', 'requests/s', 'events stored/s', 'CPU µs/event', 'p50 µs', 'p99 µs', 'peak RSS MiB'],
        rows: (['raw', 'product'] as const).map((name) => [
          `${name}, c=${CONNECTIONS}`,
          medianWithSpread(samples[name].map(({ requestsPerSecond }) => requestsPerSecond)),
          name === 'raw' ? '-' : medianWithSpread(own.map(({ storedPerSecond }) => storedPerSecond)),
          medianWithSpread(samples[name].map(({ cpuUs }) => cpuUs)),
          number(median(samples[name].map(({ p50Us }) => p50Us))),
          number(median(samples[name].map(({ p99Us }) => p99Us))),
          number(Math.max(...samples[name].map(({ peakRssMib }) => peakRssMib))),
        ]),
        figures: [
          { name: 'whole process: CPU per event, all in', value: median(cpu), unit: 'µs', atMost: 140 },
          {
            name: 'whole process: requests per second',
            value: median(own.map(({ requestsPerSecond }) => requestsPerSecond)),
            unit: '/s',
            atLeast: 9_000,
          },
          {
            name: 'whole process: events stored per second, until the last snapshot',
            value: median(own.map(({ storedPerSecond }) => storedPerSecond)),
            unit: '/s',
            atLeast: 8_000,
          },
          { name: `whole process: p99 at c=${CONNECTIONS} against raw Node`, value: p99Ratio, unit: 'x' },
          {
            name: 'whole process: CPU per event against raw pass-through’s per request',
            value: medianRatio(
              cpu,
              samples.raw.map(({ cpuUs }) => cpuUs),
            ),
            unit: 'x',
            atMost: CPU_AGAINST_RAW_MAX,
          },
        ],
        notes: [
          `exact: ${audit.rows.toLocaleString('en-US')} calls logged, stored and totalled, the audit is clean`,
          `CPU by thread, µs per event: ${threads.map(([name, us]) => `${name} ${number(us)}`).join(', ')}`,
          'nothing is pinned; both rates and percentiles include the load generator’s and the upstream’s share of the cores',
        ],
        samples,
      };
    } finally {
      await product.stop();
      await raw.stop();
      await upstream.stop();
    }
  },
};

export function productTarget(product: ThroughlineProcess): { origin: string; path: string } {
  return { origin: product.url, path: GATEWAY_PATH };
}

/** Runs a load and takes what the process used until its last event was in the stores. */
async function measureProduct(product: ThroughlineProcess, load: () => Promise<LoadResult>): Promise<ProductSample> {
  const pid = product.pid!;
  const { logged } = await readProgress(product);
  const before: CpuTimes = readCpu(pid);
  const start = performance.now();
  const result = await load();
  const progress = await drained(product);
  const seconds = (performance.now() - start) / 1_000;
  const cpu = cpuBetween(before, readCpu(pid));
  const events = progress.logged - logged;
  // Calls that were under way when the load ended are recorded too.
  if (events < result.requests || events > result.requests + CONNECTIONS) {
    throw new Error(`${result.requests} answers were received, but ${events} calls logged`);
  }
  return {
    ...result,
    events,
    cpuUs: cpu.processUs / events,
    requestsPerSecond: result.requests / result.seconds,
    storedPerSecond: events / seconds,
    threadsUs: Object.fromEntries(Object.entries(cpu.threads).map(([name, us]) => [name, us / events])),
    peakRssMib: readMemory(pid).peak,
  };
}

interface Audit {
  readonly clean: boolean;
  readonly partitions: readonly { readonly logged: number; readonly stored: { readonly requests: number } }[];
}

/** Accepted = logged = stored = totalled, by the product's own audit, and as many as its log counted. */
export async function checkExact(product: ThroughlineProcess): Promise<{ rows: number }> {
  const { logged } = await drained(product);
  const run = await runThroughline(['audit', '--json'], { THROUGHLINE_DATA_DIR: product.dataDir });
  const audit = JSON.parse(run.stdout) as Audit;
  const rows = audit.partitions.reduce((sum, { stored }) => sum + stored.requests, 0);
  if (!audit.clean || rows !== logged) throw new Error(`not exact, ${logged} logged: ${run.stdout}`);
  return { rows };
}
