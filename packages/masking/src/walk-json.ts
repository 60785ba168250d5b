import {
  CLOSE_BRACE,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipSpace,
} from '@throughline/providers/json-scan';
import { descend, type JsonPath, type PathPlaces, startPaths } from './json-path.ts';

/** Where a value stands: told apart from others of the same name in a stream by the marks of what it is in (`PlaceNumbers`). */
export interface JsonPlace {
  readonly parent: JsonPlace | undefined;
  /** Name of the member that it is, `''` for items and at the root. */
  readonly name: string;
  /** `index` and the like, of the object itself; complete once its document has been walked. */
  marks: string;
}

export interface JsonVisitor {
  /**
   * The inside of a string, as it stands in the text.
   *
   * @param isKey it is the name of a member. @param isOpen the text ends before the string does.
   */
  string(from: number, to: number, place: JsonPlace, isKey: boolean, isOpen: boolean): void;
  /** What stands bare: a number or a word. Space around it is left out. */
  bare(from: number, to: number): void;
  /** A value that a path names, quotes and all. */
  named(from: number, to: number): void;
  /** The list or object of a member called `logprobs`; what is in it is visited as well. */
  logprobs(from: number, to: number): void;
}

/** Deeper than any API nests. Below that, values are visited and paths do not reach. */
const DEPTH_MAX = 256;

interface Frame extends JsonPlace {
  readonly isObject: boolean;
  readonly paths: PathPlaces;
  readonly from: number;
  readonly isLogprobs: boolean;
  /** Of the member whose value comes next; undefined where a name comes next. */
  key: string | undefined;
  index: number;
}

/**
 * Goes through JSON once, without parsing it: one document, several behind one another, or the beginning of one.
 *
 * @returns whether it is JSON as far as it goes: of what is not, some text may have been taken for structure.
 */
export function walkJson(
  text: string,
  from: number,
  to: number,
  paths: readonly JsonPath[],
  visitor: JsonVisitor,
): boolean {
  const root: JsonPlace = { parent: undefined, name: '', marks: '' };
  const rootPaths = startPaths(paths);
  const stack: Frame[] = [];
  let tooDeep = 0;
  let isJson = true;
  /** Where the value began that a path names, and how deep; everything up to its end is passed over. */
  let namedFrom = -1;
  let namedDepth = 0;
  let top: Frame | undefined;

  /** What a value at this place is: `'here'` for one that a path names. */
  const pathsHere = (): PathPlaces | 'here' => {
    if (!top) return rootPaths;
    if (tooDeep > 0 || top.paths.length === 0) return NO_PATHS;
    return descend(top.paths, top.isObject ? (top.key ?? '') : top.index);
  };
  const endValue = () => {
    if (tooDeep === 0 && top?.isObject) top.key = undefined;
  };

  let at = from;
  while (at < to) {
    const code = text.charCodeAt(at);
    if (code <= SPACE) {
      at++;
      continue;
    }
    switch (code) {
      case QUOTE: {
        const end = stringEnd(text, at, to);
        const isOpen = end < 0;
        const inside = isOpen ? to : end - 1;
        const behind = isOpen ? to : end;
        const isKey = tooDeep === 0 && top?.isObject === true && top.key === undefined;
        const isMember = isKey || (tooDeep > 0 && text.charCodeAt(skipSpace(text, behind)) === COLON);
        if (namedFrom >= 0) {
          // Part of what is passed over.
        } else if (isMember) {
          visitor.string(at + 1, inside, top ?? root, true, isOpen);
        } else if (pathsHere() === 'here') {
          visitor.named(at, behind);
        } else {
          visitor.string(at + 1, inside, placeOf(top, root), false, isOpen);
        }
        if (isKey) top!.key = nameOf(text.slice(at + 1, inside));
        else {
          if (top && namedFrom < 0) mark(top, text, at + 1, inside);
          endValue();
        }
        at = behind;
        break;
      }
      case OPEN_BRACE:
      case OPEN_BRACKET: {
        if (stack.length === DEPTH_MAX) tooDeep++;
        else {
          const here = namedFrom >= 0 ? NO_PATHS : pathsHere();
          if (here === 'here') {
            namedFrom = at;
            namedDepth = stack.length;
          }
          const name = top?.isObject ? (top.key ?? '') : '';
          const isLogprobs = name === 'logprobs' && namedFrom < 0;
          const isObject = code === OPEN_BRACE;
          const inner = here === 'here' ? NO_PATHS : here;
          top = {
            parent: top ?? root,
            name,
            marks: '',
            isObject,
            paths: inner,
            from: at,
            isLogprobs,
            key: undefined,
            index: 0,
          };
          stack.push(top);
        }
        at++;
        break;
      }
      case CLOSE_BRACE:
      case CLOSE_BRACKET: {
        at++;
        if (tooDeep > 0) tooDeep--;
        else if (!top) isJson = false;
        else {
          stack.pop();
          if (top.isObject !== (code === CLOSE_BRACE)) isJson = false;
          if (top.isLogprobs && namedFrom < 0) visitor.logprobs(top.from, at);
          top = stack.at(-1);
          if (namedFrom >= 0 && stack.length === namedDepth) {
            visitor.named(namedFrom, at);
            namedFrom = -1;
          }
        }
        endValue();
        break;
      }
      case COMMA:
        if (tooDeep === 0 && top) {
          top.key = undefined;
          top.index++;
        }
        at++;
        break;
      case COLON:
        if (tooDeep === 0 && (!top?.isObject || top.key === undefined)) isJson = false;
        at++;
        break;
      default: {
        const end = bareEnd(text, at, to);
        if (namedFrom < 0) {
          if (top?.isObject && tooDeep === 0 && top.key === undefined) isJson = false;
          if (!isBareValue(text, at, end) && end < to) isJson = false;
          if (pathsHere() === 'here') visitor.named(at, end);
          else visitor.bare(at, end);
          if (top && tooDeep === 0) mark(top, text, at, end);
        }
        endValue();
        at = end;
      }
    }
  }
  if (namedFrom >= 0) visitor.named(namedFrom, to);
  else for (const { isLogprobs, from: began } of stack) if (isLogprobs) visitor.logprobs(began, to);
  return isJson;
}

