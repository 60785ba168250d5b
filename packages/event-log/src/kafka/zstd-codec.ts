import { promisify } from 'node:util';
import zlib from 'node:zlib';
import kafkajs, { type CompressionTypes } from 'kafkajs';

/** How the records of one batch are compressed. Readers read all of them. */
export type KafkaCompression = 'none' | 'gzip' | 'zstd';

/** Compression level of zstd: the cheapest one; higher ones cost more than they save on batches of this size. */
const ZSTD_LEVEL = 1;
/** Batches below this are compressed on the spot: a trip through the thread pool costs more than the work. */
const INLINE_BELOW_BYTES = 64 * 1024;

const zstdCompress = promisify(zlib.zstdCompress) as (bytes: Buffer, options: zlib.ZstdOptions) => Promise<Buffer>;
const zstdDecompress = promisify(zlib.zstdDecompress) as (bytes: Buffer) => Promise<Buffer>;
const options: zlib.ZstdOptions = { params: { [zlib.constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL } };

const codec = {
  async compress({ buffer }: { buffer: Buffer }): Promise<Buffer> {
    return buffer.length < INLINE_BELOW_BYTES ? zlib.zstdCompressSync(buffer, options) : zstdCompress(buffer, options);
  },
  async decompress(bytes: Buffer): Promise<Buffer> {
    return bytes.length < INLINE_BELOW_BYTES ? zlib.zstdDecompressSync(bytes) : zstdDecompress(bytes);
  },
};

/** Teaches kafkajs zstd, which it knows by name only; gzip it has. For the whole process; may be called again. */
export function registerCodecs(): void {
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => codec;
}

export function compressionType(compression: KafkaCompression): CompressionTypes {
  const { None, GZIP, ZSTD } = kafkajs.CompressionTypes;
  return compression === 'none' ? None : compression === 'gzip' ? GZIP : ZSTD;
}
