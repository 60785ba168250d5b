/** Grows as needed and is reused between states: encoding is synchronous, so one is enough. */
let buffer = Buffer.allocUnsafe(64 * 1024);
/** A buffer that one huge state made larger than this is given back after use. */
const BUFFER_KEPT_BYTES = 1024 * 1024;
/** Longest varint of a safe integer. */
const VARINT_BYTES_MAX = 8;

/** Writes values one behind the other into bytes; `ByteReader` reads them back in the same order. */
export class ByteWriter {
  #at = 0;

  byte(value: number): void {
    this.#reserve(1);
    buffer[this.#at++] = value;
  }

  /** LEB128. @throws RangeError for anything but a whole number of 0–2^53. */
  varint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a whole number of 0–2^53: ${value}`);
    this.#reserve(VARINT_BYTES_MAX);
    let rest = value;
    // Bit operations hold 32 bits only.
    while (rest > 0x7fff_ffff) {
      buffer[this.#at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    while (rest > 127) {
      buffer[this.#at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    buffer[this.#at++] = rest;
  }

  /** A signed whole number, zigzag: small in size when near 0. */
  signed(value: number): void {
    if (Math.abs(value) >= SIGNED_LIMIT) throw new RangeError(`not a whole number below 2^52: ${value}`);
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** A signed whole number of any size: the same bytes as `signed` where that can hold it. */
  bigint(value: bigint): void {
    // Exact wherever it is that small, and cheaper to compare than a bigint.
    const near = Number(value);
    if (Math.abs(near) < SIGNED_LIMIT) {
      this.signed(near);
      return;
    }
    let rest = value < 0n ? -2n * value - 1n : 2n * value;
    while (rest > 127n) {
      this.byte(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    this.byte(Number(rest));
  }

  float64(value: number): void {
    this.#reserve(8);
    this.#at = buffer.writeDoubleLE(value, this.#at);
  }

  /** Any string, exactly: UTF-8, or UTF-16 for one with lone surrogates, which UTF-8 cannot hold. */
  string(text: string): void {
    const { length } = text;
    // Short ASCII, as nearly all of them are, is faster byte by byte than through the encoder.
    if (length <= SHORT_CHARS) {
      this.#reserve(1 + SHORT_CHARS);
      const start = this.#at + 1;
      let i = 0;
      for (; i < length; i++) {
        const code = text.charCodeAt(i);
        if (code > 127) break;
        buffer[start + i] = code;
      }
      if (i === length) {
        buffer[this.#at] = length << 1;
        this.#at = start + length;
        return;
      }
    }
    const encoding = text.isWellFormed() ? 'utf8' : 'utf16le';
    const size = Buffer.byteLength(text, encoding);
    this.varint(size * 2 + (encoding === 'utf8' ? 0 : 1));
    this.#reserve(size);
    this.#at += buffer.write(text, this.#at, encoding);
  }

  /** A copy of what was written. The writer is done with then. */
  finish(): Buffer {
    const written = Buffer.from(buffer.subarray(0, this.#at));
    if (buffer.length > BUFFER_KEPT_BYTES) buffer = Buffer.allocUnsafe(64 * 1024);
    return written;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, this.#at + bytes));
    buffer.copy(larger, 0, 0, this.#at);
    buffer = larger;
  }
}

/** Its length, doubled, fits the one byte of a short string's head. */
const SHORT_CHARS = 40;
const SIGNED_LIMIT = 2 ** 52;
