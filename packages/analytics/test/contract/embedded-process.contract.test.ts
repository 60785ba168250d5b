import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';

// The engine is one per process, and some of its faults end the process: these run in processes of their own.

jest.setTimeout(60_000);

const SCRIPT = join(import.meta.dirname, '..', 'processes', 'embedded-process.ts');

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'throughline-analytics-'));
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  /** Resolves with the process's lines so far once one of them begins like that. */
  saw(line: string): Promise<void>;
  ended(): Promise<{ code: number | null; signal: string | null; lines: string[]; errors: string }>;
}

function start(action: string, env: Record<string, string> = {}, folder = dir): Started {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', SCRIPT, action, folder], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });
  const lines: string[] = [];
  const watchers = new Set<() => void>();
  let errors = '';
  let partial = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (partial + text).split('\n');
    partial = parts.pop()!;
    lines.push(...parts);
    for (const watch of watchers) watch();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const closed = once(child, 'close');
  return {
    child,
    async saw(line) {
      const isThere = () => lines.some((seen) => seen.startsWith(line));
      if (isThere()) return;
      const appeared = new Promise<void>((resolve) => watchers.add(() => isThere() && resolve()));
      await Promise.race([
        appeared,
        closed.then(() => {
          if (!isThere()) throw new Error(`ended without ${JSON.stringify(line)}: ${errors}`);
        }),
      ]);
    },
    async ended() {
      const [code, signal] = (await closed) as [number | null, string | null];
      return { code, signal, lines, errors };
    },
  };
}

const clean = (lines: string[]) => ({ code: 0, signal: null, lines, errors: '' });

describe('the process that holds the engine', () => {
  test('exits cleanly after close', async () => {
    expect(await start('insert-and-close').ended()).toEqual(clean(['rows 100']));
  });

  test('exits cleanly when it closes while queries run and wait, and each of them is told', async () => {
    const { lines, ...rest } = await start('close-while-busy').ended();
    expect(rest).toEqual({ code: 0, signal: null, errors: '' });
    expect(lines.sort()).toEqual(['closed', 'closed', 'closed', 'closed', 'closed', 'ended soon true', 'insert ok']);
  });

  test('exits cleanly when an abandoned query still runs', async () => {
    expect(await start('close-while-abandoned').ended()).toEqual(clean(['cancelled']));
  });

  test('finds its rows again, in whatever time zone it is started', async () => {
    expect(await start('insert-and-close', { TZ: 'America/New_York' }).ended()).toEqual(clean(['rows 100']));
    const again = await start('read', { TZ: 'Asia/Tokyo' }).ended();
    expect(again).toEqual(clean(['rows 100', 'first 2026-09-10 12:00:00.000', 'month 202609', 'zone UTC']));
  });

  test('has kept every insert that it was told of when it is killed', async () => {
    const seen = start('insert-until-killed');
    await seen.saw('stored 5');
    seen.child.kill('SIGKILL');
    const { signal, lines } = await seen.ended();
    expect(signal).toBe('SIGKILL');
    const stored = Number(
      lines
        .filter((line) => line.startsWith('stored '))
        .at(-1)!
        .slice('stored '.length),
    );
    const { lines: after, code } = await start('read').ended();
    expect(code).toBe(0);
    expect(Number(after[0]!.slice('rows '.length))).toBeGreaterThanOrEqual(stored * 100);
  });

  test('removes insert files that a killed process left, and its own after use', async () => {
    await start('insert-and-close').ended();
    mkdirSync(join(dir, 'insert'), { mode: 0o700, recursive: true });
    writeFileSync(join(dir, 'insert', 'left-over.rows'), 'x');
    const { lines } = await start('list-insert-files').ended();
    expect(lines).toEqual(['files []']);
  });

  test('hands rows over through its own folder where memory cannot be used', async () => {
    expect(await start('insert-through-disk').ended()).toEqual(clean(['rows 100', 'files []']));
  });

  test('opens a folder whose name holds spaces and quotes', async () => {
    const folder = join(dir, `it's "a" folder`);
    expect(await start('insert-and-close', {}, folder).ended()).toEqual(clean(['rows 100']));
  });

  test('writes rows and merged parts through to the disk', async () => {
    const { lines } = await start('durability').ended();
    expect(lines).toEqual([
      'fsync_after_insert 1',
      'fsync_part_directory 1',
      'min_compressed_bytes_to_fsync_after_merge 1',
      'min_rows_to_fsync_after_merge 1',
      'old_parts_lifetime 30',
    ]);
    expect(readFileSync(join(dir, 'engine.xml'), 'utf8')).toContain('<fsync_after_insert>1<');
    expect(readdirSync(dir).sort()).toEqual(['engine', 'engine.xml']);
  });

  test('keeps no logs of its own', async () => {
    expect(await start('system-logs').ended()).toEqual(clean(['logs []']));
  });

  test('refuses a folder whose schema is newer, and leaves it as it is', async () => {
    await start('insert-and-close').ended();
    await start('record-newer-migration').ended();
    const { code, errors } = await start('read').ended();
    expect(code).not.toBe(0);
    expect(errors).toContain('start a newer version');
  });

  test('repeats a migration in which it was killed', async () => {
    await start('half-a-migration').ended();
    expect(await start('insert-and-close').ended()).toEqual(clean(['rows 100']));
  });
});
