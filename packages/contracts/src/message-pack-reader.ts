import type { KnownNames } from './known-names.ts';
import type { RecentTexts } from './recent-texts.ts';

/**
 * Reads MessagePack value by value, for whoever knows what is to come: nothing is made of what is passed over, and no map
 * becomes an object with fields of unknown names.
 *
 * Every method throws when the next value is of another type, or the bytes end in it. What was read before is then all
 * there is: the reader is done with.
 */
export class MessagePackReader {
  readonly #given: Uint8Array;
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#given = bytes;
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** How many pairs follow. */
  mapSize(): number {
    const type = this.#byte();
    if ((type & 0xf0) === 0x80) return type & 0x0f;
    if (type === 0xde) return this.#unsigned(2);
    if (type === 0xdf) return this.#unsigned(4);
    throw new TypeError('not a map');
  }

  /** How many values follow. */
  arraySize(): number {
    const type = this.#byte();
    if ((type & 0xf0) === 0x90) return type & 0x0f;
    if (type === 0xdc) return this.#unsigned(2);
    if (type === 0xdd) return this.#unsigned(4);
    throw new TypeError('not an array');
  }

  /** The next name of a map, if it is one of those that are known. Compared as bytes: no text is made of it. */
  name<Name extends string>(known: KnownNames<Name>): Name | undefined {
    const length = this.#stringLength();
    const at = this.#at;
    this.#take(length);
    return known.find(this.#bytes, at, length);
  }

  string(): string {
    const length = this.#stringLength();
    const at = this.#at;
    this.#take(length);
    return length === 0 ? '' : this.#bytes.toString('utf8', at, at + length);
  }

  /** A text that others are likely to hold as well: the same string is given for the same bytes, for a while. */
  repeatedString(texts: RecentTexts): string {
    const length = this.#stringLength();
    const at = this.#at;
    this.#take(length);
    return texts.at(this.#bytes, at, length);
  }

  /** Of any width. A whole number beyond 2^53 is rounded. */
  number(): number {
    const type = this.#byte();
    if (type < 0x80) return type;
    if (type >= 0xe0) return type - 0x100;
    const at = this.#at;
    switch (type) {
      case 0xca:
        this.#take(4);
        return this.#bytes.readFloatBE(at);
      case 0xcb:
        this.#take(8);
        return this.#bytes.readDoubleBE(at);
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#unsigned(1 << (type - 0xcc));
      case 0xcf:
        this.#take(8);
        return Number(this.#bytes.readBigUInt64BE(at));
      case 0xd0:
      case 0xd1:
      case 0xd2: {
        const length = 1 << (type - 0xd0);
        this.#take(length);
        return this.#bytes.readIntBE(at, length);
      }
      case 0xd3:
        this.#take(8);
        return Number(this.#bytes.readBigInt64BE(at));
      default:
        throw new TypeError('not a number');
    }
  }

  boolean(): boolean {
    const type = this.#byte();
    if (type === 0xc2) return false;
    if (type === 0xc3) return true;
    throw new TypeError('not a boolean');
  }

  /** A view, not a copy. */
  bytes(): Uint8Array {
    const type = this.#byte();
    if (type < 0xc4 || type > 0xc6) throw new TypeError('not bytes');
    const length = this.#unsigned(1 << (type - 0xc4));
    const at = this.#at;
    this.#take(length);
    return this.#given.subarray(at, at + length);
  }

  /** Whether null is next, which is then passed over. */
  isNull(): boolean {
    if (this.#bytes[this.#at] !== NIL) return false;
    this.#at++;
    return true;
  }

  /** Passes over one value, however deep: the values still to pass are counted, not called for. */
  skip(): void {
    for (let values = 1; values > 0; values--) {
      const type = this.#byte();
      if (type < 0x80 || type >= 0xe0) continue;
      if (type < 0x90) values += 2 * (type & 0x0f);
      else if (type < 0xa0) values += type & 0x0f;
      else if (type < 0xc0) this.#take(type & 0x1f);
      else {
        const shape = SHAPES[type - 0xc0]!;
        const size = shape.sizeBytes === 0 ? 0 : this.#unsigned(shape.sizeBytes);
        this.#take(shape.fixed + (shape.holds === 'bytes' ? size : 0));
        if (shape.holds === 'values') values += size;
        else if (shape.holds === 'pairs') values += 2 * size;
      }
    }
  }

  #stringLength(): number {
    const type = this.#byte();
    if ((type & 0xe0) === 0xa0) return type & 0x1f;
    if (type >= 0xd9 && type <= 0xdb) return this.#unsigned(1 << (type - 0xd9));
    throw new TypeError('not a string');
  }

  #unsigned(length: number): number {
    const at = this.#at;
    this.#take(length);
    const bytes = this.#bytes;
    // The widths there are, without a call.
    if (length === 1) return bytes[at]!;
    const high = (bytes[at]! << 8) | bytes[at + 1]!;
    return length === 2 ? high : high * 0x10000 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
  }

  #byte(): number {
    const at = this.#at;
    this.#take(1);
    return this.#bytes[at]!;
  }

  #take(length: number): void {
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new RangeError('the bytes end too early');
  }
}

const NIL = 0xc0;

interface Shape {
  /** Width of the size that follows the type byte. */
  readonly sizeBytes: number;
  /** Bytes of content whatever the size says. */
  readonly fixed: number;
  readonly holds: 'nothing' | 'bytes' | 'values' | 'pairs';
}

const fixed = (bytes: number): Shape => ({ sizeBytes: 0, fixed: bytes, holds: 'nothing' });
const sized = (sizeBytes: number, holds: Shape['holds'], more = 0): Shape => ({ sizeBytes, fixed: more, holds });

/** MessagePack's types 0xc0 – 0xdf, in order. */
const SHAPES: readonly Shape[] = [
  fixed(0), // nil
  fixed(0), // never used
  fixed(0), // false
  fixed(0), // true
  sized(1, 'bytes'), // bin
  sized(2, 'bytes'),
  sized(4, 'bytes'),
  sized(1, 'bytes', 1), // ext: a type of one byte goes before the content
  sized(2, 'bytes', 1),
  sized(4, 'bytes', 1),
  fixed(4), // float
  fixed(8),
  fixed(1), // uint
  fixed(2),
  fixed(4),
  fixed(8),
  fixed(1), // int
  fixed(2),
  fixed(4),
  fixed(8),
  fixed(2), // fixext: type and content
  fixed(3),
  fixed(5),
  fixed(9),
  fixed(17),
  sized(1, 'bytes'), // str
  sized(2, 'bytes'),
  sized(4, 'bytes'),
  sized(2, 'values'), // array
  sized(4, 'values'),
  sized(2, 'pairs'), // map
  sized(4, 'pairs'),
];
