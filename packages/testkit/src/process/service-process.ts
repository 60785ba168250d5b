import { type ChildProcess, spawn } from 'node:child_process';
import { rawCall } from '../raw-call.ts';
import { Hopeless, waitFor } from '../wait-for.ts';
import { guardChild } from './child-guard.ts';
import { findFreePort } from './free-port.ts';
import { THROUGHLINE } from './throughline-command.ts';

export interface ServiceOptions {
  /** Default: a free one. It stays the same over restarts. */
  readonly port?: number;
  /** Settings. Nothing else of this process's environment is passed on but what a process needs to run at all. */
  readonly env?: Readonly<Record<string, string>>;
  /** How long a start may take; the default is for a busy machine, not for a figure. */
  readonly readyTimeoutMs?: number;
  /** Default true: `start` waits for a 200 of `/readyz`. Else for `/healthz`: it may have to wait for its servers. */
  readonly untilReady?: boolean;
}

/** How a process ended. */
export interface ExitStatus {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A `throughline <command>` that serves HTTP, in a process of its own, through kills and restarts. */
export interface ServiceProcess extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** Undefined while it does not run. */
  readonly pid: number | undefined;
  /** Everything written so far, of all starts. */
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds from the last start to the first 200 of what it waited for. */
  readonly readyAfterMs: number;
  /** Starts it after an end. @throws when it exits or is not ready in time, with what it wrote. */
  start(env?: Readonly<Record<string, string>>): Promise<void>;
  /** Sends the signal and waits for the end. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<ExitStatus>;
  /** SIGSTOP and SIGCONT. */
  pause(): void;
  resume(): void;
  /** Resolves when the running process ends by itself. */
  exited(): Promise<ExitStatus>;
  /** Ends it: SIGTERM, after 10 s SIGKILL. */
  stop(): Promise<ExitStatus | undefined>;
}

/** SIGTERM drains; a process that needs longer than this is stuck. */
const DRAIN_MS_MAX = 10_000;

/** Starts `throughline <command>` from the sources and waits until it is ready. */
export async function startService(command: string, options: ServiceOptions = {}): Promise<ServiceProcess> {
  const service = await defineService(command, options);
  try {
    await service.start();
    return service;
  } catch (error) {
    await service.stop();
    throw error;
  }
}

/** The same, not started yet. */
export async function defineService(command: string, options: ServiceOptions = {}): Promise<ServiceProcess> {
  const port = options.port ?? (await findFreePort());
  const url = `http://127.0.0.1:${port}`;
  const baseEnv = { ...inheritedEnv(), HOST: '127.0.0.1', PORT: String(port), ...options.env };
  const readyPath = options.untilReady === false ? '/healthz' : '/readyz';
  const output = { stdout: '', stderr: '' };
  let child: ChildProcess | undefined;
  let end: Promise<ExitStatus> = Promise.resolve({ code: null, signal: null });
  let readyAfterMs = 0;

  const launch = (env: Record<string, string>) => {
    const started = spawn(process.execPath, [...THROUGHLINE, command], { env, stdio: ['ignore', 'pipe', 'pipe'] });
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
  };

  const service: ServiceProcess = {
    url,
    port,
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
      if (child) throw new Error(`throughline ${command} is already running`);
      const startedAt = performance.now();
      launch({ ...baseEnv, ...env });
      await waitFor(
        async () => {
          if (!child) throw new Hopeless(`throughline ${command} ended instead of starting:\n${tail(output)}`);
          const answer = await rawCall({ url: url + readyPath });
          if (answer.status === 200) return true;
          throw new Error(
            `${readyPath} says ${answer.status || answer.error?.message} ${answer.body}\n${tail(output)}`,
          );
        },
        { timeoutMs: options.readyTimeoutMs ?? 20_000, intervalMs: 25, what: `the start of throughline ${command}` },
      );
      readyAfterMs = performance.now() - startedAt;
    },
    kill(signal) {
      if (!child) throw new Error(`throughline ${command} is not running`);
      child.kill(signal);
      return end;
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    exited: () => end,
    async stop() {
      if (child) {
        const stuck = setTimeout(() => child?.kill('SIGKILL'), DRAIN_MS_MAX);
        child.kill('SIGCONT');
        await service.kill('SIGTERM');
        clearTimeout(stuck);
      }
      return end;
    },
    [Symbol.asyncDispose]: async () => void (await service.stop()),
  };
  return service;
}

/** A command that has not ended by itself is ended after this long; its code is then null. */
const COMMAND_MS_MAX = 60_000;

/** Runs a command of `throughline` to its end, e.g. `['audit', '--json']`, or a `start` that is to be refused. */
export async function runThroughline(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ExitStatus & { stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [...THROUGHLINE, ...args], {
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

/** Settings of whoever runs the tests must not reach what is tested; only what a process needs to run at all does. */
function inheritedEnv(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'TZ'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function tail({ stdout, stderr }: { stdout: string; stderr: string }): string {
  return `${stdout.slice(-2_000)}${stderr.slice(-2_000)}`;
}
