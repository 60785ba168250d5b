import fs from 'node:fs';
import path from 'node:path';
import { type OutboxAppender, openOutbox } from '../src/outbox/outbox-appender.ts';
import type { OutboxOptions } from '../src/outbox/outbox-options.ts';
import { temporaryFolder } from './log-folder.ts';
import type { ModelLog } from './model-log.ts';

/** Fast enough for tests: pauses of a millisecond where production has a hundred. */
export const QUICK: Partial<OutboxOptions> = {
  limits: { lingerMs: 1, retryMinMs: 1, retryMaxMs: 5, storeIntervalMs: 2, detachAfterMs: 20 },
  syncIntervalMs: 5,
  adoptIntervalMs: 20,
  verifyIntervalMs: 50,
  startWaitMs: 1_000,
  closeWaitMs: 20_000,
};

/** A gateway's outbox over a log in memory, whose process can die. */
export interface OutboxProcess {
  readonly outbox: OutboxAppender;
  readonly warnings: string[];
  readonly errors: string[];
  /** The process is gone: it writes and sends nothing more. What it leaves behind is under the root given. */
  die(root: string): void;
}

/** Starts a process on `root`; remembers it, so that `destroyAll` leaves nothing running. */
export async function startOutbox(
  log: ModelLog,
  root: string,
  options: Partial<OutboxOptions> = {},
): Promise<OutboxProcess> {
  const target = log.connect();
  const warnings: string[] = [];
  const errors: string[] = [];
  const outbox = await openOutbox({
    root,
    targetName: 'llm.requests',
    target,
    partitions: log.partitions,
    onWarn: (message) => warnings.push(message),
    onError: (message) => errors.push(message),
    ...QUICK,
    ...options,
  });
  const process = {
    outbox,
    warnings,
    errors,
    die(to: string) {
      copyTree(root, to);
      target.die();
    },
  };
  running.push({ close: () => outbox.close(0), die: () => target.die() });
  return process;
}

const running: { close(): Promise<void>; die(): void }[] = [];
const roots: string[] = [];

export function newRoot(): string {
  const root = temporaryFolder();
  roots.push(root);
  return root;
}

/** Ends every process started, without waiting for what cannot be sent any more. */
export async function destroyAll(): Promise<void> {
  for (const process of running) process.die();
  await Promise.all(running.splice(0).map((process) => process.close()));
  for (const root of roots.splice(0)) fs.rmSync(root, { recursive: true, force: true });
}

/** Copies folders as a dead process leaves them; locks end with it. */
export function copyTree(from: string, to: string): void {
  fs.mkdirSync(to, { recursive: true });
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    // While this process holds the lock it must not open and close that file: closing it gives the lock away.
    if (entry.name === 'lock' || entry.name === 'lock-holder.json') continue;
    const [source, copy] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) copyTree(source, copy);
    else fs.copyFileSync(source, copy);
  }
}

/** The outbox folders under a root. */
export function foldersOf(root: string): string[] {
  return fs
    .readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => path.join(root, name));
}

/** Waits until it is so; the deadline is for a machine that is busy, not a promise. */
export async function until(isSo: () => boolean, what: string, deadlineMs = 30_000): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`did not come about in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
