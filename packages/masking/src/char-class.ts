/** Kinds of UTF-16 code units that the finders of secrets ask about. */

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 97 && lower <= 122;
}

export function isLetterOrDigit(code: number): boolean {
  return isDigit(code) || isLetter(code);
}

export function isUpperOrDigit(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 90);
}

export function isHexDigit(code: number): boolean {
  const lower = code | 0x20;
  return isDigit(code) || (lower >= 97 && lower <= 102);
}

/** Of Base64 for URLs and of most keys: letters, digits, `-`, `_`. */
export function isTokenChar(code: number): boolean {
  return isLetterOrDigit(code) || code === 45 || code === 95;
}
