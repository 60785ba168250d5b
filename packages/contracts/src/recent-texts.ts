/** The texts that were read last, at most one per place. */
export class RecentTexts {
  readonly #texts: string[];
  readonly #mask: number;

  /** @param places a power of two. */
  constructor(places: number) {
    this.#texts = new Array<string>(places).fill('');
    this.#mask = places - 1;
  }

  /** @param length in bytes, from `at` on. */
  at(bytes: Buffer, at: number, length: number): string {
    if (length === 0) return '';
    if (length > TEXT_CHARS_MAX) return bytes.toString('utf8', at, at + length);
    let hash = length;
    for (let index = 0; index < length; index++) hash = (Math.imul(hash, 31) + bytes[at + index]!) | 0;
    const place = hash & this.#mask;
    const text = this.#texts[place]!;
    if (isText(text, bytes, at, length)) return text;
    const read = bytes.toString('utf8', at, at + length);
    this.#texts[place] = read;
    return read;
  }
}

/** Whether the bytes are that text. False for text of other characters than ASCII, which have other codes than bytes. */
function isText(text: string, bytes: Uint8Array, at: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code !== bytes[at + index] || code > 0x7f) return false;
  }
  return true;
}

/** Longer ones seldom come again. */
const TEXT_CHARS_MAX = 40;
