import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { guardChild } from '@throughline/testkit/process/child-guard';
import { Hopeless } from '@throughline/testkit/wait-for';
import { endTree } from './end-tree.ts';

/** How a server is run. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** All of its environment. */
  readonly env: NodeJS.ProcessEnv;
}

export interface Launched {
  /** Of the first of its processes. */
  readonly pid: number;
  /** By `performance.now()`. */
  readonly startedAt: number;
  /** @throws Hopeless, with the end of what it wrote, when it has ended. */
  checkRuns(): void;
  /** The end of what it wrote. */
  output(): string;
  /** Ends all of its processes: SIGTERM, and SIGKILL where that takes too long. */
  stop(): Promise<void>;
}

/** One that hangs at its end, as some do, is not waited for longer. */
const END_MS_MAX = 5_000;

/** Starts a server without a channel to it, as an operator does, in a folder that what it writes goes into as well. */
export function launch({ command, args, env }: Launch, dir: string): Launched {
  const logFile = join(dir, 'output.log');
  const log = openSync(logFile, 'w');
  const startedAt = performance.now();
  const child = spawn(command, args, { cwd: dir, env, stdio: ['ignore', log, log] });
  closeSync(log);
  guardChild(child);
  const { pid } = child;
  let isOver = false;
  const end = new Promise<void>((resolve) => {
    child.once('error', resolve);
    child.once('exit', () => resolve());
  }).then(() => {
    isOver = true;
  });
  if (pid === undefined) throw new Error(`${command} could not be run`);
  const output = () => readFileSync(logFile, 'utf8').slice(-OUTPUT_CHARS);
  return {
    pid,
    startedAt,
    checkRuns() {
      if (isOver) throw new Hopeless(`${command} ended: ${output()}`);
    },
    output,
    stop: () =>
      endTree(isOver ? undefined : pid, async () => {
        const stuck = setTimeout(() => child.kill('SIGKILL'), END_MS_MAX);
        child.kill('SIGTERM');
        await end;
        clearTimeout(stuck);
      }),
  };
}

const OUTPUT_CHARS = 2_000;
