import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compressAssets } from './compress-assets.ts';

const home = resolve(import.meta.dirname, '..');
const dist = join(home, 'dist');

/** Another process that builds is waited for; one that died while it did is not. */
const LOCK_STALE_MS = 120_000;
/** A process that serves an older build may go on for so long after a newer one was made. */
const KEPT_MS = 7 * 86_400_000;

/**
 * Builds the dashboard unless it was built from the sources as they are: some milliseconds to find out, seconds to build.
 *
 * @returns the folder it lies in, which nobody changes any more.
 * @throws Error with what the build printed.
 */
export async function ensureBuilt(): Promise<string> {
  const place = join(dist, sourcesStamp());
  if (existsSync(place)) return place;
  mkdirSync(dist, { recursive: true });
  const unlock = await lock(join(dist, 'lock'));
  try {
    // Somebody else may have built it meanwhile.
    if (existsSync(place)) return place;
    const fresh = `${place}.${process.pid}`;
    try {
      await runVite(fresh);
      await compressAssets(fresh);
      renameSync(fresh, place);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
    removeOlder(place);
    return place;
  } finally {
    unlock();
  }
}

/** What the build reads of ours, and which versions of the rest. */
const SOURCES = [
  'src',
  'public',
  'index.html',
  'vite.config.ts',
  'package.json',
  '../../packages/client/src',
  '../../packages/conversation/src',
];

function sourcesStamp(): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of filesOf(join(home, source))) {
      // Types alone, which leave nothing in what is built.
      if (file.endsWith('.test.ts') || file.includes('/generated/')) continue;
      hash.update(relative(home, file)).update('\0').update(readFileSync(file)).update('\0');
    }
  }
  return hash.digest('hex').slice(0, 16);
}

function filesOf(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function runVite(outDir: string): Promise<void> {
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js');
  const args = [vite, 'build', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'];
  const env = { ...process.env, NODE_ENV: 'production' };
  const child = spawn(process.execPath, args, { cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  const note = (text: string) => {
    printed += text;
  };
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', note);
  const code = await new Promise<number | null>((done, failed) => {
    child.once('error', failed);
    child.once('close', done);
  });
  if (code !== 0) throw new Error(`the dashboard could not be built: ${printed.trim().slice(-4_000)}`);
}

/** A folder, because making one is atomic on every file system. */
async function lock(path: string): Promise<() => void> {
  for (;;) {
    try {
      mkdirSync(path);
      return () => rmSync(path, { recursive: true, force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const since = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      if (Date.now() - since > LOCK_STALE_MS) rmSync(path, { recursive: true, force: true });
      else await sleep(200);
    }
  }
}

function removeOlder(place: string): void {
  for (const name of readdirSync(dist)) {
    const path = join(dist, name);
    if (path === place || name === 'lock') continue;
    const builtAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - builtAt > KEPT_MS) rmSync(path, { recursive: true, force: true });
  }
}
