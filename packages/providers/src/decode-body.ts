import { isAscii, isUtf8 } from 'node:buffer';
import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  type ZlibOptions,
  zstdDecompressSync,
} from 'node:zlib';

/** 64 MiB: four times the largest body captured by default, far above any real answer, well below a bomb's gigabytes. */
export const DECODED_BYTES_MAX = 64 * 1024 * 1024;

/** More layers than any server sends; each costs a pass over the body. */
const ENCODINGS_MAX = 3;

export type DecodedBody =
  | {
      readonly ok: true;
      readonly bytes: Uint8Array;
      /** The compressed bytes ended before their end: `bytes` is the correct beginning. */
      readonly truncated: boolean;
    }
  | {
      readonly ok: false;
      /** `too-large`: more than the bound came out, so nothing was kept and the caller stores what it has. */
      readonly reason: 'unknown-encoding' | 'corrupt' | 'too-large';
    };

/**
 * Undo a `Content-Encoding`: gzip, deflate (zlib or raw), br, zstd, and lists of them.
 *
 * @param bytes as on the wire, possibly cut short.
 * @param contentEncoding the header as sent; `''` and `identity` return the bytes themselves.
 * @param bytesMax bound on each layer's output, bytes.
 */
export function decodeBody(bytes: Uint8Array, contentEncoding: string, bytesMax = DECODED_BYTES_MAX): DecodedBody {
  if (contentEncoding === '' || bytes.length === 0) return { ok: true, bytes, truncated: false };
  const encodings = contentEncoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  if (encodings.length > ENCODINGS_MAX) return { ok: false, reason: 'unknown-encoding' };
  let decoded: DecodedBody = { ok: true, bytes, truncated: false };
  // The header lists encodings in the order in which they were applied.
  for (const encoding of encodings.reverse()) {
    const layer = undo(decoded.bytes, encoding, bytesMax);
    if (!layer.ok) return layer;
    decoded = { ok: true, bytes: layer.bytes, truncated: decoded.truncated || layer.truncated };
  }
  return decoded;
}

/**
 * Bytes → text without loss, undefined when they are not valid UTF-8.
 *
 * @param cut the bytes are only a beginning: up to three bytes of a character cut in half are left out.
 */
export function asText(bytes: Uint8Array, cut = false): string | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Nearly all bodies are ASCII; Latin-1 decoding of those is a plain copy.
  if (isAscii(view)) return view.toString('latin1');
  if (isUtf8(view)) return view.toString('utf8');
  if (!cut) return undefined;
  const whole = view.subarray(0, view.length - halfCharacterLength(view));
  return whole.length > 0 && isUtf8(whole) ? whole.toString('utf8') : undefined;
}

/** How many bytes at the end begin a character of which the rest is missing: 0 to 3. */
function halfCharacterLength(bytes: Uint8Array): number {
  for (let length = 1; length <= 3 && length <= bytes.length; length++) {
    const byte = bytes[bytes.length - length]!;
    if ((byte & 0xc0) === 0x80) continue;
    const wanted = byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return wanted > length ? length : 0;
  }
  return 0;
}

type Decompress = (bytes: Uint8Array, options: { maxOutputLength: number; finishFlush?: number }) => Uint8Array;

/** How to undo one encoding, and the flush that makes a cut input yield its beginning instead of an error. */
const DECOMPRESS: Readonly<Record<string, { readonly run: Decompress; readonly cutFlush: number }>> = {
  gzip: { run: gunzipSync, cutFlush: constants.Z_SYNC_FLUSH },
  'x-gzip': { run: gunzipSync, cutFlush: constants.Z_SYNC_FLUSH },
  deflate: { run: inflateAny, cutFlush: constants.Z_SYNC_FLUSH },
  br: { run: brotliDecompressSync, cutFlush: constants.BROTLI_OPERATION_FLUSH },
  zstd: { run: zstdDecompressSync, cutFlush: constants.ZSTD_e_flush },
};

function undo(bytes: Uint8Array, encoding: string, bytesMax: number): DecodedBody {
  const method = Object.hasOwn(DECOMPRESS, encoding) ? DECOMPRESS[encoding] : undefined;
  if (!method) return { ok: false, reason: 'unknown-encoding' };
  const whole = attempt(method.run, bytes, { maxOutputLength: bytesMax });
  if (whole !== 'cut') return typeof whole === 'string' ? { ok: false, reason: whole } : ok(whole, false);
  const beginning = attempt(method.run, bytes, { maxOutputLength: bytesMax, finishFlush: method.cutFlush });
  if (typeof beginning !== 'string') return ok(beginning, true);
  return { ok: false, reason: beginning === 'too-large' ? 'too-large' : 'corrupt' };
}

function ok(bytes: Uint8Array, truncated: boolean): DecodedBody {
  return { ok: true, bytes, truncated };
}

function attempt(
  run: Decompress,
  bytes: Uint8Array,
  options: { maxOutputLength: number; finishFlush?: number },
): Uint8Array | 'cut' | 'corrupt' | 'too-large' {
  try {
    return run(bytes, options);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ERR_BUFFER_TOO_LARGE') return 'too-large';
    return code === 'Z_BUF_ERROR' ? 'cut' : 'corrupt';
  }
}

/** `deflate` means zlib-wrapped by the standard, and raw by the practice of some servers. */
function inflateAny(bytes: Uint8Array, options: ZlibOptions & { maxOutputLength: number }): Uint8Array {
  try {
    return inflateSync(bytes, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'Z_DATA_ERROR') throw error;
    return inflateRawSync(bytes, options);
  }
}
