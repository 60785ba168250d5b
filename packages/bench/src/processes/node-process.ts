import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { guardChild } from '@throughline/testkit/process/child-guard';
import type { Bench } from '../scenario.ts';

/** A script of this package in a process of its own, talked to by messages. */
export interface NodeProcess {
  readonly pid: number;
  /** The next message from it. @throws when it ends before that. */
  next<T>(): Promise<T>;
  send(message: object): void;
  /** Tells it to end (its channel closes) and waits. */
  stop(): Promise<void>;
}

export interface NodeProcessOptions {
  readonly args?: readonly string[];
  /** Core to run on, where pinning is possible. */
  readonly core?: number;
  /** Write a CPU profile of this name at the end, when profiles were asked for. */
  readonly profile?: string;
  /** Another checkout whose script and sources run. */
  readonly checkout?: string;
}

/** @param script path below `src/`. */
export function startNode(bench: Bench, script: string, options: NodeProcessOptions = {}): NodeProcess {
  const profile =
    options.profile && bench.profileDir
      ? [
          '--cpu-prof',
          `--cpu-prof-dir=${bench.profileDir}`,
          `--cpu-prof-name=${options.profile}.${Date.now()}.cpuprofile`,
          '--cpu-prof-interval=500',
        ]
      : [];
  const node = [process.execPath, ...profile, scriptPath(script, options.checkout), ...(options.args ?? [])];
  const { taskset } = bench.tools;
  const command = taskset && options.core !== undefined ? [taskset, '-c', String(options.core), ...node] : node;
  const child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  guardChild(child);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${script} could not be started`);
  const inbox = createInbox(child, script);
  return {
    pid,
    next: <T>() => inbox.next() as Promise<T>,
    send: (message) => child.send(message),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      const stuck = setTimeout(() => child.kill('SIGKILL'), 20_000);
      if (child.connected) child.disconnect();
      await ended;
      clearTimeout(stuck);
    },
  };
}

function scriptPath(script: string, checkout: string | undefined): string {
  return checkout === undefined
    ? join(import.meta.dirname, '..', script)
    : join(checkout, 'packages', 'bench', 'src', script);
}

function createInbox(child: ChildProcess, script: string): { next(): Promise<unknown> } {
  const arrived: unknown[] = [];
  const waiting: PromiseWithResolvers<unknown>[] = [];
  let end: Error | undefined;
  child.on('message', (message) => {
    const first = waiting.shift();
    if (first) first.resolve(message);
    else arrived.push(message);
  });
  child.once('exit', (code, signal) => {
    end = new Error(`${script} ended (${signal ?? code}) before it answered`);
    for (const { reject } of waiting.splice(0)) reject(end);
  });
  return {
    next() {
      if (arrived.length > 0) return Promise.resolve(arrived.shift());
      if (end) return Promise.reject(end);
      const entry = Promise.withResolvers<unknown>();
      waiting.push(entry);
      return entry.promise;
    },
  };
}
