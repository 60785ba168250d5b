import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { CONTESTANT_CORE, OTHERS_CORE } from '../contestants/contestants.ts';

/** Programs that make measurements better and are used when they are installed: their paths. */
export interface Tools {
  readonly wrk: string | undefined;
  readonly wrkVersion: string;
  readonly nginx: string | undefined;
  readonly nginxVersion: string;
  /** Pins a process to a core; undefined also where there is only one that we may use. */
  readonly taskset: string | undefined;
}

export function findTools(env: NodeJS.ProcessEnv): Tools {
  // nginx lives where only root's PATH looks.
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  const wrk = find('wrk', folders);
  const nginx = find('nginx', folders);
  return {
    wrk,
    wrkVersion: wrk ? versionIn(wrk, ['--version']) : '',
    nginx,
    nginxVersion: nginx ? versionIn(nginx, ['-v']) : '',
    taskset: process.platform === 'linux' ? pinning(find('taskset', folders)) : undefined,
  };
}

/** In a container with a part of the machine the cores that we name may be others'. */
function pinning(taskset: string | undefined): string | undefined {
  if (taskset === undefined) return undefined;
  try {
    for (const core of [CONTESTANT_CORE, OTHERS_CORE]) {
      execFileSync(taskset, ['-c', String(core), 'true'], { stdio: 'ignore' });
    }
    return taskset;
  } catch {
    return undefined;
  }
}

function find(name: string, folders: readonly string[]): string | undefined {
  return folders
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Both programs print their version with a usage or on stderr, and wrk exits with 1. */
function versionIn(path: string, args: string[]): string {
  let text = '';
  try {
    text = execFileSync('/bin/sh', ['-c', '"$0" "$@" 2>&1 || true', path, ...args], { encoding: 'utf8' });
  } catch {
    return 'unknown';
  }
  return /\d+\.\d+\.\d+/.exec(text)?.[0] ?? 'unknown';
}
