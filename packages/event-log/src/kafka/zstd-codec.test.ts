import zlib from 'node:zlib';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { registerCodecs } from './zstd-codec.ts';

interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(bytes: Buffer): Promise<Buffer>;
}

test('kafkajs compresses and reads zstd once it has been taught to, at every size', async () => {
  registerCodecs();
  const codec = (kafkajs.CompressionCodecs as unknown as Record<number, () => Codec>)[kafkajs.CompressionTypes.ZSTD]!();
  const sizes = fc.oneof(fc.nat({ max: 300 }), fc.integer({ min: 60_000, max: 70_000 }));
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat({ max: 255 }), async (size, step) => {
      const bytes = Buffer.from(Uint8Array.from({ length: size }, (_, index) => (index * step) & 255));
      const compressed = await codec.compress({ buffer: bytes });
      expect(zlib.zstdDecompressSync(compressed).equals(bytes)).toBe(true);
      expect((await codec.decompress(compressed)).equals(bytes)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test('bytes that are not zstd are a rejection', async () => {
  registerCodecs();
  const codec = (kafkajs.CompressionCodecs as unknown as Record<number, () => Codec>)[kafkajs.CompressionTypes.ZSTD]!();
  await expect(codec.decompress(Buffer.from('not zstd'))).rejects.toThrow();
});
