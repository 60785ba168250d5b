import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { SessionTotalsError } from '../session-totals.ts';

// LMDB's two meta pages, as lmdb-js 3.5 writes them (offsets from the start of the page, little-endian).
const MAGIC_AT = 24;
const VERSION_AT = 28;
const PAGE_SIZE_AT = 48;
const LAST_PAGE_AT = 144;
const TRANSACTION_AT = 152;
const META_BYTES = 160;
const MAGIC = 0xbeefc0de;
const VERSION = 2;

/**
 * Pages that a sound file may lack at its end: a transaction may take pages and give them back before it writes them.
 * More than 4 MiB at the end of one commit is a file that was cut.
 */
const UNWRITTEN_PAGES_MAX = 1_024;

/**
 * Look at LMDB's data file before LMDB maps it: a file that is too short or is none of its own would end the process
 * with a signal instead of an error.
 *
 * @throws SessionTotalsError `corrupt`. A file that does not exist or is empty is fine: it will be made.
 */
export function checkDataFile(file: string): void {
  let fd: number;
  try {
    fd = openSync(file, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new SessionTotalsError('unavailable', `${file} cannot be opened: ${(error as Error).message}`, {
      cause: error,
    });
  }
  try {
    const { size } = fstatSync(fd);
    if (size === 0) return;
    const first = readMeta(fd, 0);
    const pageSize = first?.pageSize ?? 4_096;
    const second = readMeta(fd, pageSize);
    const newest = first && second ? (first.transaction > second.transaction ? first : second) : (first ?? second);
    if (newest === undefined)
      throw new SessionTotalsError('corrupt', `${file} is no LMDB data file of a known version`);
    const expected = (newest.lastPage + 1) * pageSize;
    if (size + UNWRITTEN_PAGES_MAX * pageSize < expected) {
      throw new SessionTotalsError('corrupt', `${file} was cut: it has ${size} bytes of ${expected}`);
    }
    // Reading a page behind the end of the file is a bus error; reading zeros is an error that LMDB reports.
    if (size < expected) ftruncateSync(fd, expected);
  } finally {
    closeSync(fd);
  }
}

interface Meta {
  readonly pageSize: number;
  readonly lastPage: number;
  readonly transaction: bigint;
}

/** Undefined when there is no valid meta page. */
function readMeta(fd: number, at: number): Meta | undefined {
  const page = Buffer.alloc(META_BYTES);
  if (readSync(fd, page, 0, META_BYTES, at) < META_BYTES) return undefined;
  const pageSize = page.readUInt32LE(PAGE_SIZE_AT);
  const isPowerOfTwo = pageSize >= 512 && pageSize <= 65_536 && (pageSize & (pageSize - 1)) === 0;
  if (page.readUInt32LE(MAGIC_AT) !== MAGIC || page.readUInt32LE(VERSION_AT) !== VERSION || !isPowerOfTwo)
    return undefined;
  const lastPage = Number(page.readBigUInt64LE(LAST_PAGE_AT));
  return { pageSize, lastPage, transaction: page.readBigUInt64LE(TRANSACTION_AT) };
}
