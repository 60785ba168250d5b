import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Sees to it that a child process does not outlive the process that runs the tests, however that one ends (kill -9 and
 * a crash of the engine included): a small process of its own holds the ids of the living, and ends them when the pipe
 * to it closes.
 *
 * @param child a process that was just spawned.
 */
export function guardChild(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  living.add(pid);
  tellWatchdog(`+${pid}`);
  child.once('exit', () => {
    living.delete(pid);
    // Its id may be given to another process from now on.
    tellWatchdog(`-${pid}`);
  });
}

/** Ids of guarded processes that have not ended: empty at the end of a test that cleaned up. */
export function livingChildren(): number[] {
  return [...living];
}

const living = new Set<number>();
let watchdog: ChildProcess | undefined;

function tellWatchdog(line: string): void {
  if (!watchdog) {
    const script = fileURLToPath(new URL('./child-watchdog.ts', import.meta.url));
    watchdog = spawn(process.execPath, [script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true, env: {} });
    // Neither the watchdog nor its pipe keeps a finished test run alive.
    watchdog.unref();
    (watchdog.stdin as unknown as { unref(): void }).unref();
  }
  watchdog.stdin?.write(`${line}\n`);
}
