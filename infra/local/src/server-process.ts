import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { guardChild } from '@throughline/testkit/process/child-guard';
import { waitFor } from '@throughline/testkit/wait-for';

export interface ServerProcessOptions {
  /** For errors: `Kafka`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Both outputs are appended to it. */
  readonly logFile: string;
  /** True once it serves. @param log what it wrote since this start. */
  readonly ready: (log: string) => boolean | Promise<boolean>;
  /** How long a start may take. */
  readonly startTimeoutMs: number;
  /** It outlives this process. Else it ends with it, however that one ends. */
  readonly detached?: boolean;
  /** Told of each process as soon as there is one. */
  readonly onSpawn?: (pid: number) => void;
}

/** A server in a process of its own, through stops, kills, pauses and restarts. */
export interface ServerProcess {
  /** Undefined while it does not run. */
  readonly pid: number | undefined;
  /** Starts it, or stops and starts it. @throws PortTaken, Error with what it wrote when it ends or is not ready in time. */
  restart(): Promise<void>;
  /** SIGTERM and, where that takes too long, SIGKILL. Resolves at its end; at once when it does not run. */
  stop(): Promise<void>;
  /** SIGKILL. Resolves at its end; at once when it does not run. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open, nothing is answered. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** Everything it wrote in all starts. */
  log(): string;
}

/** Somebody else listens on the port that the server was to take. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
}

/** A server that has not ended this long after SIGTERM is stuck. Kafka takes 1–2 s when idle. */
const STOP_MS_MAX = 15_000;

/** Does not start it yet. */
export function createServerProcess(options: ServerProcessOptions): ServerProcess {
  const { name, logFile } = options;
  let child: ChildProcess | undefined;
  let end: Promise<unknown> = Promise.resolve();
  let launchError: Error | undefined;

  const self: ServerProcess = {
    get pid() {
      return child?.pid;
    },
    async restart() {
      await self.stop();
      const before = existsSync(logFile) ? statSync(logFile).size : 0;
      launch();
      const logOfThisStart = () => readFileSync(logFile).subarray(before).toString('utf8');
      try {
        // An end is an outcome of the wait, not a reason to go on waiting.
        const outcome = await waitFor(
          async () => {
            const log = logOfThisStart();
            if (/address already in use/i.test(log)) return 'port taken';
            if (!child) return 'ended';
            return (await options.ready(log)) && 'ready';
          },
          { timeoutMs: options.startTimeoutMs, intervalMs: 25, what: `the start of ${name}` },
        );
        if (outcome === 'ready') return;
        await self.kill();
        const log = tail(logOfThisStart());
        if (outcome === 'port taken') throw new PortTaken(`${name} found its port taken:\n${log}`);
        if (launchError) throw new Error(`${name} could not be run: ${launchError.message}`, { cause: launchError });
        throw new Error(`${name} ended instead of starting:\n${log}`);
      } catch (error) {
        if (!child) throw error;
        await self.kill();
        throw new Error(`${(error as Error).message}\n${tail(logOfThisStart())}`, { cause: error });
      }
    },
    async stop() {
      if (!child) return;
      self.resume();
      child.kill('SIGTERM');
      const stuck = setTimeout(() => child?.kill('SIGKILL'), STOP_MS_MAX);
      await end;
      clearTimeout(stuck);
    },
    async kill() {
      child?.kill('SIGKILL');
      await end;
    },
    pause: () => void running().kill('SIGSTOP'),
    resume: () => void running().kill('SIGCONT'),
    log: () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : ''),
  };
  return self;

  function running(): ChildProcess {
    if (!child) throw new Error(`${name} is not running`);
    return child;
  }

  function launch(): void {
    const log = openSync(logFile, 'a');
    const started = spawn(options.command, options.args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', log, log],
      detached: options.detached,
    });
    closeSync(log);
    if (options.detached) started.unref();
    else guardChild(started);
    child = started;
    if (started.pid !== undefined) options.onSpawn?.(started.pid);
    launchError = undefined;
    end = new Promise((resolve) => {
      const ended = () => {
        child = undefined;
        resolve(undefined);
      };
      started.once('exit', ended);
      started.once('error', (error) => {
        launchError = error;
        ended();
      });
    });
  }
}

function tail(log: string): string {
  return log.slice(-3_000);
}
