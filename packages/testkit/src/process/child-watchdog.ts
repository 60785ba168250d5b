// Runs as a process of its own, started by child-guard.ts. Lines on stdin: `+<pid>` is alive, `-<pid>` has ended.
import { createInterface } from 'node:readline';

const alive = new Set<number>();

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const pid = Number(line.slice(1));
    if (line.startsWith('+')) alive.add(pid);
    else alive.delete(pid);
  })
  .on('close', () => {
    for (const pid of alive) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Ended on its own in the meantime.
      }
    }
  });
