import { isDigit, isLetterOrDigit, isTokenChar, isUpperOrDigit } from './char-class.ts';
import type { TakeSpan } from './span.ts';

interface KeyForm {
  readonly prefix: string;
  /** What may stand behind the prefix. */
  readonly isChar: (code: number) => boolean;
  /** Least characters of it. */
  readonly charsMin: number;
  /** Words look like it as well, keys have digits. */
  readonly needsDigit?: true;
}

/** Prefixes that who gives out keys documents, and how long what follows is at least. */
const FORMS: readonly KeyForm[] = [
  ...['sk-ant-', 'sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-or-', 'sk-helicone-', 'pk-helicone-'].map((prefix) => ({
    prefix,
    isChar: isTokenChar,
    charsMin: 8,
  })),
  { prefix: 'sk-', isChar: isTokenChar, charsMin: 16, needsDigit: true },
  { prefix: 'pk-', isChar: isTokenChar, charsMin: 24, needsDigit: true },
  ...['AKIA', 'ASIA'].map((prefix) => ({ prefix, isChar: isUpperOrDigit, charsMin: 16 })),
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_', 'glpat-', 'npm_', 'pypi-'].map((prefix) => ({
    prefix,
    isChar: isTokenChar,
    charsMin: 20,
  })),
  ...['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxe-', 'xapp-'].map((prefix) => ({
    prefix,
    isChar: isTokenChar,
    charsMin: 10,
  })),
  { prefix: 'AIza', isChar: isTokenChar, charsMin: 30 },
  ...['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'whsec_'].map((prefix) => ({
    prefix,
    isChar: isTokenChar,
    charsMin: 16,
  })),
  ...['gsk_', 'hf_', 'xai-', 'pplx-', 'r8_', 'nvapi-', 'tvly-', 'csk-', 'fw_'].map((prefix) => ({
    prefix,
    isChar: isTokenChar,
    charsMin: 20,
    needsDigit: true as const,
  })),
];

/** By what is in their prefix: most texts have no underscore, and many no dash. */
const WITH_DASH = FORMS.filter(({ prefix }) => prefix.includes('-'));
const WITH_UNDERSCORE = FORMS.filter(({ prefix }) => !prefix.includes('-') && prefix.includes('_'));
const OTHERS = FORMS.filter(({ prefix }) => !prefix.includes('-') && !prefix.includes('_'));

/** Of a prefix at the end of a text that goes on: these many characters behind it are a key already. */
const OPEN_CHARS_MIN = 4;
const PART_CHARS_MIN = 10;
const TOKEN_PREFIX = 'eyJ';
const PEM_BEGIN = '-----BEGIN ';
const PEM_END = 'PRIVATE KEY-----';
/** Of the words between both: `ENCRYPTED`, `OPENSSH`. */
const PEM_KIND_CHARS_MAX = 20;

/**
 * API keys by their prefixes, JSON web tokens, and private keys in PEM. Time is linear in the text for each prefix.
 *
 * @param open the text goes on where it ends here: a key that reaches the end may be shorter.
 */
export function findKeys(text: string, open: boolean, take: TakeSpan): void {
  const hasDash = text.includes('-');
  const hasUnderscore = text.includes('_');
  if (hasDash) for (const form of WITH_DASH) findForm(text, form, open, take);
  if (hasUnderscore) for (const form of WITH_UNDERSCORE) findForm(text, form, open, take);
  for (const form of OTHERS) findForm(text, form, open, take);
  findWebTokens(text, open, take);
  findPrivateKeys(text, take);
}

function findForm(
  text: string,
  { prefix, isChar, charsMin, needsDigit }: KeyForm,
  open: boolean,
  take: TakeSpan,
): void {
  if (!open && text.length < prefix.length + charsMin) return;
  let at = text.indexOf(prefix);
  while (at >= 0) {
    const start = at + prefix.length;
    let end = start;
    let hasDigit = false;
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end);
      if (!isChar(code)) break;
      hasDigit ||= isDigit(code);
    }
    const isLong = end - start >= charsMin && (!needsDigit || hasDigit);
    const isBegun = open && end === text.length && end - start >= OPEN_CHARS_MIN;
    if ((isLong || isBegun) && beginsWord(text, at)) take(at, end, '[key]');
    // What follows the prefix was looked at: the same prefix within it would begin no word.
    at = text.indexOf(prefix, Math.max(end, start));
  }
}

function beginsWord(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  return !(isLetterOrDigit(before) || before === UNDERSCORE);
}

const UNDERSCORE = 95;
const DOT = 46;

/** `eyJ….….…`: header and payload in Base64, and a signature that may be empty. */
function findWebTokens(text: string, open: boolean, take: TakeSpan): void {
  let at = text.indexOf(TOKEN_PREFIX);
  while (at >= 0) {
    const header = runEnd(text, at);
    let end = header;
    let isToken = false;
    if (text.charCodeAt(header) === DOT && header - at >= PART_CHARS_MIN) {
      end = runEnd(text, header + 1);
      isToken = end - header > PART_CHARS_MIN;
      if (isToken && text.charCodeAt(end) === DOT) end = runEnd(text, end + 1);
    }
    isToken ||= open && end === text.length && end - at >= PART_CHARS_MIN;
    if (isToken && beginsWord(text, at)) take(at, end, '[key]');
    at = text.indexOf(TOKEN_PREFIX, end);
  }
}

function runEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && isTokenChar(text.charCodeAt(end))) end++;
  return end;
}

/** Up to the line that ends it; to the end of the text where that is missing. */
function findPrivateKeys(text: string, take: TakeSpan): void {
  let at = text.indexOf(PEM_BEGIN);
  while (at >= 0) {
    const start = at + PEM_BEGIN.length;
    const kindEnd = text.slice(start, start + PEM_KIND_CHARS_MAX + PEM_END.length).indexOf(PEM_END);
    if (kindEnd >= 0) {
      const ending = text.indexOf(PEM_END, start + kindEnd + PEM_END.length);
      const end = ending < 0 ? text.length : ending + PEM_END.length;
      take(at, end, '[key]');
      at = end === text.length ? -1 : text.indexOf(PEM_BEGIN, end);
    } else at = text.indexOf(PEM_BEGIN, start);
  }
}
