/**
 * A text with nothing in it that acts instead of being read: control characters (terminal escapes among them) as their
 * pictures, overrides and isolates of the direction of writing, and characters that no font shows but programs read, by
 * name. Line breaks and tabs stay.
 */
export function visibleText(text: string): string {
  return ACTING_ONE.test(text) ? text.replace(ACTING, picture) : text;
}

/** C0 but for tab and line feed, DEL, C1; direction; tag characters, which spell hidden words; line and paragraph separators. */
const CLASS =
  '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff\\u{e0000}-\\u{e007f}]';
const ACTING_ONE = new RegExp(CLASS, 'u');
const ACTING = new RegExp(`\\r\\n|${CLASS}`, 'gu');

const NAMES: ReadonlyMap<string, string> = new Map([
  ['\u061c', 'ALM'],
  ['\u200e', 'LRM'],
  ['\u200f', 'RLM'],
  ['\u2028', 'LS'],
  ['\u2029', 'PS'],
  ['\u202a', 'LRE'],
  ['\u202b', 'RLE'],
  ['\u202c', 'PDF'],
  ['\u202d', 'LRO'],
  ['\u202e', 'RLO'],
  ['\u2066', 'LRI'],
  ['\u2067', 'RLI'],
  ['\u2068', 'FSI'],
  ['\u2069', 'PDI'],
  ['\ufeff', 'BOM'],
]);

function picture(found: string): string {
  // Lines of Windows.
  if (found === '\r\n') return '\n';
  const name = NAMES.get(found);
  if (name !== undefined) return `⟦${name}⟧`;
  const code = found.codePointAt(0)!;
  // Unicode has pictures of these.
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `⟦U+${code.toString(16).toUpperCase().padStart(4, '0')}⟧`;
}
