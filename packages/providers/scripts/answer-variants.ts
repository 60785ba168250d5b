import {
  brotliCompressSync,
  brotliDecompressSync,
  constants,
  gunzipSync,
  gzipSync,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib';
import type { Random } from '@throughline/testkit/seed';
import { bytesOf, type Recording } from './recorded-answer.ts';

/** The ways in which a recorded answer is given. */
export const VARIANTS = [
  /** In one piece, with its length unless it is a stream. */
  'plain',
  /** In chunks that end anywhere. */
  'pieces',
  /** Compressed, and in such chunks. */
  'gzip',
  'br',
  'zstd',
  /** In such chunks, and the connection ends within them. */
  'cut',
  /** Both. */
  'cut-compressed',
] as const;
export type Variant = (typeof VARIANTS)[number];

/** An answer as it is sent. */
export interface PlayedAnswer {
  /** What a client can know of the call: the recording, its body as far as it is sent. */
  readonly recording: Recording;
  readonly writes: readonly Buffer[];
  /** `''`: none. */
  readonly contentEncoding: string;
  readonly hasLength: boolean;
  /** The connection ends after the writes, before the answer does. */
  readonly isCut: boolean;
}

/** Pieces per body: as many as it takes to cut most events, and no more for a body of 200 kB. */
const PIECES_MAX = 64;
const PIECE_BYTES_MIN = 120;

/** @param random decides where an answer is cut. */
export function playedAnswer(recording: Recording, variant: Variant, random: Random): PlayedAnswer {
  const whole = bytesOf(recording.response);
  const answer = { recording, contentEncoding: '', hasLength: false, isCut: false };
  switch (variant) {
    case 'plain':
      return { ...answer, writes: [whole], hasLength: !/event-?stream/.test(recording.response.content_type) };
    case 'pieces':
      return { ...answer, writes: pieces(whole, random) };
    case 'cut': {
      if (whole.length < 2) return { ...answer, writes: [whole] };
      const sent = whole.subarray(0, random.integer(1, whole.length - 1));
      return { ...answer, writes: pieces(sent, random), isCut: true, recording: cutTo(sent, recording) };
    }
    case 'cut-compressed': {
      const contentEncoding = random.pick(ENCODINGS);
      const { compress, beginning } = COMPRESSION[contentEncoding];
      const compressed = compress(whole);
      const sent = compressed.subarray(0, random.integer(1, compressed.length - 1));
      const known = cutTo(beginning(sent), recording);
      return { ...answer, writes: pieces(sent, random), contentEncoding, isCut: true, recording: known };
    }
    default:
      return { ...answer, writes: pieces(COMPRESSION[variant].compress(whole), random), contentEncoding: variant };
  }
}

const ENCODINGS = ['gzip', 'br', 'zstd'] as const;

/** How to compress a body, and what a beginning of it says. */
const COMPRESSION = {
  gzip: {
    compress: gzipSync,
    beginning: (bytes: Buffer) => gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }),
  },
  br: {
    compress: brotliCompressSync,
    beginning: (bytes: Buffer) => brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH }),
  },
  zstd: {
    compress: zstdCompressSync,
    beginning: (bytes: Buffer) => zstdDecompressSync(bytes, { finishFlush: constants.ZSTD_e_flush }),
  },
} as const;

function pieces(bytes: Buffer, random: Random): Buffer[] {
  const longest = Math.max(PIECE_BYTES_MIN, Math.ceil((2 * bytes.length) / PIECES_MAX));
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = random.integer(1, longest);
    found.push(bytes.subarray(at, at + length));
    at += length;
  }
  return found;
}

function cutTo(sent: Buffer, recording: Recording): Recording {
  const { base64, ...response } = recording.response;
  const body = base64 === undefined ? { text: sent.toString() } : { base64: sent.toString('base64') };
  return { ...recording, response: { ...response, ...body } };
}
