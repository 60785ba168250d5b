import kafkajs from 'kafkajs';

/** Header of a record that stands for one whose batch could not be decompressed. */
export const UNREADABLE_HEADER = 'throughline-unreadable';

interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(bytes: Buffer): Promise<Buffer>;
}

/**
 * Lets readers pass a batch that they cannot decompress: somebody's snappy or LZ4, or damaged bytes. kafkajs ends the
 * whole consumer there, and every other one after it. Each record of such a batch comes as one without a value that has
 * the header `UNREADABLE_HEADER`, at its own offset.
 */
export function passUnreadableBatches(): void {
  const { GZIP, LZ4, Snappy, ZSTD } = kafkajs.CompressionTypes;
  const codecs = kafkajs.CompressionCodecs as unknown as Record<number, Partial<Passing> & (() => Codec)>;
  for (const type of [GZIP, LZ4, Snappy, ZSTD]) {
    const find = codecs[type]!;
    if (!find.passes) codecs[type] = Object.assign(() => passing(find), { passes: true } satisfies Passing);
  }
}

/** Marks a codec that is wrapped already: the registry is the process's. */
interface Passing {
  readonly passes: true;
}

function passing(find: () => Codec): Codec {
  return {
    compress: async (encoder) => find().compress(encoder),
    decompress: async (bytes) => {
      try {
        return await find().decompress(bytes);
      } catch {
        standIns ??= encodeStandIns();
        return standIns;
      }
    },
  };
}

/**
 * kafkajs asks a codec for the bytes of a batch without saying how many records it has, and reads as many as there are:
 * these are more than any batch has that a broker takes (a record takes 7 bytes, a usual batch at most 1 MiB).
 */
const STAND_INS = 160_000;

let standIns: Buffer | undefined;

function encodeStandIns(): Buffer {
  const key = Buffer.from(UNREADABLE_HEADER);
  const header = Buffer.from([...varint(key.length), ...key, ...NOTHING]);
  const tail = Buffer.concat([Buffer.from([...NOTHING, ...NOTHING, ...varint(1)]), header]);
  const records: Buffer[] = [];
  for (let delta = 0; delta < STAND_INS; delta++) {
    // No attributes, no difference in time, so many offsets behind the first of its batch.
    const head = Buffer.from([0, ...varint(0), ...varint(delta)]);
    records.push(Buffer.from(varint(head.length + tail.length)), head, tail);
  }
  return Buffer.concat(records);
}

/** As records hold numbers: zigzag, seven bits to a byte. */
function varint(value: number): number[] {
  let rest = (value << 1) ^ (value >> 31);
  const bytes: number[] = [];
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest];
}

/** The length of what is null. */
const NOTHING = varint(-1);
