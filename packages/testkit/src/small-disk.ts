import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own that can be filled to the last byte. */
export interface SmallDisk {
  readonly path: string;
  /** Takes all the room that is left. */
  fill(): void;
  /** Gives it back. */
  makeRoom(): void;
  unmount(): void;
}

/**
 * A tmpfs of so many bytes. Undefined where this process may not mount one; the reason is printed.
 *
 * @throws in CI, where these tests must not be left out.
 */
export function mountSmallDisk(bytes: number): SmallDisk | undefined {
  const path = mkdtempSync(join(tmpdir(), 'throughline-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path], { stdio: 'pipe' });
  } catch (error) {
    rmdirSync(path);
    if (process.env.CI === 'true') throw error;
    process.stderr.write(`Tests with a full disk are left out: ${(error as Error).message.trim()}\n`);
    return undefined;
  }
  const ballast = join(path, 'ballast');
  return {
    path,
    fill() {
      const fd = openSync(ballast, 'a');
      try {
        for (const part of [1024 * 1024, 4_096]) fillWith(fd, Buffer.alloc(part));
      } finally {
        closeSync(fd);
      }
    },
    makeRoom: () => rmSync(ballast, { force: true }),
    unmount() {
      execFileSync('umount', [path]);
      rmdirSync(path);
    },
  };
}

function fillWith(fd: number, part: Buffer): void {
  try {
    while (writeSync(fd, part) === part.length);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
