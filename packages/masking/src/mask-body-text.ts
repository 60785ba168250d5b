import { looksLikeEvents } from '@throughline/providers/sse';
import { type Edit, editText } from './edit-text.ts';
import { findSecrets } from './find-secrets.ts';
import type { MaskingRules } from './masking-rules.ts';
import { StreamTexts } from './stream-texts.ts';
import { unescapeText } from './unescape-text.ts';
import { type JsonVisitor, walkJson } from './walk-json.ts';

export interface BodyText {
  readonly text: string;
  /** The text ends before the body did: what was begun at its end counts as what it may have become. */
  readonly isCut: boolean;
  /** Texts in it may come in parts, as answers do. */
  readonly isAnswer: boolean;
}

/**
 * A body with what the rules name replaced, the text itself where there is nothing of it. JSON stays JSON and events stay
 * events; in a stream, texts of the same place are looked at as one, so that a secret is found whose parts came apart.
 * Time is linear in the text.
 */
export function maskBodyText({ text, isCut, isAnswer }: BodyText, rules: MaskingRules): string {
  const edits: Edit[] = [];
  const logprobs: Edit[] = [];
  let streamTexts: StreamTexts | undefined;

  const plain = (from: number, to: number, isOpen: boolean) => {
    for (const span of findSecrets(text.slice(from, to), rules, isOpen)) {
      edits.push({ from: from + span.from, to: from + span.to, insert: span.label });
    }
  };
  const visitor: JsonVisitor = {
    string(from, to, place, isKey, isOpen) {
      if (from >= to) return;
      const raw = text.slice(from, to);
      const unescaped = unescapeText(raw, false);
      const places = unescaped?.places;
      for (const span of findSecrets(unescaped?.text ?? raw, rules, isOpen && isCut)) {
        const start = places ? places[span.from]! : span.from;
        const end = places ? places[span.to]! : span.to;
        edits.push({ from: from + start, to: from + end, insert: span.label });
      }
      if (isKey) return;
      streamTexts?.add(from, unescaped?.text ?? raw, places, place);
      if (isLogged) streamTexts?.addEvent(from, unescaped?.text ?? raw, places);
    },
    bare(from, to) {
      // In quotes, so that it stays JSON.
      for (const { label } of findSecrets(text.slice(from, to), rules, isCut && to === text.length)) {
        edits.push({ from, to, insert: `"${label}"` });
      }
    },
    named: (from, to) => edits.push({ from, to, insert: '"[masked]"' }),
    logprobs: (from, to) => logprobs.push({ from, to, insert: 'null' }),
  };
  const json = (from: number, to: number) => {
    if (!walkJson(text, from, to, rules.paths, visitor)) plain(from, to, isCut && to === text.length);
  };

  const first = text.charCodeAt(firstSign(text));
  const isLogged = isAnswer && text.includes(LOGGED_STREAM);
  if (looksLikeEvents(text)) {
    streamTexts = new StreamTexts();
    forEachLine(text, (from, to) => {
      if (!text.startsWith('data:', from)) return plain(from, to, isCut && to === text.length);
      const dataAt = from + 'data:'.length + (text[from + 'data:'.length] === ' ' ? 1 : 0);
      const sign = text.charCodeAt(dataAt);
      if (sign === OPEN_BRACE || sign === OPEN_BRACKET) return json(dataAt, to);
      plain(dataAt, to, isCut && to === text.length);
      streamTexts!.addPlain(dataAt, text.slice(dataAt, to));
    });
  } else if (first === OPEN_BRACE || first === OPEN_BRACKET || first === QUOTE) {
    if (isLogged || (isAnswer && comesInParts(text, first))) streamTexts = new StreamTexts();
    json(0, text.length);
  } else plain(0, text.length, isCut);
  if (streamTexts) edits.push(...streamTexts.edits(rules, isCut));
  if (edits.length === 0) return text;
  // The same text over again, token by token and as bytes.
  edits.push(...logprobs);
  return editText(text, edits);
}

const OPEN_BRACE = 123;
const OPEN_BRACKET = 91;
const QUOTE = 34;

/** A list of events, or events line by line. */
function comesInParts(text: string, first: number): boolean {
  return first === OPEN_BRACKET || text.includes('}\n{') || text.includes('}\r\n{');
}

/** A stream as it is logged by hand: a list of its events, each JSON or a text of it. */
const LOGGED_STREAM = '"streamed_data"';

function firstSign(text: string): number {
  let at = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  while (at < text.length && text.charCodeAt(at) <= SPACE) at++;
  return at;
}

const BYTE_ORDER_MARK = 0xfeff;
const SPACE = 32;

function forEachLine(text: string, take: (from: number, to: number) => void): void {
  let from = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  let nextReturn = text.indexOf('\r', from);
  while (from < text.length) {
    const feed = text.indexOf('\n', from);
    if (nextReturn >= 0 && nextReturn < from) nextReturn = text.indexOf('\r', from);
    let to = feed < 0 ? text.length : feed;
    if (nextReturn >= 0 && nextReturn < to) to = nextReturn;
    if (to > from) take(from, to);
    from = to + 1;
  }
}
