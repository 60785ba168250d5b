import { looksLikeEvents, readEvents } from '@throughline/providers/sse';
import { type BodyShape, bodyShape } from '../body-shape.ts';
import { type EditableObject, isEditable, parseLossless } from '../lossless-json.ts';
import { type AnswerText, type PlacedTurn, type ThreadShape, textOf, turnKey, turnsOf } from './answer-turn.ts';
import { chatThread } from './chat-thread.ts';
import { geminiThread } from './gemini-thread.ts';
import { messagesThread } from './messages-thread.ts';
import { responseId, responsesThread } from './responses-thread.ts';

/** New answers for recorded ones, in one session that is replayed. */
export interface Thread {
  /** Puts new answers into the request of a step that begins, in place. @param path that it was recorded with. */
  begin(request: EditableObject, path: string): ThreadedStep;
}

export interface ThreadedStep {
  /** In how many places a new answer was put. */
  readonly threaded: number;
  /** Recorded answers that stayed, because what follows them would not fit the new one. */
  readonly kept: number;
  /** The step was answered: its answer takes the place of the recorded one from now on. Both as the provider sent them. */
  answered(recorded: string, answer: string): void;
}

interface NewAnswer {
  /** Items before the answer in a conversation that simply goes on. */
  readonly place: number;
  /** Undefined: the new answer cannot stand where the recorded one did. */
  readonly items: readonly EditableObject[] | undefined;
}

export function createThread(): Thread {
  const answers = new Map<string, NewAnswer[]>();
  const responseIds = new Map<string, string>();

  return {
    begin(request, path) {
      let threaded = 0;
      let kept = 0;
      const previous = responseIds.get(textOf(request.previous_response_id));
      if (previous !== undefined) {
        request.previous_response_id = previous;
        threaded++;
      }
      const shape = SHAPES.get(bodyShape(path, request));
      const items = shape?.items(request);
      const place = items?.length ?? 0;
      if (!shape) return { threaded, kept, answered: () => {} };
      // From the end, so that places before it stay what they are.
      for (const { at, length, turn } of items ? turnsOf(shape, items).reverse() : []) {
        const answer = choose(answers.get(keyOf(shape, turn)), at);
        if (!answer) continue;
        if (!answer.items) {
          kept++;
          continue;
        }
        const ids = turn.calls.map(({ id }) => id);
        items!.splice(at, length, ...keepCacheMark(items![at], shape.withCallIds(answer.items, ids)));
        threaded++;
      }
      return { threaded, kept, answered: (recorded, answer) => remember(shape, place, recorded, answer) };
    },
  };

  function remember(shape: ThreadShape, place: number, recorded: string, answer: string): void {
    const before = answerText(recorded);
    const after = answerText(answer);
    const [oldId, newId] = [responseId(before), responseId(after)];
    if (shape === responsesThread && oldId !== '' && newId !== '') responseIds.set(oldId, newId);
    const old = turnOf(shape, shape.answerItems(before));
    if (!old) return;
    const items = shape.answerItems(after);
    const fits = items !== undefined && fitsIn(turnOf(shape, items)?.turn, old.turn);
    const key = keyOf(shape, old.turn);
    answers.set(key, [...(answers.get(key) ?? []), { place, items: fits ? items : undefined }]);
  }
}

const SHAPES: ReadonlyMap<BodyShape, ThreadShape> = new Map([
  ['chat', chatThread],
  ['messages', messagesThread],
  ['responses', responsesThread],
  ['gemini', geminiThread],
]);

function keyOf(shape: ThreadShape, turn: PlacedTurn['turn']): string {
  return `${[...SHAPES.values()].indexOf(shape)} ${turnKey(turn)}`;
}

function turnOf(shape: ThreadShape, items: readonly EditableObject[] | undefined): PlacedTurn | undefined {
  return items && turnsOf(shape, items)[0];
}

/** What tools answered stays as it was recorded, so the same tools have to have been called. */
function fitsIn(fresh: PlacedTurn['turn'] | undefined, recorded: PlacedTurn['turn']): boolean {
  return (
    fresh !== undefined &&
    fresh.calls.length === recorded.calls.length &&
    fresh.calls.every(({ name }, at) => name === recorded.calls[at]!.name)
  );
}

/** Several steps may have said the same: the one that stood at this place, else the last. */
function choose(answers: readonly NewAnswer[] | undefined, place: number): NewAnswer | undefined {
  return answers?.find((answer) => answer.place === place) ?? answers?.at(-1);
}

/** A mark up to where the provider is to cache, on the last block of the recorded answer, moves to that of the new one. */
function keepCacheMark(recorded: unknown, fresh: readonly EditableObject[]): readonly EditableObject[] {
  const mark = blocksOf(recorded).at(-1)?.cache_control;
  const last = fresh.at(-1);
  const block = blocksOf(last).at(-1);
  // What it thought is never marked.
  if (mark === undefined || !last || !block || String(block.type).includes('thinking')) return fresh;
  // A copy: the same answer is put into other requests too.
  return fresh.with(-1, { ...last, content: blocksOf(last).with(-1, { ...block, cache_control: mark }) });
}

function blocksOf(message: unknown): EditableObject[] {
  return isEditable(message) && Array.isArray(message.content) ? message.content.filter(isEditable) : [];
}

function answerText(text: string): AnswerText {
  const events: EditableObject[] = [];
  const take = (data: string) => {
    const event = parseLossless(data);
    if (event) events.push(event);
  };
  if (looksLikeEvents(text)) {
    readEvents(text, (_name, data) => take(data));
    return { json: undefined, events };
  }
  const json = parseLossless(text);
  if (!json && text.trimStart().startsWith('[')) takeElements(text, events);
  return { json, events };
}

/** Gemini streams an array to whoever does not ask for events. */
function takeElements(text: string, events: EditableObject[]): void {
  const wrapped = parseLossless(`{"elements":${text}}`);
  if (Array.isArray(wrapped?.elements)) events.push(...wrapped.elements.filter(isEditable));
}
