import { type ChildProcess, spawn } from 'node:child_process';

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
  watchdog ??= startWatchdog();
  watchdog.stdin?.write(`+ ${pid}\n`);
  child.once('exit', () => {
    living.delete(pid);
    // Its id may be given to another process from now on.
    watchdog?.stdin?.write(`- ${pid}\n`);
    if (living.size > 0) return;
    watchdog?.stdin?.end();
    watchdog = undefined;
  });
}

/** Ids of guarded processes that have not ended: empty at the end of a test that cleaned up. */
export function livingChildren(): number[] {
  return [...living];
}

const living = new Set<number>();
let watchdog: ChildProcess | undefined;

// A shell, because there is one per test file at times and it takes a megabyte where Node takes sixty.
const WATCH = `
  alive=''
  while read -r sign pid; do
    case $sign in
      +) alive="$alive $pid" ;;
      -) rest=''; for one in $alive; do [ "$one" = "$pid" ] || rest="$rest $one"; done; alive=$rest ;;
    esac
  done
  [ -z "$alive" ] || kill -9 $alive
`;

function startWatchdog(): ChildProcess {
  // In a group of its own: Ctrl+C ends the tests, and then the watchdog has its work to do.
  const started = spawn('sh', ['-c', WATCH], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  // One that was ended from outside guards nothing; the tests go on all the same.
  started.stdin.on('error', () => {});
  // Neither the watchdog nor its pipe keeps a finished test run alive.
  started.unref();
  (started.stdin as unknown as { unref(): void }).unref();
  return started;
}
