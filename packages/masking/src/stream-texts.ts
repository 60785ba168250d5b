import type { Edit } from './edit-text.ts';
import { findSecrets, type TextRules } from './find-secrets.ts';
import { PlaceNumbers } from './place-numbers.ts';
import { unescapeText } from './unescape-text.ts';
import { type JsonPlace, walkJson } from './walk-json.ts';

/** One string of a stream. */
interface Piece {
  /** Where its inside begins in the body. */
  readonly at: number;
  /** Without escapes. */
  readonly text: string;
  /** Unit of `text` → unit of the string as it stands in the body; left out where they are the same. */
  readonly places: Uint32Array | undefined;
  readonly place: JsonPlace;
}

/** Members that are the same in every event, or have nothing to do with those before: together they would look like secrets. */
const NO_PARTS: ReadonlySet<string> = new Set([
  'id',
  'object',
  'model',
  'modelVersion',
  'role',
  'type',
  'event',
  'status',
  'item_id',
  'responseId',
  'response_id',
  'call_id',
  'created_at',
  'finish_reason',
  'native_finish_reason',
  'finishReason',
  'stop_reason',
  'system_fingerprint',
  'service_tier',
  'provider',
  'obfuscation',
]);

const EVENT_BEGINNINGS: ReadonlySet<string> = new Set(['', 'data:']);

const PLAIN: JsonPlace = { parent: undefined, name: 'plain', marks: '' };

/** The texts of a stream, put together from their parts by the place where each stands. */
export class StreamTexts {
  readonly #pieces: Piece[] = [];

  add(at: number, text: string, places: Uint32Array | undefined, place: JsonPlace): void {
    if (text !== '' && !NO_PARTS.has(place.name)) this.#pieces.push({ at, text, places, place });
  }

  /** The data of an event that is no JSON. */
  addPlain(at: number, text: string): void {
    if (text !== '[DONE]') this.#pieces.push({ at, text, places: undefined, place: PLAIN });
  }

  /**
   * An event that stands as a text in a string: what is in it is JSON once more.
   *
   * @param text of the string, without its escapes. @param places as in `add`.
   */
  addEvent(at: number, text: string, places: Uint32Array | undefined): void {
    const start = text.indexOf('{');
    if (start < 0 || !EVENT_BEGINNINGS.has(text.slice(0, start).trim())) return;
    walkJson(text, start, text.length, [], {
      string: (from, to, place, isKey) => {
        if (isKey) return;
        const raw = text.slice(from, to);
        const inner = unescapeText(raw, false);
        const own = Uint32Array.from({ length: (inner?.text ?? raw).length + 1 }, (_, i) => {
          const unit = from + (inner ? inner.places[i]! : i);
          return places ? places[unit]! : unit;
        });
        this.add(at, inner?.text ?? raw, own, place);
      },
      bare: () => {},
      named: () => {},
      logprobs: () => {},
    });
  }

  /** What is to be masked of texts whose parts tell nothing. Called once, when everything has been added. */
  edits(rules: TextRules, isCut: boolean): Edit[] {
    const numbers = new PlaceNumbers();
    const byPlace = new Map<number, Piece[]>();
    for (const piece of this.#pieces) {
      const key = numbers.of(piece.place);
      const pieces = byPlace.get(key);
      if (pieces) pieces.push(piece);
      else byPlace.set(key, [piece]);
    }
    const edits: Edit[] = [];
    for (const pieces of byPlace.values()) if (pieces.length > 1 || isCut) joinedEdits(pieces, rules, isCut, edits);
    return edits;
  }
}

function joinedEdits(pieces: readonly Piece[], rules: TextRules, isCut: boolean, edits: Edit[]): void {
  const joined = pieces.map(({ text }) => text).join('');
  const spans = findSecrets(joined, rules, isCut).sort((a, b) => a.from - b.from);
  if (spans.length === 0) return;
  const starts: number[] = [];
  let length = 0;
  for (const { text } of pieces) {
    starts.push(length);
    length += text.length;
  }
  let first = 0;
  for (const { from, to, label } of spans) {
    while (starts[first]! + pieces[first]!.text.length <= from) first++;
    for (let i = first; i < pieces.length && starts[i]! < to; i++) {
      const { at, text, places } = pieces[i]!;
      const begin = Math.max(0, from - starts[i]!);
      const end = Math.min(text.length, to - starts[i]!);
      const isFirst = starts[i]! <= from;
      edits.push({
        from: at + (places ? places[begin]! : begin),
        to: at + (places ? places[end]! : end),
        insert: isFirst ? label : '',
      });
    }
  }
}
