import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { guardChild } from '../process/child-guard.ts';
import { createTempDir, type TempDir } from '../temp-dir.ts';
import { Hopeless, waitFor } from '../wait-for.ts';
import { type ClickHouseFaults, FAULTS_PATH } from './faults.ts';

export interface ClickHouseOptions {
  /** Default: a temporary folder, removed by `stop`. */
  readonly dir?: string;
  /** Default: a free one, which then stays the same over restarts. */
  readonly port?: number;
  /** Default: `default` without a password. */
  readonly user?: string;
  readonly password?: string;
}

/** The ClickHouse engine behind its HTTP interface, in a process of its own, through kills and restarts. */
export interface ClickHouseProcess extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, with user and password where a password is set. */
  readonly url: string;
  readonly port: number;
  readonly dir: string;
  /** Undefined while it does not run. */
  readonly pid: number | undefined;
  /** SIGTERM, after 10 s SIGKILL; removes the folder if it was made here. */
  stop(): Promise<void>;
  /** SIGKILL: what a crash leaves behind. */
  kill(): Promise<void>;
  /** On the same folder and port; kills it first if it runs. Faults are forgotten. */
  restart(): Promise<void>;
  /** Holds it still (SIGSTOP): connections are taken and nothing is answered. */
  pause(): void;
  resume(): void;
  /** What goes wrong from now on; `{}`: nothing. */
  setFault(faults: ClickHouseFaults): Promise<void>;
}

/** Beyond what a start takes on a busy machine. */
const START_MS_MAX = 60_000;
const STOP_MS_MAX = 10_000;

/**
 * Starts the engine behind ClickHouse's HTTP interface and waits until it serves. It does what a single server does,
 * and cannot show what takes more than one: replication, quorum, `ON CLUSTER`. See README.md beside this file.
 */
export async function startClickHouse(options: ClickHouseOptions = {}): Promise<ClickHouseProcess> {
  const ownDir: TempDir | undefined = options.dir === undefined ? await createTempDir('clickhouse') : undefined;
  const dir = options.dir ?? ownDir!.path;
  const { user = 'default', password = '' } = options;
  let port = options.port ?? 0;
  let child: ChildProcess | undefined;
  let exited: Promise<void> = Promise.resolve();

  async function start(): Promise<void> {
    const output = { stdout: '', stderr: '' };
    const started = spawn(process.execPath, [PROCESS, dir, String(port)], {
      env: {
        PATH: process.env.PATH,
        TZ: 'UTC',
        // Stripped and compiled once per machine instead of at each start: half of what a start costs.
        NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'),
        CLICKHOUSE_USER: user,
        CLICKHOUSE_PASSWORD: password,
        // Each statement holds a thread while it runs, and a kill needs one more.
        UV_THREADPOOL_SIZE: '32',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    guardChild(started);
    child = started;
    started.stdout.setEncoding('utf8').on('data', (text: string) => {
      output.stdout += text;
    });
    started.stderr.setEncoding('utf8').on('data', (text: string) => {
      output.stderr = (output.stderr + text).slice(-4_000);
    });
    exited = new Promise((resolve) => {
      started.once('close', () => {
        child = undefined;
        resolve();
      });
    });
    const line = await waitFor(
      () => {
        if (!child) throw new Hopeless(`the ClickHouse server ended instead of starting:\n${output.stderr}`);
        return output.stdout.includes('\n') && output.stdout;
      },
      { timeoutMs: START_MS_MAX, what: 'the start of the ClickHouse server' },
    );
    port = (JSON.parse(line) as { port: number }).port;
  }

  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (!child) return;
    // One that is paused would not hear of it.
    child.kill('SIGCONT');
    child.kill(signal);
    const stuck = setTimeout(() => child?.kill('SIGKILL'), STOP_MS_MAX);
    await exited;
    clearTimeout(stuck);
  }

  const origin = () => `http://127.0.0.1:${port}`;
  const self: ClickHouseProcess = {
    get url() {
      if (password === '') return origin();
      return `http://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}`;
    },
    get port() {
      return port;
    },
    dir,
    get pid() {
      return child?.pid;
    },
    async stop() {
      await end('SIGTERM');
      await ownDir?.remove();
    },
    kill: () => end('SIGKILL'),
    async restart() {
      await end('SIGKILL');
      await start();
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    async setFault(faults) {
      const answer = await fetch(`${origin()}${FAULTS_PATH}`, { method: 'POST', body: JSON.stringify(faults) });
      if (!answer.ok) throw new Error(`the faults were not understood: ${await answer.text()}`);
    },
    [Symbol.asyncDispose]: () => self.stop(),
  };

  try {
    await start();
    return self;
  } catch (error) {
    await self.stop();
    throw error;
  }
}

const PROCESS = fileURLToPath(new URL('./server-process.ts', import.meta.url));
