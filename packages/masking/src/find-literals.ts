import type { TakeSpan } from './span.ts';

/** Of a literal's beginning at the end of a text that goes on: fewer characters tell nothing. */
const OPEN_CHARS_MIN = 4;

/**
 * Every place of every literal, letter for letter. Time is linear in the text for each literal.
 *
 * @param open the text goes on where it ends here: the first half or more of a literal at the end counts as it.
 */
export function findLiterals(text: string, literals: readonly string[], open: boolean, take: TakeSpan): void {
  for (const literal of literals) {
    for (let at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + literal.length)) {
      take(at, at + literal.length, '[masked]');
    }
    if (!open) continue;
    const least = Math.max(OPEN_CHARS_MIN, Math.ceil(literal.length / 2));
    for (let chars = Math.min(literal.length - 1, text.length); chars >= least; chars--) {
      if (!text.endsWith(literal.slice(0, chars))) continue;
      take(text.length - chars, text.length, '[masked]');
      break;
    }
  }
}
