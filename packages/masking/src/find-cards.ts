import { isDigit, isLetter } from './char-class.ts';
import type { TakeSpan } from './span.ts';

/**
 * Numbers of payment cards: 13 to 19 digits, in one piece or in groups with a space or a dash between them, that begin
 * as some scheme's numbers do and whose check digit is right. The digits behind a decimal point are no card.
 *
 * @param open the text goes on where it ends here: the beginning of a number counts as one.
 */
export function findCards(text: string, open: boolean, take: TakeSpan): void {
  let at = 0;
  while (at < text.length) {
    if (!isDigit(text.charCodeAt(at))) {
      at++;
      continue;
    }
    const groups = groupsAt(text, at);
    const end = groups.at(-1)!.to;
    const isAtEnd = end === text.length || (end === text.length - 1 && isSeparator(text.charCodeAt(end)));
    judge(text, groups, open && isAtEnd, take);
    at = end;
  }
}

interface Group {
  readonly from: number;
  readonly to: number;
}

/** Groups of digits one separator apart from each other. */
function groupsAt(text: string, start: number): Group[] {
  const groups: Group[] = [];
  let from = start;
  for (;;) {
    let to = from;
    while (to < text.length && isDigit(text.charCodeAt(to))) to++;
    groups.push({ from, to });
    if (!isSeparator(text.charCodeAt(to)) || !isDigit(text.charCodeAt(to + 1))) return groups;
    from = to + 1;
  }
}

/** Digits of the run that is being judged: they are taken from it one after the other, nothing here waits. */
const digits = new Uint8Array(64);

/** Every run of whole groups that has as many digits as a card. Few groups make one, so that this is linear. */
function judge(text: string, groups: readonly Group[], isOpen: boolean, take: TakeSpan): void {
  let next = 0;
  for (let first = 0; first < groups.length; first++) {
    if (first < next) continue;
    let count = 0;
    for (let last = first; last < groups.length; last++) {
      const { from, to } = groups[last]!;
      if (count + to - from > DIGITS_MAX) break;
      for (let at = from; at < to; at++) digits[count++] = text.charCodeAt(at) - 48;
      const begin = groups[first]!.from;
      const isWhole = count >= DIGITS_MIN && hasScheme(count) && hasRightCheckDigit(count);
      const isBegun = isOpen && last === groups.length - 1 && count >= OPEN_DIGITS_MIN && hasScheme(undefined);
      if ((isWhole || isBegun) && standsAlone(text, begin, to, last > first)) {
        take(begin, to, '[card]');
        next = last + 1;
      }
    }
  }
}

/** Numbers in groups look like many other things (parts of a UUID), so that letters may not touch them. */
function standsAlone(text: string, from: number, to: number, isGrouped: boolean): boolean {
  const before = text.charCodeAt(from - 1);
  const after = text.charCodeAt(to);
  if (before === DOT && isDigit(text.charCodeAt(from - 2))) return false;
  if (after === DOT && isDigit(text.charCodeAt(to + 1))) return false;
  return !isGrouped || !(isLetter(before) || isLetter(after));
}

/** Luhn's. */
function hasRightCheckDigit(count: number): boolean {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const digit = digits[count - 1 - i]!;
    const counted = i % 2 === 0 ? digit : digit * 2;
    sum += counted > 9 ? counted - 9 : counted;
  }
  return sum % 10 === 0;
}

/**
 * Visa, Mastercard, American Express, Discover, Diners, JCB, UnionPay, Maestro, Mir by their first digits (ISO/IEC 7812).
 * Without this, every tenth time in milliseconds would be a card.
 *
 * @param count of digits; undefined where more may follow.
 */
function hasScheme(count: number | undefined): boolean {
  const two = digits[0]! * 10 + digits[1]!;
  const four = two * 100 + digits[2]! * 10 + digits[3]!;
  if (two >= 40 && two < 50) return count === undefined || count === 13 || count === 16 || count === 19;
  if (two >= 51 && two <= 55) return count === undefined || count === 16;
  if (two === 34 || two === 37) return count === undefined || count === 15;
  if (two === 30 || two === 36 || two === 38 || two === 39) return count === undefined || count >= 14;
  if ((four >= 2200 && four <= 2720) || two === 35) return count === undefined || count >= 16;
  return two === 50 || (two >= 56 && two <= 69);
}

function isSeparator(code: number): boolean {
  return code === SPACE || code === DASH || code === NO_BREAK_SPACE;
}

const SPACE = 32;
const DASH = 45;
const DOT = 46;
const NO_BREAK_SPACE = 0xa0;
const DIGITS_MIN = 13;
const DIGITS_MAX = 19;
/** The digits that name the issuer. */
const OPEN_DIGITS_MIN = 8;
