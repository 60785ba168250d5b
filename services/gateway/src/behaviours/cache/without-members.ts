import {
  CLOSE_BRACE,
  COLON,
  COMMA,
  endOfValue,
  OPEN_BRACE,
  QUOTE,
  skipSpace,
  stringEnd,
} from '@throughline/providers/json-scan';

/**
 * A JSON object without some of its members. Values stay as they are written: parsed, long numbers would lose digits, and
 * calls that are not the same become the same.
 *
 * @returns undefined where the text is no JSON object.
 */
export function withoutMembers(text: string, names: readonly string[]): string | undefined {
  let at = skipSpace(text, 0);
  if (text.charCodeAt(at) !== OPEN_BRACE) return undefined;
  const kept: string[] = [];
  at = skipSpace(text, at + 1);
  if (text.charCodeAt(at) === CLOSE_BRACE) return '{}';
  for (;;) {
    if (text.charCodeAt(at) !== QUOTE) return undefined;
    const nameEnd = stringEnd(text, at);
    if (nameEnd < 0) return undefined;
    const name = nameOf(text.slice(at, nameEnd));
    at = skipSpace(text, nameEnd);
    if (name === undefined || text.charCodeAt(at) !== COLON) return undefined;
    const from = skipSpace(text, at + 1);
    const to = endOfValue(text, from);
    if (to < 0) return undefined;
    if (!names.includes(name)) kept.push(`${JSON.stringify(name)}:${text.slice(from, to)}`);
    at = skipSpace(text, to);
    const next = text.charCodeAt(at);
    if (next === CLOSE_BRACE) return `{${kept.join(',')}}`;
    if (next !== COMMA) return undefined;
    at = skipSpace(text, at + 1);
  }
}

function nameOf(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}
