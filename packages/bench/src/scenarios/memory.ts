import { setTimeout as sleep } from 'node:timers/promises';
import { drained, readProgress, startProduct } from '../contestants/product.ts';
import { startUpstream } from '../contestants/upstream.ts';
import { runLoad } from '../load/load.ts';
import { type Memory, readMemory } from '../measure/process-memory.ts';
import { median } from '../measure/statistics.ts';
import { number } from '../report/format.ts';
import type { Scenario } from '../scenario.ts';
import { chatCalls } from '../traffic/chat-calls.ts';
import { checkExact, productTarget } from './whole-process.ts';

/** An hour of 40 calls a second. */
const EVENTS = 150_000;
/** A machine that needs longer than this is too busy to say anything. */
const SECONDS_MAX = 120;
const SLICE_SECONDS = 5;
const SAMPLE_MS = 500;
/** How long the process gets to give memory back. */
const REST_MS = 10_000;
/** Growth of anonymous memory from the third to the last quarter of the load that still counts as flat. */
const FLAT_PERCENT = 10;

interface Sample extends Memory {
  readonly atMs: number;
  readonly logged: number;
}

export const memory: Scenario = {
  name: 'memory',
  about: `the whole process under full load for ${EVENTS.toLocaleString('en-US')} events: does its memory stay bounded`,
  async run(bench) {
    const upstream = await startUpstream(bench);
    const product = await startProduct(bench, upstream.origin);
    const pid = product.pid!;
    const samples: Sample[] = [];
    const idle = readMemory(pid);
    const start = performance.now();
    let logged = 0;
    const timer = setInterval(
      () => samples.push({ ...readMemory(pid), atMs: performance.now() - start, logged }),
      SAMPLE_MS,
    );
    try {
      const load = { calls: chatCalls(), connections: 32, seconds: SLICE_SECONDS, ...productTarget(product) };
      while (logged < EVENTS && performance.now() - start < SECONDS_MAX * 1_000) {
        await runLoad(bench, load);
        ({ logged } = await readProgress(product));
      }
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
        ],
        figures: [
          { name: `memory: highest RSS over ${number(events)} events`, value: rest.peak, unit: 'MiB' },
          {
            name: 'memory: growth of anonymous memory from the third to the last quarter',
            value: growth,
            unit: '%',
            atMost: FLAT_PERCENT,
          },
        ],
        notes: [
          `${number(events)} events in ${number(loadMs / 1_000)} s, then drained; exact`,
          'mapped files: the engine’s library and LMDB, which the kernel may drop',
        ],
        samples: { idle, samples, rest },
      };
    } finally {
      clearInterval(timer);
      await product.stop();
      await upstream.stop();
    }
  },
};
