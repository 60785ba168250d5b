import { diffArrays } from 'diff';

/** A run of a text that both have, or one of them. */
export interface TextPiece {
  readonly op: 'equal' | 'insert' | 'delete';
  readonly text: string;
}

/**
 * What was deleted from a text and inserted to make it another, word by word: lines first, then words of lines that are in
 * the place of others. What is deleted comes before what is inserted there; pieces beside each other differ in op. Of texts
 * with more differences than are looked for, the part that differs is deleted and inserted as a whole.
 *
 * @returns all of both texts: equal and deleted pieces are `a`, equal and inserted ones `b`.
 */
export function textPieces(a: string, b: string): TextPiece[] {
  // Where two ways are as short as each other, the same one is taken whichever text is named first.
  return a <= b ? compare(a, b) : theOtherWay(compare(b, a));
}

function theOtherWay(pieces: readonly TextPiece[]): TextPiece[] {
  const swapped: TextPiece[] = [];
  for (const { op, text } of pieces) {
    if (op !== 'insert') swapped.push({ op: op === 'delete' ? 'insert' : op, text });
    else if (swapped.at(-1)?.op === 'insert') swapped.splice(-1, 0, { op: 'delete', text });
    else swapped.push({ op: 'delete', text });
  }
  return swapped;
}

/** Edits looked for: beyond, texts have little in common, and time grows with their square. */
const LINE_EDITS_MAX = 400;
const WORD_EDITS_MAX = 300;
/** Of all words of a text. */
const ALL_WORD_EDITS_MAX = 1_000;

function compare(a: string, b: string): TextPiece[] {
  const { start, end } = commonEdges(a, b);
  const pieces = new Pieces();
  pieces.add('equal', a.slice(0, start));
  const budget = { edits: ALL_WORD_EDITS_MAX };
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  for (const { removed, added, kept } of changes(linesOf(left), linesOf(right), LINE_EDITS_MAX).runs) {
    compareWords(removed, added, budget, pieces);
    pieces.add('equal', kept);
  }
  pieces.add('equal', a.slice(a.length - end));
  return pieces.result();
}

function compareWords(a: string, b: string, budget: { edits: number }, pieces: Pieces): void {
  if (a === '' || b === '') {
    pieces.add('delete', a);
    pieces.add('insert', b);
    return;
  }
  const { runs, edits } = changes(wordsOf(a), wordsOf(b), Math.min(WORD_EDITS_MAX, budget.edits));
  budget.edits -= edits;
  for (const { removed, added, kept } of runs) {
    const { start, end } = longEdges(removed, added);
    pieces.add('equal', removed.slice(0, start));
    pieces.add('delete', removed.slice(start, removed.length - end));
    pieces.add('insert', added.slice(start, added.length - end));
    pieces.add('equal', removed.slice(removed.length - end));
    pieces.add('equal', kept);
  }
}

/** Of one word: longer ones are no words, and what differs would be lost in them. */
const WORD_EDGE_CHARS_MAX = 32;

/** What is equal of words that differ, at either end, where it is more than words have; never ending within a character. */
function longEdges(a: string, b: string): { start: number; end: number } {
  let start = equalAtStart(a, b);
  while (start > 0 && (goesOn(a, start) || goesOn(b, start))) start--;
  if (start < WORD_EDGE_CHARS_MAX) start = 0;
  let end = equalAtEnd(a, b, start);
  while (end > 0 && (goesOn(a, a.length - end) || goesOn(b, b.length - end))) end--;
  return { start, end: end < WORD_EDGE_CHARS_MAX ? 0 : end };
}

/** What stands there is part of the character before it. */
function goesOn(text: string, at: number): boolean {
  const code = text.codePointAt(at);
  if (code === undefined) return false;
  const isLow = (code & 0x1ffc00) === 0xdc00;
  return isLow || text.charCodeAt(at - 1) === JOINER || PART_OF_CHARACTER.test(String.fromCodePoint(code));
}

const JOINER = 0x200d;
const PART_OF_CHARACTER = /^[\p{M}\p{Emoji_Modifier}\u200d]/u;

/** What is removed, what is added in its place, and what follows in both. */
interface Run {
  removed: string;
  added: string;
  kept: string;
}

