import { findCards } from './find-cards.ts';
import { findEmails } from './find-emails.ts';
import { findKeys } from './find-keys.ts';
import { findLiterals } from './find-literals.ts';
import type { MaskingRules } from './masking-rules.ts';
import type { Span, TakeSpan } from './span.ts';
import { outsideEscape, unescapeText } from './unescape-text.ts';

export type TextRules = Pick<MaskingRules, 'emails' | 'cards' | 'keys' | 'literals'>;

/** JSON in a string of JSON, in a string of JSON: as deep as tools and logs nest it. Each level is shorter than the last. */
const LEVELS_MAX = 4;

/**
 * What is to be masked in a text, also where it is escaped, several times over: `jane\u0040example.com` and
 * `jane%40example.com` are addresses. Spans may overlap.
 *
 * @param open the text goes on where it ends here.
 */
export function findSecrets(text: string, rules: TextRules, open: boolean): Span[] {
  const spans: Span[] = [];
  if (text === '') return spans;
  let level = text;
  let placesOf: ((at: number) => number) | undefined;
  for (let depth = 0; ; depth++) {
    const current = level;
    const outer = placesOf;
    const take: TakeSpan = (from, to, label) => {
      const start = outsideEscape(current, from);
      // All of it was an escape: the next level reads it.
      if (start >= to) return;
      spans.push(outer ? { from: outer(start), to: outer(to), label } : { from: start, to, label });
    };
    if (rules.emails) findEmails(current, open, take);
    if (rules.cards) findCards(current, open, take);
    if (rules.keys) findKeys(current, open, take);
    findLiterals(current, rules.literals, open, take);
    if (depth === LEVELS_MAX) return spans;
    const next = unescapeText(current, true);
    if (!next) return spans;
    const { places } = next;
    level = next.text;
    placesOf = outer ? (at) => outer(places[at]!) : (at) => places[at]!;
  }
}
