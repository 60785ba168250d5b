import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '@throughline/testkit/process/free-port';
import { createTempDir, type TempDir } from '@throughline/testkit/temp-dir';
import { type Starter, starters } from '../contestants/starters.ts';
import { startUpstream } from '../contestants/upstream.ts';
import { interleave } from '../measure/interleave.ts';
import { type RunningStart, type Startable, type StartSample, startOnce } from '../measure/measure-start.ts';
import { cpuBetween, readCpu } from '../measure/process-cpu.ts';
import { type Memory, readMemory } from '../measure/process-memory.ts';
import { readTreeCpu, readTreeRss } from '../measure/process-tree.ts';
import { median } from '../measure/statistics.ts';
import { contestantRows } from '../report/contestant-rows.ts';
import { medianWithSpread, number } from '../report/format.ts';
import type { Scenario } from '../scenario.ts';

/** After a start, until what belongs to it (compiling, merges of system tables) is over. */
const SETTLE_MS = 5_000;
const IDLE_MS = 20_000;
const OURS = ['new', 'again'];

export const startAndIdle: Scenario = {
  name: 'start-and-idle',
  about: 'from the start of the process to its first proxied call and to readiness; what it takes when nothing happens',
  async run(bench) {
    await using stack = new AsyncDisposableStack();
    const upstream = stack.adopt(await startUpstream(bench), (one) => one.stop());
    const contestants = starters(bench);
    const startables: Record<string, () => Promise<Startable>> = {};
    const notes: string[] = [];
    for (const starter of contestants.filter(({ absent }) => absent === undefined)) {
      bench.progress(`${starter.title} starts`);
      try {
        const dirs = () => createTempDir(`bench-start-${starter.name}`).then((dir) => stack.use(dir));
        const startable = await startableOf(starter, upstream.origin, dirs);
        // Also the turn in which files get read from the disk, and tables made.
        await (await startOnce(await startable())).stop();
        startables[starter.name] = startable;
      } catch (error) {
        // Ours is what is measured: without it there is nothing to compare with.
        if (OURS.includes(starter.name)) throw error;
        notes.push(`${starter.title} could not be started: ${(error as Error).message.split('\n')[0]}`);
      }
    }
    const names = Object.keys(startables);
    const measures = Object.fromEntries(names.map((name) => [name, () => measureStart(startables[name]!)]));
    const samples = await interleave(bench.rounds, measures, { warmUp: false });
    const idling = contestants.filter(({ name, isNew }) => startables[name] && !isNew).map(({ name }) => name);
    const idle = await measureIdle(idling, startables, bench.progress);
    const own = idle.again!;
    const starts = (name: string, what: keyof StartSample) => samples[name]!.map((sample) => sample[what]);
    return {
      columns: ['', 'first proxied call ms', 'ready ms', 'idle RSS MiB', 'idle CPU, % of a core', 'processes'],
      rows: contestantRows(contestants, samples, (name) => [
        medianWithSpread(starts(name, 'firstCallMs')),
        medianWithSpread(starts(name, 'readyMs')),
        number(idle[name]?.rssMib ?? Number.NaN),
        number(idle[name]?.cpuPercent ?? Number.NaN),
        idle[name]?.processes.toString() ?? '-',
      ]),
      figures: [
        {
          name: 'process start to first proxied call',
          value: median(starts('again', 'firstCallMs')),
          unit: 'ms',
          atMost: 400,
        },
        {
          name: 'process start to first proxied call, new folder',
          value: median(starts('new', 'firstCallMs')),
          unit: 'ms',
        },
        {
          name: 'process start to /readyz, second start',
          value: median(starts('again', 'readyMs')),
          unit: 'ms',
          atMost: 1_000,
        },
        { name: 'idle RSS', value: own.rssMib, unit: 'MiB', atMost: 330 },
        { name: 'idle CPU', value: own.cpuPercent, unit: '% of a core', atMost: 1 },
      ],
      notes: [
        `idle RSS of ours: ${number(own.memory.anonymous)} MiB anonymous + ${number(own.memory.file)} MiB of mapped files + ${number(own.memory.shared)} MiB shared; peak since the start ${number(own.memory.peak)} MiB`,
        `idle CPU of ours over ${IDLE_MS / 1_000} s by thread, ms: ${threadsText(own.threads)}`,
        'raw: the bare pass-through, which shows how fast this machine starts a Node process at all',
        `started one after the other, each on a folder that it has started on before, unless it says otherwise; nothing is pinned; idle: all at once, over ${IDLE_MS / 1_000} s, after their first calls`,
        ...(bench.peers
          ? ['what keeps traces or spans is asked whether it serves, in place of a call: MLflow’s server, Phoenix']
          : []),
        ...notes,
      ],
      samples: { ...samples, idle },
    };
  },
};

/** Where it starts: on the same folder every time, or on an empty one each time. */
async function startableOf(
  starter: Starter,
  upstream: string,
  createDir: () => Promise<TempDir>,
): Promise<() => Promise<Startable>> {
  const prepared = async () => {
    const { path: dir } = await createDir();
    const port = await findFreePort();
    return { ...(await starter.prepare({ upstream, port, dir })), ready: starter.ready, dir, port };
  };
  if (starter.isNew) return prepared;
  const same = await prepared();
  return async () => same;
}

async function measureStart(startable: () => Promise<Startable>): Promise<StartSample> {
  const { start, stop } = await startOnce(await startable());
  await stop();
  return start;
}

interface Idle {
  /** Of all of its processes. */
  readonly rssMib: number;
  readonly cpuPercent: number;
  readonly processes: number;
  /** Of its first process. */
  readonly memory: Memory;
  /** CPU time of the first process by thread name, µs. */
  readonly threads: Readonly<Record<string, number>>;
}

/** Starts them all, and looks at what they use while nothing happens. */
async function measureIdle(
  names: readonly string[],
  startables: Readonly<Record<string, () => Promise<Startable>>>,
  progress: (text: string) => void,
): Promise<Readonly<Record<string, Idle>>> {
  await using stack = new AsyncDisposableStack();
  const running: [string, RunningStart][] = [];
  for (const name of names) {
    progress(`${name} starts, to idle`);
    running.push([name, stack.adopt(await startOnce(await startables[name]!()), (one) => one.stop())]);
  }
  progress(`idle for ${(SETTLE_MS + IDLE_MS) / 1_000} s`);
  await sleep(SETTLE_MS);
  const readAll = () => running.map(([, { pid }]) => ({ tree: readTreeCpu(pid), process: readCpu(pid) }));
  const before = readAll();
  await sleep(IDLE_MS);
  const after = readAll();
  const found = running.map(([name, { pid }], i): [string, Idle] => {
    const usedUs = after[i]!.tree.totalUs - before[i]!.tree.totalUs;
    return [
      name,
      {
        rssMib: readTreeRss(pid),
        cpuPercent: usedUs / (IDLE_MS * 10),
        processes: after[i]!.tree.processes,
        memory: readMemory(pid),
        threads: cpuBetween(before[i]!.process, after[i]!.process).threads,
      },
    ];
  });
  return Object.fromEntries(found);
}

function threadsText(threads: Readonly<Record<string, number>>): string {
  const used = Object.entries(threads).filter(([, us]) => us > 0);
  return used.length === 0 ? 'none' : used.map(([name, us]) => `${name} ${us / 1_000}`).join(', ');
}
