import type { EditableObject } from '../lossless-json.ts';

/** What an assistant said in one turn: what tells two turns apart, whatever API they are written for. */
export interface Turn {
  readonly text: string;
  readonly calls: readonly ToolCall[];
}

export interface ToolCall {
  /** `''` where the API has none. */
  readonly id: string;
  readonly name: string;
  /** JSON, in one spelling. */
  readonly args: string;
}

/** A turn where it stands among the items of a conversation. */
export interface PlacedTurn {
  readonly at: number;
  readonly length: number;
  readonly turn: Turn;
}

/** How one API repeats answers in later requests. */
export interface ThreadShape {
  /** The conversation of a request: an array that is changed in place. Undefined: it has none. */
  items(request: EditableObject): unknown[] | undefined;
  /** The turn that begins at this item; undefined where none does. */
  turnAt(items: readonly unknown[], at: number): PlacedTurn | undefined;
  /** An answer as it stands in a later request. Undefined where nothing of it can. */
  answerItems(response: AnswerText): EditableObject[] | undefined;
  /** The same items, whose tool calls have these ids, one each in order. */
  withCallIds(items: readonly EditableObject[], ids: readonly string[]): EditableObject[];
}

/** A response as text: JSON, or the events of a stream. */
export interface AnswerText {
  /** Undefined for a stream. */
  readonly json: EditableObject | undefined;
  /** Data of the events of a stream, in order; those that are no JSON objects are left out. */
  readonly events: readonly EditableObject[];
}

/** Every turn of a conversation. */
export function turnsOf(shape: ThreadShape, items: readonly unknown[]): PlacedTurn[] {
  const turns: PlacedTurn[] = [];
  for (let at = 0; at < items.length; ) {
    const placed = shape.turnAt(items, at);
    if (placed) turns.push(placed);
    at += placed?.length ?? 1;
  }
  return turns;
}

/** Equal for turns that say the same. */
export function turnKey({ text, calls }: Turn): string {
  return JSON.stringify([text, calls.map(({ id, name, args }) => [id, name, args])]);
}

/** Arguments of a call as JSON in one spelling: members sorted; text that is no JSON stays what it is. */
export function canonicalArgs(given: unknown): string {
  if (typeof given !== 'string') return JSON.stringify(sorted(given ?? {}));
  try {
    return JSON.stringify(sorted(JSON.parse(given === '' ? '{}' : given)));
  } catch {
    return given;
  }
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  // As pairs: no name of a member means anything here.
  return entries.map(([name, of]) => [name, sorted(of)]);
}
