/** The key of `Bearer <key>`, or the whole text where the word is missing; `''` for the word alone. */
export function bearerToken(value: string): string {
  return value === '' ? '' : value.trim().replace(BEARER, '');
}

/** Whether a header begins with the word. */
export function isBearer(value: string): boolean {
  return BEARER.test(value);
}

const BEARER = /^bearer(?:\s+|$)/i;