/** @returns also how many edits were looked for. */
function changes(a: string[], b: string[], editsMax: number): { runs: readonly Run[]; edits: number } {
  const found = editsAtLeast(a, b) <= editsMax ? diffArrays(a, b, { maxEditLength: editsMax }) : undefined;
  if (!found) return { runs: [{ removed: a.join(''), added: b.join(''), kept: '' }], edits: editsMax };
  let run: Run = { removed: '', added: '', kept: '' };
  const runs = [run];
  let edits = 0;
  for (const { value, removed, added } of found) {
    if ((removed || added) && run.kept !== '') {
      run = { removed: '', added: '', kept: '' };
      runs.push(run);
    }
    const text = value.join('');
    if (removed) run.removed += text;
    else if (added) run.added += text;
    else run.kept += text;
    if (removed || added) edits += value.length;
  }
  return { runs, edits };
}

/** However they are ordered, so many: what has more than are looked for is not begun with. */
function editsAtLeast(a: readonly string[], b: readonly string[]): number {
  const left = new Map<string, number>();
  for (const text of a) left.set(text, (left.get(text) ?? 0) + 1);
  let shared = 0;
  for (const text of b) {
    const times = left.get(text) ?? 0;
    if (times === 0) continue;
    left.set(text, times - 1);
    shared++;
  }
  return a.length + b.length - 2 * shared;
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/**
 * Words, runs of space, and everything else a character at a time: signs with what changes them, and letters of those who
 * write no space between words.
 */
function wordsOf(text: string): string[] {
  return text.match(WORDS) ?? [];
}

const UNSPACED = '[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Thai}\\p{sc=Laoo}\\p{sc=Khmr}\\p{sc=Mymr}]';
const LETTERS = '[\\p{L}\\p{N}\\p{M}_]';
const SIGN = '[^\\s\\p{L}\\p{N}\\p{M}_]';
const CHANGED = '[\\p{M}\\p{Emoji_Modifier}]';
const WORDS = new RegExp(
  [
    '\\s+',
    `${UNSPACED}\\p{M}*`,
    `[${LETTERS}--${UNSPACED}]+`,
    '\\p{RI}{2}',
    `${SIGN}${CHANGED}*(?:\\u200d${SIGN}${CHANGED}*)*`,
  ].join('|'),
  'gv',
);

/** How much of their beginnings and ends is equal, to the last line break in it: most of two long conversations. */
function commonEdges(a: string, b: string): { start: number; end: number } {
  let start = equalAtStart(a, b);
  if (start === a.length && start === b.length) return { start, end: 0 };
  start = start === 0 ? 0 : a.lastIndexOf('\n', start - 1) + 1;
  const lineBreak = a.indexOf('\n', a.length - equalAtEnd(a, b, start));
  return { start, end: lineBreak < 0 ? 0 : a.length - lineBreak - 1 };
}

/** UTF-16 units with which both begin. */
function equalAtStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let equal = 0;
  while (equal < most && a.charCodeAt(equal) === b.charCodeAt(equal)) equal++;
  return equal;
}

/** UTF-16 units with which both end, behind so many at the start of each. */
function equalAtEnd(a: string, b: string, start: number): number {
  const most = Math.min(a.length, b.length) - start;
  let equal = 0;
  while (equal < most && a.charCodeAt(a.length - 1 - equal) === b.charCodeAt(b.length - 1 - equal)) equal++;
  return equal;
}

/** Joined to runs. Space between two changes is part of both: words changed one by one are read as one change. */
class Pieces {
  readonly #done: TextPiece[] = [];
  #kept = '';
  #removed = '';
  #added = '';

  add(op: TextPiece['op'], text: string): void {
    if (text === '') return;
    if (op === 'equal') {
      this.#kept += text;
      return;
    }
    if (this.#kept !== '') {
      const isBetween = this.#removed !== '' && this.#added !== '' && /^[^\S\n]+$/.test(this.#kept);
      if (isBetween) {
        this.#removed += this.#kept;
        this.#added += this.#kept;
        this.#kept = '';
      } else this.#flush();
    }
    if (op === 'delete') this.#removed += text;
    else this.#added += text;
  }

  result(): TextPiece[] {
    this.#flush();
    return this.#done;
  }

  #flush(): void {
    if (this.#removed !== '') this.#done.push({ op: 'delete', text: this.#removed });
    if (this.#added !== '') this.#done.push({ op: 'insert', text: this.#added });
    if (this.#kept !== '') this.#done.push({ op: 'equal', text: this.#kept });
    this.#removed = '';
    this.#added = '';
    this.#kept = '';
  }
}
