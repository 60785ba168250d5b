import fs from 'node:fs';

/** The file operations that can fail while the log is written; tests put failing ones in their place. */
export type LogFileSystem = Pick<
  typeof fs,
  | 'openSync'
  | 'closeSync'
  | 'writevSync'
  | 'writeSync'
  | 'ftruncateSync'
  | 'fdatasync'
  | 'fsync'
  | 'unlinkSync'
  | 'fdatasyncSync'
  | 'fsyncSync'
>;

export const nodeFileSystem: LogFileSystem = fs;

/** `fdatasync` as a promise; the sync runs in libuv's thread pool. */
export function fdatasync(files: LogFileSystem, fd: number): Promise<void> {
  return new Promise((resolve, reject) => files.fdatasync(fd, (error) => (error ? reject(error) : resolve())));
}

/** Makes names in a folder survive a power cut: files created in it, renamed into it, deleted from it. */
export async function syncFolder(files: LogFileSystem, dir: string): Promise<void> {
  const fd = files.openSync(dir, 'r');
  try {
    await new Promise<void>((resolve, reject) => files.fsync(fd, (error) => (error ? reject(error) : resolve())));
  } finally {
    files.closeSync(fd);
  }
}

export function syncFolderNow(files: LogFileSystem, dir: string): void {
  const fd = files.openSync(dir, 'r');
  try {
    files.fsyncSync(fd);
  } finally {
    files.closeSync(fd);
  }
}
