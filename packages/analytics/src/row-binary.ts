/**
 * Writes values in ClickHouse's `RowBinary`: little-endian, strings behind their length, no names and no separators.
 *
 * Each method checks that its value fits the column type and throws RangeError otherwise: RowBinary has no way to say
 * "wrong", a value that is cut off would be stored as another one.
 */
export class RowBinaryWriter {
  #bytes: Buffer;
  #at = 0;

  /** @param sizeHint expected size in bytes; the buffer doubles when that is exceeded. */
  constructor(sizeHint: number) {
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(sizeHint, 1024));
  }

  get length(): number {
    return this.#at;
  }

  /** What has been written: a view, valid until the next write. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  /** Text as UTF-8. A lone surrogate becomes U+FFFD. */
  string(value: string): void {
    const { length } = value;
    if (length > SHORT_STRING) {
      this.#longString(value);
      return;
    }
    this.#reserve(length + 1);
    const bytes = this.#bytes;
    const at = this.#at + 1;
    for (let i = 0; i < length; i++) {
      const unit = value.charCodeAt(i);
      if (unit > 127) {
        this.#longString(value);
        return;
      }
      bytes[at + i] = unit;
    }
    bytes[this.#at] = length;
    this.#at = at + length;
  }

  #longString(value: string): void {
    const size = Buffer.byteLength(value);
    this.#reserve(size + 5);
    this.#varUint(size);
    this.#at += this.#bytes.write(value, this.#at);
  }

  /** A `String` column holds any bytes. */
  rawBytes(value: Uint8Array): void {
    this.#reserve(value.length + 5);
    this.#varUint(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  bool(value: boolean): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = value ? 1 : 0;
  }

  uint8(value: number): void {
    check(value, 0, 255);
    this.#reserve(1);
    this.#bytes[this.#at++] = value;
  }

  int16(value: number): void {
    check(value, -0x8000, 0x7fff);
    this.#reserve(2);
    this.#at = this.#bytes.writeInt16LE(value, this.#at);
  }

  uint16(value: number): void {
    check(value, 0, 0xffff);
    this.#reserve(2);
    this.#at = this.#bytes.writeUInt16LE(value, this.#at);
  }

  uint32(value: number): void {
    check(value, 0, 0xffff_ffff);
    this.#reserve(4);
    this.#at = this.#bytes.writeUInt32LE(value, this.#at);
  }

  /** A safe integer, not negative. */
  uint64(value: number): void {
    check(value, 0, Number.MAX_SAFE_INTEGER);
    this.#twoWords(value);
  }

  /** A safe integer; also `DateTime64(3)` as epoch milliseconds. */
  int64(value: number): void {
    check(value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    this.#twoWords(value);
  }

  #twoWords(value: number): void {
    this.#reserve(8);
    const high = Math.floor(value / 0x1_0000_0000);
    this.#bytes.writeUInt32LE(value - high * 0x1_0000_0000, this.#at);
    this.#at = this.#bytes.writeInt32LE(high, this.#at + 4);
  }

  bigUint64(value: bigint): void {
    if (BigInt.asUintN(64, value) !== value) throw new RangeError('does not fit UInt64');
    this.#reserve(8);
    this.#at = this.#bytes.writeBigUInt64LE(value, this.#at);
  }

  /** Also `Decimal(18, S)` as its whole number of smallest units. */
  bigInt64(value: bigint): void {
    if (BigInt.asIntN(64, value) !== value) throw new RangeError('does not fit Int64');
    this.#reserve(8);
    this.#at = this.#bytes.writeBigInt64LE(value, this.#at);
  }

  /** Also `Decimal(38, S)`. */
  bigInt128(value: bigint): void {
    if (BigInt.asIntN(128, value) !== value) throw new RangeError('does not fit Int128');
    this.#reserve(16);
    this.#bytes.writeBigUInt64LE(BigInt.asUintN(64, value), this.#at);
    this.#at = this.#bytes.writeBigInt64LE(value >> 64n, this.#at + 8);
  }

  float64(value: number): void {
    this.#reserve(8);
    this.#at = this.#bytes.writeDoubleLE(value, this.#at);
  }

  /** Before a value of a `Nullable` column. @returns true when a value follows. */
  isPresent<T>(value: T | null): value is T {
    this.bool(value === null);
    return value !== null;
  }

  /** Before the elements of an `Array` or the pairs of a `Map`. */
  count(value: number): void {
    this.#reserve(5);
    this.#varUint(value);
  }

  /** Up to 2^31 − 1, as all lengths in JavaScript are. */
  #varUint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#at++] = rest;
  }

  #reserve(more: number): void {
    const needed = this.#at + more;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#at);
    this.#bytes = grown;
  }
}

/** Up to here a loop over ASCII is faster than the call into native code; and the length is one byte. */
const SHORT_STRING = 40;

function check(value: number, min: number, max: number): void {
  if (!(value >= min && value <= max) || !Number.isInteger(value)) {
    throw new RangeError(`${value} is not an integer from ${min} to ${max}`);
  }
}
