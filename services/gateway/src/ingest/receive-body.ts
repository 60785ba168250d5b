import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, type ZlibOptions, zstdDecompress } from 'node:zlib';
import { ApiError } from '@throughline/contracts/errors';
import { PROGRESS_BYTES, UploadProgress } from '../limits/upload-progress.ts';
import type { CaptureBudget } from '../record/body-capture.ts';

export interface BodyLimits {
  /** As sent and, if it came compressed, as it is then: neither may be larger. */
  readonly bytesMax: number;
  /** What a larger one is answered. */
  readonly tooLarge: () => ApiError;
  /** Longest time in which next to nothing of it comes. */
  readonly idleTimeoutMs: number;
  /** Of all bodies that are being read. */
  readonly budget: CaptureBudget;
}

/**
 * The whole body of a call, decompressed.
 *
 * @returns undefined when the caller has left before its end.
 * @throws ApiError too large, in too large a crowd (`too-many-logs`), or not to be decompressed.
 */
export async function receiveBody(req: IncomingMessage, limits: BodyLimits): Promise<Buffer | undefined> {
  const announced = Number(req.headers['content-length'] ?? 0);
  if (announced > limits.bytesMax) throw limits.tooLarge();
  const sent = await readWhole(req, limits);
  const encoding = (req.headers['content-encoding'] ?? '').trim().toLowerCase();
  if (sent === undefined || encoding === '' || encoding === 'identity') return sent;
  return decompress(sent, encoding, limits);
}

function readWhole(
  req: IncomingMessage,
  { bytesMax, tooLarge, budget, idleTimeoutMs: ms }: BodyLimits,
): Promise<Buffer | undefined> {
  // While its key was looked for: its `close` will not come again.
  if (req.destroyed) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let held = 0;
    const progress = new UploadProgress(performance.now());
    const watch = setInterval(() => {
      if (progress.isMoving(size, false, ms, performance.now())) return;
      finish(() => reject(new ApiError('request-too-slow', { ms, bytes: PROGRESS_BYTES })));
    }, ms / CHECKS).unref();
    const finish = (conclude: () => void) => {
      clearInterval(watch);
      req.off('data', onData).off('end', onEnd).off('close', onClose);
      budget.give(held);
      held = 0;
      conclude();
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > bytesMax) return finish(() => reject(tooLarge()));
      const granted = budget.take(chunk.length);
      held += granted;
      if (granted < chunk.length) return finish(() => reject(new ApiError('too-many-logs')));
      chunks.push(chunk);
    };
    const onEnd = () => finish(() => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)));
    const onClose = () => finish(() => resolve(undefined));
    req.on('data', onData).on('end', onEnd).on('close', onClose);
    // Its `close`, which comes as well, ends the waiting.
    req.on('error', () => {});
  });
}

/** Of a body's progress, within the time that it may stand still. */
const CHECKS = 4;

type Decompress = (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>;

/** On the thread pool: a bomb of ten megabytes costs the event loop nothing. */
const DECOMPRESS: ReadonlyMap<string, Decompress> = new Map([
  ['gzip', promisify(gunzip) as Decompress],
  ['x-gzip', promisify(gunzip) as Decompress],
  ['deflate', promisify(inflate) as Decompress],
  ['br', promisify(brotliDecompress) as Decompress],
  ['zstd', promisify(zstdDecompress) as Decompress],
]);

async function decompress(sent: Buffer, encoding: string, { bytesMax, tooLarge }: BodyLimits): Promise<Buffer> {
  const run = DECOMPRESS.get(encoding);
  if (!run) throw new ApiError('unknown-encoding', { encoding: encoding.slice(0, 100) });
  try {
    return await run(sent, { maxOutputLength: bytesMax });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new ApiError('bad-request', { reason: `the body is not ${encoding}` }, { cause });
  }
}
