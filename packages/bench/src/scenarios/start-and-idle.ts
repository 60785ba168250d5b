import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { guardChild } from '@throughline/testkit/process/child-guard';
import { findFreePort } from '@throughline/testkit/process/free-port';
import { rawCall } from '@throughline/testkit/raw-call';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { waitFor } from '@throughline/testkit/wait-for';
import { startUpstream } from '../contestants/upstream.ts';
import { interleave } from '../measure/interleave.ts';
import { cpuBetween, readCpu } from '../measure/process-cpu.ts';
import { type Memory, readMemory } from '../measure/process-memory.ts';
import { median } from '../measure/statistics.ts';
import { medianWithSpread, number } from '../report/format.ts';
import type { Scenario } from '../scenario.ts';
import { CHAT_PATH, chatCalls, GATEWAY_PATH } from '../traffic/chat-calls.ts';

/** After a start, until what belongs to it (compiling, merges of system tables) is over. */
const SETTLE_MS = 5_000;
const IDLE_MS = 20_000;
/** Between two tries to reach a process that is starting. */
const TRY_MS = 1;

interface Start {
  readonly firstCallMs: number;
  readonly readyMs: number;
}

export const startAndIdle: Scenario = {
  name: 'start-and-idle',
  about: 'from the start of the process to its first proxied call and to readiness; what it takes when nothing happens',
  async run(bench) {
    const upstream = await startUpstream(bench);
    await using data = await createTempDir('bench-start');
    const env = (dataDir: string) => ({
      PATH: process.env.PATH ?? '',
      PROVIDER_OPENAI_URL: upstream.origin,
      THROUGHLINE_DATA_DIR: dataDir,
      THROUGHLINE_API_KEY: 'sk-helicone-benchbe-nchbenc-hbenchb-enchben',
      LOG_LEVEL: 'warn',
    });
    const rawArgs = [RAW_PROXY, '--upstream', upstream.origin];
    try {
      const samples = await interleave(bench.rounds, {
        raw: () => measureStart(rawArgs, { PATH: process.env.PATH ?? '' }, CHAT_PATH),
        'new folder': async () => {
          await using empty = await createTempDir('bench-start-empty');
          return await measureStart([PRODUCT, 'start'], env(empty.path), GATEWAY_PATH);
        },
        'same folder again': () => measureStart([PRODUCT, 'start'], env(data.path), GATEWAY_PATH),
      });
      bench.progress(`idle for ${(SETTLE_MS + IDLE_MS) / 1_000} s`);
      const idle = await measureIdle([PRODUCT, 'start'], env(data.path));
      const again = samples['same folder again'];
      return {
        columns: ['', 'first proxied call ms', 'ready ms'],
        rows: Object.entries(samples).map(([name, own]) => [
          name,
          medianWithSpread(own.map(({ firstCallMs }) => firstCallMs)),
          name === 'raw' ? '-' : medianWithSpread(own.map(({ readyMs }) => readyMs)),
        ]),
        figures: [
          {
            name: 'process start to first proxied call',
            value: median(again.map(({ firstCallMs }) => firstCallMs)),
            unit: 'ms',
            atMost: 400,
          },
          {
            name: 'process start to first proxied call, new folder',
            value: median(samples['new folder'].map(({ firstCallMs }) => firstCallMs)),
            unit: 'ms',
          },
          {
            name: 'process start to /readyz, second start',
            value: median(again.map(({ readyMs }) => readyMs)),
            unit: 'ms',
            atMost: 1_000,
          },
          { name: 'idle RSS', value: idle.memory.rss, unit: 'MiB', atMost: 330 },
          { name: 'idle CPU', value: idle.cpuPercent, unit: '% of a core', atMost: 1 },
        ],
        notes: [
          `idle RSS: ${number(idle.memory.anonymous)} MiB anonymous + ${number(idle.memory.file)} MiB of mapped files + ${number(idle.memory.shared)} MiB shared; peak since the start ${number(idle.memory.peak)} MiB`,
          `idle CPU over ${IDLE_MS / 1_000} s by thread, ms: ${threadsText(idle.threads)}`,
          'raw: the bare pass-through, which shows how fast this machine starts a Node process at all',
        ],
        samples: { ...samples, idle },
      };
    } finally {
      await upstream.stop();
    }
  },
};

const RAW_PROXY = fileURLToPath(new URL('../contestants/raw-proxy-process.ts', import.meta.url));
const PRODUCT = fileURLToPath(new URL('../../../standalone/src/main.js', import.meta.url));

/** The first call is made as soon as somebody listens, which is before the stores are open. */
async function measureStart(args: readonly string[], env: Record<string, string>, path: string): Promise<Start> {
  const server = await launch(args, env);
  const { headers, body } = chatCalls()[0]!;
  const call = { url: server.origin + path, headers, body };
  const ready = { url: `${server.origin}/readyz` };
  const until = (what: string, attempt: () => Promise<boolean>) =>
    waitFor(attempt, { timeoutMs: 30_000, intervalMs: TRY_MS, what });
  try {
    await until('the first proxied call', async () => (await rawCall(call)).status === 200);
    const firstCallMs = performance.now() - server.startedAt;
    const hasReadiness = path === GATEWAY_PATH;
    if (hasReadiness) await until('/readyz', async () => (await rawCall(ready)).status === 200);
    return { firstCallMs, readyMs: performance.now() - server.startedAt };
  } finally {
    await server.stop();
  }
}

interface Idle {
  readonly memory: Memory;
  readonly cpuPercent: number;
  /** CPU time by thread name, µs. */
  readonly threads: Readonly<Record<string, number>>;
}

async function measureIdle(args: readonly string[], env: Record<string, string>): Promise<Idle> {
  const server = await launch(args, env);
  try {
    await waitFor(async () => (await rawCall({ url: `${server.origin}/readyz` })).status === 200);
    await sleep(SETTLE_MS);
    const before = readCpu(server.child.pid!);
    await sleep(IDLE_MS);
    const { processUs, threads } = cpuBetween(before, readCpu(server.child.pid!));
    return { memory: readMemory(server.child.pid!), cpuPercent: processUs / (IDLE_MS * 10), threads };
  } finally {
    await server.stop();
  }
}

interface Launched {
  readonly child: ChildProcess;
  readonly origin: string;
  readonly startedAt: number;
  stop(): Promise<void>;
}

/** Without a channel to it: as an operator starts it. */
async function launch(args: readonly string[], env: Record<string, string>): Promise<Launched> {
  const port = await findFreePort();
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  guardChild(child);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    child,
    origin: `http://127.0.0.1:${port}`,
    startedAt,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function threadsText(threads: Readonly<Record<string, number>>): string {
  const used = Object.entries(threads).filter(([, us]) => us > 0);
  return used.length === 0 ? 'none' : used.map(([name, us]) => `${name} ${us / 1_000}`).join(', ');
}
