/** Tokens of each text. */
export type CountTexts = (texts: readonly string[]) => Promise<number[]>;

/** A text of at most so many UTF-16 units, made of another. */
export type CutText = (text: string, length: number) => string;

/** UTF-16 units that are left of any text: providers refuse messages that say nothing. */
export const LEFT_CHARS_MIN = 16;

/** How much less is tried for each time that it was not enough. */
const SHRINK = 0.9;

/**
 * The same texts, so that they come to no more than so many tokens, or nothing is left to be taken from them. The longest are
 * shortened first, to one length: short messages stay whole as long as long ones can give.
 */
export async function fitTexts(
  texts: readonly string[],
  tokensMax: number,
  count: CountTexts,
  cut: CutText,
): Promise<string[]> {
  const counts = await count(texts);
  let fitted = [...texts];
  let total = sum(counts);
  let target = Math.max(0, tokensMax);
  while (total > tokensMax && fitted.some(({ length }) => length > LEFT_CHARS_MIN)) {
    const most = tokensOfLongest(counts, target);
    fitted = texts.map((text, at) => {
      if (counts[at]! <= most || text.length <= LEFT_CHARS_MIN) return text;
      return cut(text, Math.max(LEFT_CHARS_MIN, Math.floor((text.length * most) / counts[at]!)));
    });
    total = sum(await count(fitted));
    target = Math.floor(target * Math.min(SHRINK, tokensMax / total));
  }
  return fitted;
}

/** The end is left out. */
export const cutEnd: CutText = (text, length) => beginning(text, length);

/** The middle is left out. */
export const cutMiddle: CutText = (text, length) => {
  const tail = Math.floor((length - 1) / 2);
  return `${beginning(text, length - 1 - tail)}…${ending(text, tail)}`;
};

/** So many tokens each of the longest may have, where all are to have `target` together. */
function tokensOfLongest(counts: readonly number[], target: number): number {
  let left = target;
  const ascending = counts.toSorted((a, b) => a - b);
  for (const [at, tokens] of ascending.entries()) {
    const each = left / (ascending.length - at);
    if (tokens > each) return each;
    left -= tokens;
  }
  return Number.POSITIVE_INFINITY;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

// No character is cut in half.
function beginning(text: string, length: number): string {
  return text.slice(0, isHigh(text.charCodeAt(length - 1)) ? length - 1 : length);
}

function ending(text: string, length: number): string {
  const from = text.length - length;
  return text.slice(isLow(text.charCodeAt(from)) ? from + 1 : from);
}

function isHigh(char: number): boolean {
  return (char & 0xfc00) === 0xd800;
}

function isLow(char: number): boolean {
  return (char & 0xfc00) === 0xdc00;
}
