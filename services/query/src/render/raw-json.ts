import { randomBytes } from 'node:crypto';

/** Text that is JSON already and goes into an answer as it is: its numbers keep their digits, its nesting its depth. */
export class RawJson {
  readonly text: string;

  /** @param text JSON, as `JSON.parse` has accepted it. */
  constructor(text: string) {
    this.text = text;
  }
}

/** An answer as JSON, with each `RawJson` in it put in verbatim. */
export function stringifyAnswer(answer: unknown): string {
  const raws: string[] = [];
  const text = JSON.stringify(answer, (_key, value: unknown) => {
    if (!(value instanceof RawJson)) return value;
    raws.push(value.text);
    return `${MARK}${raws.length - 1}`;
  });
  return raws.length === 0 ? text : text.replace(MARKS, (_, index: string) => raws[Number(index)]!);
}

// Drawn at start: no text from outside can look like it.
const MARK = `raw:${randomBytes(16).toString('hex')}:`;
const MARKS = new RegExp(`"${MARK}(\\d+)"`, 'g');
