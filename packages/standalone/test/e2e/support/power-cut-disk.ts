import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system in a file, from which the power can be taken. */
export interface PowerCutDisk {
  readonly path: string;
  /** Everything that no sync has brought to the disk is gone; the file system is mended from its journal as after a boot. */
  cutPower(): void;
  unmount(): void;
}

/**
 * Nothing may reach the disk by itself while a test runs, only what is synced: longer than the five seconds after which
 * ext4 commits its journal. (Data that is not synced stays in memory for thirty.)
 */
const COMMIT_SECONDS = 300;

/**
 * An ext4 of so many bytes. Undefined where this process may not make one, with the reason printed: it takes a loop
 * device, which containers rarely have.
 */
export function mountPowerCutDisk(bytes: number): PowerCutDisk | undefined {
  const root = mkdtempSync(join(tmpdir(), 'throughline-power-'));
  const image = join(root, 'image');
  const path = join(root, 'disk');
  const mount = () => run('mount', '-o', `loop,commit=${COMMIT_SECONDS}`, image, path);
  try {
    mkdirSync(path);
    run('truncate', '-s', String(bytes), image);
    run('mkfs.ext4', '-q', '-F', '-E', 'lazy_itable_init=0,lazy_journal_init=0', image);
    mount();
  } catch (error) {
    rmSync(root, { recursive: true });
    process.stderr.write(`Tests that cut the power are left out: ${(error as Error).message.trim()}\n`);
    return undefined;
  }
  return {
    path,
    cutPower() {
      // What the image holds at this moment is what the disk would; unmounting writes the rest, to the wrong file.
      run('cp', '--sparse=always', image, `${image}.cut`);
      run('umount', path);
      renameSync(`${image}.cut`, image);
      mount();
    },
    unmount() {
      run('umount', path);
      rmSync(root, { recursive: true });
    },
  };
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: 'pipe' });
}