const SPACE = 32;
const CLOSE_BRACKET = 93;
const BACKSLASH = 92;
const NO_PATHS: PathPlaces = [];

function placeOf(top: Frame | undefined, root: JsonPlace): JsonPlace {
  if (!top) return root;
  return top.isObject && top.key !== undefined ? { parent: top, name: top.key, marks: '' } : top;
}

/** @returns the place behind the closing quote, −1 when there is none before `to`. */
function stringEnd(text: string, open: number, to: number): number {
  let at = open;
  for (;;) {
    at = text.indexOf('"', at + 1);
    if (at < 0 || at >= to) return -1;
    let before = at - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((at - before) % 2 === 1) return at + 1;
  }
}

/** Up to what could be structure; spaces may stand within, since who writes no JSON writes numbers with spaces. */
function bareEnd(text: string, from: number, to: number): number {
  let end = from;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE || code === COMMA || code === COLON) break;
    if (code === OPEN_BRACE || code === CLOSE_BRACE || code === OPEN_BRACKET || code === CLOSE_BRACKET) break;
    if (code > SPACE) end = at + 1;
  }
  return end;
}

/** Longer than any number that anybody writes. */
const NUMBER_CHARS_MAX = 400;

function isBareValue(text: string, from: number, to: number): boolean {
  if (to - from > NUMBER_CHARS_MAX) return false;
  const bare = text.slice(from, to);
  return (
    bare === 'true' || bare === 'false' || bare === 'null' || (!Number.isNaN(Number(bare)) && bare.trim() === bare)
  );
}

function nameOf(raw: string): string {
  if (!raw.includes('\\')) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return raw;
  }
}

/** What tells parts of a stream apart: several answers, several blocks of one, several calls of tools. */
const MARKS: ReadonlySet<string> = new Set(['index', 'output_index', 'content_index', 'summary_index', 'item_id']);
const MARK_CHARS_MAX = 200;

function mark(frame: Frame, text: string, from: number, to: number): void {
  const { key } = frame;
  if (!frame.isObject || key === undefined) return;
  // The kind of a whole event: those of what is in it come with the first one only.
  const isKind = key === 'type' && frame.parent?.parent === undefined;
  if (!isKind && !MARKS.has(key)) return;
  const value = text.slice(from, Math.min(to, from + MARK_CHARS_MAX));
  // The first one is left out by some.
  if (value !== '0') frame.marks += `${key}=${value};`;
}
