/** A pattern of `like`: `%` any text, `_` one character (code point), `\` before either or before itself makes it plain. */
export type LikePattern = readonly LikePart[];

type LikePart = { readonly is: 'any' } | { readonly is: 'one' } | { readonly is: 'char'; readonly char: string };

/** Every text is a pattern: a backslash before anything else, or at the end, is a backslash. */
export function parseLike(text: string): LikePattern {
  const parts: LikePart[] = [];
  const chars = [...text];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i]!;
    const next = chars[i + 1];
    if (char === '%') {
      if (parts.at(-1)?.is !== 'any') parts.push({ is: 'any' });
    } else if (char === '_') parts.push({ is: 'one' });
    else if (char === '\\' && (next === '%' || next === '_' || next === '\\')) {
      parts.push({ is: 'char', char: next });
      i++;
    } else parts.push({ is: 'char', char });
  }
  return parts;
}

/** The pattern as the engine takes it: it refuses a backslash at the end, so each one is doubled. */
export function likeText(pattern: LikePattern): string {
  return pattern
    .map((part) => (part.is === 'any' ? '%' : part.is === 'one' ? '_' : part.char.replace(/[\\%_]/, '\\$&')))
    .join('');
}

/** Whether the whole text fits the pattern. */
export function matchesLike(pattern: LikePattern, text: string): boolean {
  const chars = [...text];
  let at = 0;
  let part = 0;
  let lastAny = -1;
  let retryAt = 0;
  while (at < chars.length) {
    const expected = pattern[part];
    if (expected?.is === 'any') {
      lastAny = part++;
      retryAt = at;
    } else if (expected !== undefined && (expected.is === 'one' || expected.char === chars[at])) {
      part++;
      at++;
    } else if (lastAny >= 0) {
      // The last `%` takes one character more.
      part = lastAny + 1;
      at = ++retryAt;
    } else return false;
  }
  while (pattern[part]?.is === 'any') part++;
  return part === pattern.length;
}
