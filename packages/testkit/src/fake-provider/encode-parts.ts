import { setImmediate as nextTurn } from 'node:timers/promises';
import zlib from 'node:zlib';
import type { FakeScript } from './script.ts';

/**
 * Compresses a body part by part with a flush after each, as providers compress streams: every part can be read as
 * soon as it is there.
 *
 * @returns one buffer per part, the last one also holding the trailer.
 */
export async function encodeParts(parts: readonly Buffer[], encoding: FakeScript['encoding']): Promise<Buffer[]> {
  if (!encoding) return [...parts];
  const stream = ENCODERS[encoding]();
  let pending: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => pending.push(chunk));
  const encoded: Buffer[] = [];
  const take = () => {
    encoded.push(Buffer.concat(pending));
    pending = [];
  };
  for (const part of parts.slice(0, -1)) {
    stream.write(part);
    await new Promise<void>((resolve) => stream.flush(resolve));
    // What the flush made is handed out in the turn after it.
    await nextTurn();
    take();
  }
  const ended = new Promise<void>((resolve, reject) => stream.once('end', resolve).once('error', reject));
  stream.end(parts.at(-1));
  await ended;
  take();
  return encoded;
}

const ENCODERS = {
  gzip: () => zlib.createGzip(),
  br: () => zlib.createBrotliCompress({ params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } }),
  zstd: () => zlib.createZstdCompress(),
  deflate: () => zlib.createDeflate(),
} as const;
