import { expect, test } from '@jest/globals';
import kafkajs from 'kafkajs';
import { passUnreadableBatches } from './unreadable-batch.ts';
import { registerCodecs } from './zstd-codec.ts';

interface Codec {
  decompress(bytes: Buffer): Promise<Buffer>;
}

test('whatever cannot be decompressed reads as records without a value, and the rest as it is', async () => {
  registerCodecs();
  passUnreadableBatches();
  passUnreadableBatches();
  const { GZIP, LZ4, Snappy, ZSTD } = kafkajs.CompressionTypes;
  const codecs = kafkajs.CompressionCodecs as unknown as Record<number, () => Codec>;
  for (const type of [GZIP, LZ4, Snappy, ZSTD]) {
    const bytes = await codecs[type]!().decompress(Buffer.from('not compressed'));
    // The first record: its length, and a header that says what it stands for.
    expect(bytes.subarray(0, 40).toString('latin1')).toContain('throughline-unreadable');
  }
  const gzipped = Buffer.from('H4sIAAAAAAACAytOzE0FAETxUPwEAAAA', 'base64');
  expect((await codecs[GZIP]!().decompress(gzipped)).toString()).toBe('same');
});
