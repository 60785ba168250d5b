/**
 * A string out of someone else's JSON, made fit for storage: well-formed (no lone surrogates), without NUL, at most
 * `charsMax` UTF-16 units long. `''` for anything that is no string.
 */
export function boundedText(value: unknown, charsMax: number): string {
  if (typeof value !== 'string') return '';
  // Almost every name and word is short and clean; the tests below cost less than making a new string.
  const cut = value.length > charsMax ? value.slice(0, charsMax) : value;
  const wellFormed = cut.isWellFormed() ? cut : cut.toWellFormed();
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', '') : wellFormed;
}

/** Model ids and finish reasons, in characters: the longest known ids (Bedrock ARNs) have about 150. */
export const NAME_CHARS_MAX = 256;
/** `user` of a request body: as long as the longest header that could have carried it. */
export const USER_CHARS_MAX = 8192;
/** Error messages, in characters: long enough for a provider's sentence, not for the prompt that it may quote. */
export const MESSAGE_CHARS_MAX = 2000;
