/** A text whose tokens are to be counted: all of it, or parts that stand for it. */
export interface TokenText {
  /** Counted one by one; each is at most `PIECE_CHARS_MAX` UTF-16 units long. */
  readonly pieces: readonly string[];
  /** By what their tokens are multiplied: 1 where the pieces are all of it. */
  readonly scale: number;
}

/** Tokenizers need quadratic time for letters without an end: 64 kB of them take half a second in pieces of this length. */
export const PIECE_CHARS_MAX = 1_024;
/** Counted of one text: some 16,000 tokens, 10–40 ms of a worker. */
export const COUNTED_CHARS_MAX = 65_536;
/** How far before the end of a piece a space is looked for to cut at: counts then are those of the uncut text. */
const CUT_WITHIN_CHARS = 128;

/**
 * Cut a text into pieces for counting. Of one that is longer than what is counted of it they are parts spread evenly from its
 * beginning to its end (64 of them, unless less is asked for), and their count is scaled up. Depends on nothing but the text,
 * so that counting it again gives the same.
 */
export function tokenText(text: string, countedCharsMax: number = COUNTED_CHARS_MAX): TokenText {
  if (text.length <= Math.max(countedCharsMax, PIECE_CHARS_MAX)) return { pieces: piecesOf(text), scale: 1 };
  const pieces: string[] = [];
  const count = Math.max(2, Math.floor(countedCharsMax / PIECE_CHARS_MAX));
  const step = (text.length - PIECE_CHARS_MAX) / (count - 1);
  let chars = 0;
  for (let i = 0; i < count; i++) {
    const from = Math.floor(i * step);
    const piece = text.slice(from, from + PIECE_CHARS_MAX).toWellFormed();
    pieces.push(piece);
    chars += piece.length;
  }
  return { pieces, scale: text.length / chars };
}

/** Tokens of a text, from those of its pieces together. */
export function scaledTokens({ scale }: TokenText, counted: number): number {
  return Math.round(counted * scale);
}

function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    const end = cutAt(text, at);
    // A lone surrogate is no character: tokenizers see what stands for it.
    pieces.push(text.slice(at, end).toWellFormed());
    at = end;
  }
  return pieces;
}

/** Before a space that begins a word: tokens do not reach across it. Else wherever it has to be, but not in a character. */
function cutAt(text: string, from: number): number {
  const latest = from + PIECE_CHARS_MAX;
  if (latest >= text.length) return text.length;
  for (let at = latest; at > latest - CUT_WITHIN_CHARS; at--) {
    if (text.charCodeAt(at) === SPACE && isLetter(text.charCodeAt(at + 1)) && isLetter(text.charCodeAt(at - 1)))
      return at;
  }
  return (text.charCodeAt(latest) & 0xfc00) === LOW_SURROGATE ? latest - 1 : latest;
}

const SPACE = 32;
const LOW_SURROGATE = 0xdc00;

function isLetter(char: number): boolean {
  const lower = char | 32;
  return lower >= 97 && lower <= 122;
}
