import { isDigit, isLetter } from './char-class.ts';
import type { TakeSpan } from './span.ts';

/**
 * Addresses of e-mail: what stands around an `@` as RFC 5321 writes it without quotes, with a domain of two labels or
 * more whose last one is no number. Letters beyond ASCII count (RFC 6531). An address begins behind `/`, `?`, `&` and
 * `=`, which few addresses have and many URLs have in front of one. Each character is looked at twice at most.
 *
 * @param open the text goes on where it ends here: an address that reaches the end may lack the rest of its domain.
 */
export function findEmails(text: string, open: boolean, take: TakeSpan): void {
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    let from = at;
    while (from > 0 && isLocalChar(text.charCodeAt(from - 1))) from--;
    if (from === at) continue;
    let end = at + 1;
    while (end < text.length && isDomainChar(text.charCodeAt(end))) end++;
    const to = open && end === text.length ? end : endOfDomain(text, at + 1, end);
    if (to > 0) take(from, to, '[email]');
  }
}

/** @returns the place behind the last label that may be a top-level domain; −1 when there is none behind another label. */
function endOfDomain(text: string, from: number, end: number): number {
  let found = -1;
  let labelAt = from;
  let labels = 0;
  let letters = 0;
  for (let at = from; at <= end; at++) {
    const code = at === end ? DOT : text.charCodeAt(at);
    if (code !== DOT) {
      if (!isDigit(code) && code !== DASH) letters++;
      continue;
    }
    let to = at;
    while (to > labelAt && text.charCodeAt(to - 1) === DASH) to--;
    if (to === labelAt) return found;
    labels++;
    if (labels > 1 && letters > 0 && to - labelAt > 1) found = to;
    labelAt = at + 1;
    letters = 0;
  }
  return found;
}

const DASH = 45;
const DOT = 46;
const BEYOND_ASCII = 0x80;
const LOCAL_PUNCTUATION = new Set("!#$%'*+-.^_`{|}~".split('').map((char) => char.charCodeAt(0)));

function isLocalChar(code: number): boolean {
  return isLetter(code) || isDigit(code) || LOCAL_PUNCTUATION.has(code) || isWordBeyondAscii(code);
}

function isDomainChar(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === DOT || code === DASH || isWordBeyondAscii(code);
}

/** Without the signs that texts in other scripts put around an address: spaces, quotes and brackets. */
function isWordBeyondAscii(code: number): boolean {
  if (code < BEYOND_ASCII) return false;
  if (code < 0xc0 || (code >= 0x2000 && code <= 0x206f)) return false;
  return !(code >= 0x3000 && code <= 0x3020) && !(code >= 0xff00 && code <= 0xff0f) && code !== 0xff1a;
}
