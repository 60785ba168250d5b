import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** A file that was sent, whole, read as often as it is wanted. */
export interface Spool {
  /** What it holds, decompressed where it is gzip. Errors of `zlib` where it is damaged. */
  read(): AsyncGenerator<Buffer>;
  close(): Promise<void>;
}

/** More was sent than may be, or comes out of it. */
export class SpoolTooLarge extends Error {
  readonly bytesMax: number;

  constructor(bytesMax: number) {
    super(`more than ${bytesMax} bytes`);
    this.name = 'SpoolTooLarge';
    this.bytesMax = bytesMax;
  }
}

export interface SpoolOptions {
  /** Where the file lies while it is needed; it has no name there, so that nothing is left of it whatever happens. */
  readonly folder: string;
  /** Of what is sent, bytes. */
  readonly bytesMax: number;
  /** Of what comes out of it, bytes. */
  readonly decodedBytesMax: number;
}

/**
 * Puts what is sent into a file.
 *
 * @throws SpoolTooLarge; what the sender's stream throws; errors of the file system.
 */
export async function spool(chunks: AsyncIterable<Buffer>, options: SpoolOptions): Promise<Spool> {
  const path = join(options.folder, `import-${randomUUID()}.tmp`);
  const file = await open(path, 'wx+', 0o600);
  try {
    await unlink(path);
    let size = 0;
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > options.bytesMax) throw new SpoolTooLarge(options.bytesMax);
      await file.appendFile(chunk);
    }
  } catch (error) {
    await file.close();
    throw error;
  }
  return { read: () => decoded(file, options.decodedBytesMax), close: () => file.close() };
}

async function* decoded(file: FileHandle, bytesMax: number): AsyncGenerator<Buffer> {
  const magic = Buffer.alloc(2);
  await file.read(magic, 0, 2, 0);
  let size = 0;
  for await (const chunk of magic.equals(GZIP_MAGIC) ? unzipped(file) : bytesOf(file)) {
    size += chunk.length;
    if (size > bytesMax) throw new SpoolTooLarge(bytesMax);
    yield chunk;
  }
}

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

async function* unzipped(file: FileHandle): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  // What fails ends the loop below, which throws it.
  pipeline(bytesOf(file), gunzip, () => {});
  yield* gunzip as AsyncIterable<Buffer>;
}

const READ_BYTES = 256 * 1024;

/** Not a stream of the handle, which would close it. */
async function* bytesOf(file: FileHandle): AsyncGenerator<Buffer> {
  for (let at = 0; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
