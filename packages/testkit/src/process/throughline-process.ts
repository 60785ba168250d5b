import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { generateKey } from '@throughline/contracts/keys';
import { rawCall } from '../raw-call.ts';
import { createTempDir, type TempDir } from '../temp-dir.ts';
import { Hopeless, waitFor } from '../wait-for.ts';
import { guardChild } from './child-guard.ts';
import { findFreePort } from './free-port.ts';

export interface ThroughlineOptions {
  /** Origin that stands for OpenAI and Anthropic: that of a fake provider. */
  readonly providerOrigin?: string;
  /** Further settings; they win over what is set here. Nothing else of this process's environment is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: a temporary folder, removed by `stop`. */
  readonly dataDir?: string;
  /** Default: a free one. It stays the same over restarts. */
  readonly port?: number;
  /** Default: a new key. Null: none is set, so that the process makes and prints one. */
  readonly key?: string | null;
  /** How long a start may take; the default is for a busy machine, not for a figure. */
  readonly readyTimeoutMs?: number;
}

/** How a process ended. */
export interface ExitStatus {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The real `throughline start` in a process of its own, on one data folder, through kills and restarts. */
export interface ThroughlineProcess extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** `''` when none was set. */
  readonly key: string;
  readonly dataDir: string;
  /** Undefined while it does not run. */
  readonly pid: number | undefined;
  /** Everything written so far, of all starts. */
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds from the last start to the first 200 of `/readyz`. */
  readonly readyAfterMs: number;
  /** Starts it after an end. @throws when it exits or is not ready in time, with what it wrote. */
  start(env?: Readonly<Record<string, string>>): Promise<void>;
  /** Sends the signal and waits for the end. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<ExitStatus>;
  /** Resolves when the running process ends by itself. */
  exited(): Promise<ExitStatus>;
  /** Ends it (SIGTERM, after 10 s SIGKILL) and removes the folder if it was made here. */
  stop(): Promise<ExitStatus | undefined>;
}

/** SIGTERM drains; a process that needs longer than this is stuck. */
const DRAIN_MS_MAX = 10_000;

/** Starts the command from the sources and waits until `/readyz` answers 200. */
export async function startThroughline(options: ThroughlineOptions = {}): Promise<ThroughlineProcess> {
  const ownDir: TempDir | undefined = options.dataDir === undefined ? await createTempDir('data') : undefined;
  const dataDir = options.dataDir ?? ownDir!.path;
  const port = options.port ?? (await findFreePort());
  const key = options.key === null ? '' : (options.key ?? generateKey());
  const url = `http://127.0.0.1:${port}`;
  const baseEnv: Record<string, string> = {
    ...inheritedEnv(),
    HOST: '127.0.0.1',
    PORT: String(port),
    THROUGHLINE_DATA_DIR: dataDir,
    ...(key && { THROUGHLINE_API_KEY: key }),
    ...(options.providerOrigin && {
      PROVIDER_OPENAI_URL: options.providerOrigin,
      PROVIDER_ANTHROPIC_URL: options.providerOrigin,
    }),
    ...options.env,
  };

  const output = { stdout: '', stderr: '' };
  let child: ChildProcess | undefined;
  let end: Promise<ExitStatus> = Promise.resolve({ code: null, signal: null });
  let readyAfterMs = 0;

  const self: ThroughlineProcess = {
    url,
    key,
    dataDir,
    get pid() {
      return child?.pid;
    },
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    get readyAfterMs() {
      return readyAfterMs;
    },
    async start(env = {}) {
      if (child) throw new Error('throughline is already running');
      const startedAt = performance.now();
      launch({ ...baseEnv, ...env });
      await waitFor(
        async () => {
          if (!child) throw new Hopeless(`throughline ended instead of starting:\n${tail(output)}`);
          const answer = await rawCall({ url: `${url}/readyz` });
          if (answer.status === 200) return true;
          throw new Error(`/readyz says ${answer.status || answer.error?.message}\n${tail(output)}`);
        },
        { timeoutMs: options.readyTimeoutMs ?? 20_000, intervalMs: 10, what: 'the start of throughline' },
      );
      readyAfterMs = performance.now() - startedAt;
    },
    kill(signal) {
      if (!child) throw new Error('throughline is not running');
      child.kill(signal);
      return end;
    },
    exited: () => end,
    async stop() {
      if (child) {
        const stuck = setTimeout(() => child?.kill('SIGKILL'), DRAIN_MS_MAX);
        await self.kill('SIGTERM');
        clearTimeout(stuck);
      }
      await ownDir?.remove();
      return end;
    },
    [Symbol.asyncDispose]: async () => void (await self.stop()),
  };

  function launch(env: Record<string, string>): void {
    const started = spawn(process.execPath, [MAIN, 'start'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    guardChild(started);
    child = started;
    started.stdout.setEncoding('utf8').on('data', (text: string) => {
      output.stdout += text;
    });
    started.stderr.setEncoding('utf8').on('data', (text: string) => {
      output.stderr += text;
    });
    end = new Promise((resolve) => {
      // `close` comes after `exit`, when the pipes have been read to their end.
      started.once('close', (code, signal) => {
        child = undefined;
        resolve({ code, signal });
      });
    });
  }

  try {
    await self.start();
    return self;
  } catch (error) {
    await self.stop();
    throw error;
  }
}

/** A command that has not ended by itself is ended after this long; its code is then null. */
const COMMAND_MS_MAX = 30_000;

/** Runs a command of `throughline` to its end, e.g. `['audit', '--json']`, or a `start` that is to be refused. */
export async function runThroughline(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ExitStatus & { stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...inheritedEnv(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  guardChild(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    const stuck = setTimeout(() => child.kill('SIGKILL'), COMMAND_MS_MAX);
    child.once('close', (code, signal) => {
      clearTimeout(stuck);
      resolve({ code, signal, ...output });
    });
  });
}

const MAIN = fileURLToPath(new URL('../../../standalone/src/main.js', import.meta.url));

/** Settings of whoever runs the tests must not reach what is tested; only what a process needs to run at all does. */
function inheritedEnv(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'TZ'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function tail({ stdout, stderr }: { stdout: string; stderr: string }): string {
  return `${stdout.slice(-2_000)}${stderr.slice(-2_000)}`;
}
