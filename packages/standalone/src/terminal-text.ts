/**
 * A text from outside as a terminal shows it and does nothing else: line breaks and tabs stay, other control characters,
 * and those that turn the direction of writing, are shown as `\xNN` or `\u{NNNN}`.
 */
export function terminalText(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, (char) => {
    if (char === '\n' || char === '\t') return char;
    const code = char.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** The same in one line. */
export function terminalLine(text: string): string {
  return terminalText(text).replace(/[\n\t]+/g, ' ');
}
