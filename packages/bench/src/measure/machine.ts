import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tools } from '../processes/tools.ts';

/** What a figure depends on besides our code. */
export interface Machine {
  readonly date: string;
  readonly commit: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly kernel: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly loadGenerator: string;
  readonly upstream: string;
}

export function describeMachine(tools: Tools): Machine {
  return {
    date: new Date().toISOString(),
    commit: commit(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGib: Math.round(totalmem() / 1024 ** 3),
    kernel: release(),
    versions: {
      node: process.version,
      v8: process.versions.v8,
      undici: versionOf('undici', '@throughline/gateway/gateway-config'),
      express: versionOf('express', '@throughline/gateway/gateway-config'),
      chdb: versionOf('chdb', '@throughline/analytics/analytics-store'),
      lmdb: versionOf('lmdb', '@throughline/session-totals/session-totals'),
    },
    loadGenerator: tools.wrk ? `wrk ${tools.wrkVersion}` : 'own (raw sockets, a child process); wrk is not installed',
    upstream: tools.nginx ? `nginx ${tools.nginxVersion}` : 'Node.js http (a child process); nginx is not installed',
  };
}

/**
 * How many cores other processes keep busy, looked at for a second while we do nothing ourselves. Also the load average
 * of the last minute, which lags.
 */
export async function otherLoad(): Promise<{ busyCores: number; loadAverage: number }> {
  const before = busyTicks();
  const start = performance.now();
  await sleep(1_000);
  const busyCores = (busyTicks() - before) / ((performance.now() - start) / 10);
  return { busyCores, loadAverage: loadavg()[0]! };
}

function busyTicks(): number {
  const [user, nice, system, , , irq, softirq, steal] = readFileSync('/proc/stat', 'utf8')
    .split('\n', 1)[0]!
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return user! + nice! + system! + irq! + softirq! + steal!;
}

function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { encoding: 'utf8', cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const isChanged = git('status', '--porcelain', '--untracked-files=no').trim() !== '';
    return `${git('rev-parse', '--short', 'HEAD').trim()}${isChanged ? ' with changes' : ''}`;
  } catch {
    return 'unknown';
  }
}

/** The version of a library as seen from a module of the package that uses it. */
function versionOf(library: string, module: string): string {
  try {
    let folder = createRequire(createRequire(import.meta.url).resolve(module)).resolve(library);
    while (!folder.endsWith(`/node_modules/${library}`)) folder = dirname(folder);
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
  } catch {
    return 'unknown';
  }
}
