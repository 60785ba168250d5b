import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Tells a process from another one that was given the same id later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, in the system's own terms: equal text, same process. */
  readonly began: string;
}

/** Undefined when no such process runs; one that has ended and only waits to be noticed does not run. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const began = existsSync('/proc/self/stat') ? beganByProc(pid) : beganByPs(pid);
  return began === undefined ? undefined : { pid, began };
}

/** Whether this very process still runs. */
export function stillRuns({ pid, began }: ProcessIdentity): boolean {
  return identifyProcess(pid)?.began === began;
}

function beganByProc(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The second field is a name in brackets, which may hold anything; state is the third field, start the 22nd.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  // Ticks since the machine started: they begin anew with it.
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
}

function beganByPs(pid: number): string | undefined {
  try {
    const [state = '', ...began] = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .trim()
      .split(/\s+/);
    return state === '' || state.startsWith('Z') ? undefined : began.join(' ');
  } catch {
    return undefined;
  }
}
