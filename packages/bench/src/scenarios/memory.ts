import { setTimeout as sleep } from 'node:timers/promises';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { drained, startProduct } from '../contestants/product.ts';
import { startUpstream } from '../contestants/upstream.ts';
import { runLoad } from '../load/load.ts';
import { memoryProbe, type ProbedMemory, readProbedMemory } from '../measure/probed-memory.ts';
import { type Memory, readMemory } from '../measure/process-memory.ts';
import { median } from '../measure/statistics.ts';
import { number } from '../report/format.ts';
import type { Scenario } from '../scenario.ts';
import { chatCalls } from '../traffic/chat-calls.ts';
import { checkExact, productTarget } from './whole-process.ts';

const CONNECTIONS = 32;
const SLICE_SECONDS = 5;
const SAMPLE_MS = 500;
/** How long the process gets to give memory back. */
const REST_MS = 10_000;
const RSS_MAX_MIB = 700;
/** Growth of anonymous memory from the third to the last quarter of the load that still counts as flat. */
const FLAT_PERCENT = 10;
/** Room for half an hour: where the log is full, calls are not recorded any more. */
const LOG_BYTES_MAX = '40GiB';
/** Mapped files that are named. */
const FILES = 5;

interface Sample extends Memory {
  readonly atMs: number;
}

export const memory: Scenario = {
  name: 'memory',
  about:
    'the whole process under full load for --minutes: how high its memory is, whether it stays so, and where it is',
  async run(bench) {
    await using stack = new AsyncDisposableStack();
    const probe = stack.use(await createTempDir('bench-memory'));
    const upstream = stack.adopt(await startUpstream(bench), (one) => one.stop());
    const env = { ...memoryProbe(probe.path), OUTBOX_BYTES_MAX: LOG_BYTES_MAX };
    const product = stack.adopt(
      await startProduct(bench, upstream.origin, env),
      async (one) => void (await one.stop()),
    );
    const pid = product.pid!;
    const samples: Sample[] = [];
    const idle = readMemory(pid);
    const start = performance.now();
    const timer = setInterval(() => samples.push({ ...readMemory(pid), atMs: performance.now() - start }), SAMPLE_MS);
    stack.defer(() => clearInterval(timer));
    const load = { calls: chatCalls(), connections: CONNECTIONS, ...productTarget(product) };
    const leftSeconds = () => bench.minutes * 60 - (performance.now() - start) / 1_000;
    while (leftSeconds() > SLICE_SECONDS) await runLoad(bench, { ...load, seconds: SLICE_SECONDS });
    // While calls come, as what is looked for is how memory is used then.
    const last = runLoad(bench, { ...load, seconds: SLICE_SECONDS });
    await sleep((SLICE_SECONDS * 1_000) / 2);
    const [probed] = await Promise.all([readProbedMemory(pid, probe.path), last]);
    const full = readMemory(pid);
    const loadMs = performance.now() - start;
    await drained(product);
    const { rows: events } = await checkExact(product);
    await sleep(REST_MS);
    clearInterval(timer);
    const rest = readMemory(pid);
    const quarters = [0, 1, 2, 3].map((quarter) =>
      samples.filter(({ atMs }) => atMs >= (quarter / 4) * loadMs && atMs < ((quarter + 1) / 4) * loadMs),
    );
    const row = (name: string, of: readonly Memory[]) => [
      name,
      number(median(of.map(({ rss }) => rss))),
      number(median(of.map(({ anonymous }) => anonymous))),
      number(median(of.map(({ file }) => file))),
      number(Math.max(...of.map(({ rss }) => rss))),
    ];
    const anonymous = quarters.map((own) => median(own.map((sample) => sample.anonymous)));
    const growth = (anonymous[3]! / anonymous[2]! - 1) * 100;
    return {
      columns: ['MiB', 'RSS', 'anonymous', 'mapped files', 'highest RSS'],
      rows: [
        row('before', [idle]),
        ...quarters.map((own, quarter) => row(`quarter ${quarter + 1} of the load`, own)),
        row(`${REST_MS / 1_000} s after`, [rest]),
        ...whereItIs(probed),
      ],
      figures: [
        {
          name: `memory: highest RSS in ${number(loadMs / 60_000)} minutes of full load`,
          value: rest.peak,
          unit: 'MiB',
          atMost: RSS_MAX_MIB,
        },
        {
          name: 'memory: growth of anonymous memory from the third to the last quarter',
          value: growth,
          unit: '%',
          atMost: FLAT_PERCENT,
        },
      ],
      notes: [
        `${number(events)} events in ${number(loadMs / 1_000)} s, then drained; exact`,
        'where it is: at one moment in the last seconds of the load; heaps and the engine’s memory as they are reserved, pages that nobody has touched among them: under a merge they may add up to more than there is',
        'the rest: what Node has allocated outside of V8’s heaps, what its allocator keeps of it, stacks, and programs’ own data',
        'mapped files are the programs and LMDB’s totals; the kernel may drop their pages',
      ],
      samples: { idle, samples, full, probed: { ...probed, heaps: [...probed.heaps] }, rest },
    };
  },
};

/** Rows of a column for memory of its own and one for that of files. */
function whereItIs({ heaps, allocator, mappings }: ProbedMemory): string[][] {
  const mib = (bytes: number) => bytes / 1024 ** 2;
  const all = mappings.reduce((sum, { anonymous }) => sum + anonymous, 0);
  const heap = [...heaps]
    .sort(([a], [b]) => a - b)
    .map(([thread, { heapTotal, heapUsed, external }]) => {
      const name = thread === 0 ? 'the main thread' : `thread ${thread}`;
      return {
        name: `heap of ${name}, ${number(mib(heapUsed))} in use; buffers beside it ${number(mib(external))}`,
        size: mib(heapTotal),
      };
    });
  const engine = {
    name: `engine’s allocator, at most, ${number(mib(allocator.allocated))} in use`,
    size: mib(allocator.resident),
  };
  const known = [...heap, engine];
  const rest = { name: 'the rest, at least', size: Math.max(0, all - known.reduce((sum, { size }) => sum + size, 0)) };
  const files = mappings.filter(({ file }) => file >= 1).slice(0, FILES);
  return [
    ...[...known, rest].map(({ name, size }) => [`at full load: ${name}`, '-', number(size), '-', '-']),
    ...files.map(({ name, file }) => [`at full load: ${name}`, '-', '-', number(file), '-']),
  ];
}
