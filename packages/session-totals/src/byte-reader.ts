/** The bytes are not what a `ByteWriter` wrote. */
export class MalformedBytesError extends Error {
  override readonly name = 'MalformedBytesError';
}

/** Reads what a `ByteWriter` wrote. Every method throws `MalformedBytesError` instead of reading beyond the end. */
export class ByteReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array, from = 0) {
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.length;
    this.#at = from;
  }

  get left(): number {
    return this.#end - this.#at;
  }

  byte(): number {
    if (this.#at >= this.#end) throw new MalformedBytesError('the bytes end too early');
    return this.#bytes[this.#at++]!;
  }

  varint(): number {
    let byte = this.byte();
    if (byte < 128) return byte;
    let value = byte & 127;
    let scale = 128;
    do {
      byte = this.byte();
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte > 127 && scale <= 2 ** 49);
    if (byte > 127 || !Number.isSafeInteger(value)) throw new MalformedBytesError('a number is too large');
    return value;
  }

  /** A number of things that follow, each at least `bytesEach` long: never more than can follow. */
  count(bytesEach = 1): number {
    const count = this.varint();
    if (count * bytesEach > this.left)
      throw new MalformedBytesError(`${count} things cannot follow in ${this.left} bytes`);
    return count;
  }

  signed(): number {
    const zigzag = this.varint();
    return zigzag % 2 === 1 ? -(zigzag + 1) / 2 : zigzag / 2;
  }

  bigint(): bigint {
    const start = this.#at;
    let low = 0;
    let scale = 1;
    for (let i = 0; i < 7; i++) {
      const byte = this.byte();
      low += (byte & 127) * scale;
      if (byte < 128) return BigInt(low % 2 === 1 ? -(low + 1) / 2 : low / 2);
      scale *= 128;
    }
    this.#at = start;
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) break;
    }
    return value & 1n ? -(value + 1n) >> 1n : value >> 1n;
  }

  float64(): number {
    return this.#bytes.readDoubleLE(this.#take(8));
  }

  string(): string {
    const head = this.varint();
    const isUtf16 = head % 2 === 1;
    const start = this.#take((head - (isUtf16 ? 1 : 0)) / 2);
    return this.#bytes.toString(isUtf16 ? 'utf16le' : 'utf8', start, this.#at);
  }

  /** A copy. */
  bytes(length: number): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#take(length), this.#at));
  }

  /** Nothing may follow. */
  end(): void {
    if (this.left !== 0) throw new MalformedBytesError(`${this.left} bytes too many`);
  }

  #take(bytes: number): number {
    const start = this.#at;
    if (bytes > this.#end - start) throw new MalformedBytesError('the bytes end too early');
    this.#at = start + bytes;
    return start;
  }
}
