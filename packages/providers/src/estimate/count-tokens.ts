import type { TokenEncoding } from './token-encoding.ts';

type CountPiece = (piece: string) => number;

/** As pinned in package.json; a test compares the two. */
export const TOKENIZER = 'gpt-tokenizer@4.0.0';

const loaded = new Map<TokenEncoding, Promise<CountPiece>>();

/**
 * Tokens of some pieces of text together. Never fails for what they hold: names of special tokens are text like any other.
 * The first call for an encoding loads it (some 150 ms and 65 MB): only workers call this.
 */
export async function countTokens(encoding: TokenEncoding, pieces: readonly string[]): Promise<number> {
  let counting = loaded.get(encoding);
  if (!counting) {
    counting = load(encoding);
    loaded.set(encoding, counting);
  }
  const countPiece = await counting;
  let sum = 0;
  for (const piece of pieces) sum += countPiece(piece);
  return sum;
}

async function load(encoding: TokenEncoding): Promise<CountPiece> {
  const { countTokens: count } =
    encoding === 'cl100k_base'
      ? await import('gpt-tokenizer/encoding/cl100k_base')
      : await import('gpt-tokenizer/encoding/o200k_base');
  return (piece) => count(piece, AS_TEXT);
}

const AS_TEXT = { disallowedSpecial: new Set<string>() };
