import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { DiffPiece } from '@throughline/contracts/api/session-diff';
import { requestText, responseText } from '@throughline/conversation/readable-text';
import { groupNeighbours } from '../group-neighbours.ts';
import { type BodyKey, positionOf, readBodies, type StoredBodies, type StoredBody } from '../queries/read-bodies.ts';
import { createBreath } from './breathe.ts';
import type { ComparedStep } from './compare-steps.ts';
import { bodyOf, type LoadedStep, TEXT_BYTES_MAX } from './load-steps.ts';
import { shownPieces } from './shown-pieces.ts';
import { textPieces } from './text-pieces.ts';

/** What differs in the texts of a step; null where nothing does, or nothing can be compared. */
export interface ComparedTexts {
  readonly request: DiffPiece[] | null;
  readonly response: DiffPiece[] | null;
}

/** Characters that one answer compares, and that it shows: what lies beyond comes with the next page. */
const COMPARED_CHARS_MAX = 8 * 1024 * 1024;
const SHOWN_CHARS_MAX = 1024 * 1024;
/** Stored bodies that are held at a time. */
const BATCH_BYTES_MAX = 8 * 1024 * 1024;

const NO_TEXTS: ComparedTexts = { request: null, response: null };

/**
 * The texts of steps, in their order, word by word; of the first of them only where they are long, at least of one.
 *
 * @param sessions ids of `a` and `b`.
 */
export async function compareTexts(
  analytics: Pick<AnalyticsStore, 'query'>,
  tenantId: string,
  sessions: { readonly a: string; readonly b: string },
  steps: readonly ComparedStep[],
): Promise<ComparedTexts[]> {
  const breathe = createBreath();
  const texts: ComparedTexts[] = [];
  let compared = 0;
  let shown = 0;
  for (const batch of groupNeighbours(steps, bytesOf, { weightMax: BATCH_BYTES_MAX })) {
    const keys = batch.flatMap((step) => (hasTexts(step) ? keysOf(step, sessions) : []));
    const stored = await readBodies(analytics, tenantId, keys, TEXT_BYTES_MAX);
    for (const step of batch) {
      if (texts.length > 0 && (compared >= COMPARED_CHARS_MAX || shown >= SHOWN_CHARS_MAX)) return texts;
      if (!hasTexts(step)) {
        texts.push(NO_TEXTS);
        continue;
      }
      const { chars, ...pieces } = textsOf(step, sessions, stored);
      texts.push(pieces);
      compared += chars;
      for (const piece of [...(pieces.request ?? []), ...(pieces.response ?? [])]) shown += piece.text.length;
      await breathe();
    }
  }
  return texts;
}

type Pair = ComparedStep & { readonly a: LoadedStep; readonly b: LoadedStep };

function hasTexts(step: ComparedStep): step is Pair {
  return step.changed.includes('request') || step.changed.includes('response');
}

function bytesOf(step: ComparedStep): number {
  return hasTexts(step) ? storedBytes(step.a) + storedBytes(step.b) : 0;
}

function storedBytes({ requestBytes, responseBytes }: LoadedStep): number {
  return Math.min(requestBytes, TEXT_BYTES_MAX) + Math.min(responseBytes, TEXT_BYTES_MAX);
}

function keysOf(step: Pair, sessions: { readonly a: string; readonly b: string }): BodyKey[] {
  return [keyOf(step.a, sessions.a), keyOf(step.b, sessions.b)];
}

function keyOf(step: LoadedStep, sessionId: string): BodyKey {
  return {
    session_id: sessionId,
    ordered_at_ms: String(step.orderedAtMs),
    request_id: step.requestId,
    source_partition: step.partition,
    source_offset: step.offset,
  };
}

function textsOf(
  step: Pair,
  sessions: { readonly a: string; readonly b: string },
  stored: ReadonlyMap<string, StoredBodies>,
): ComparedTexts & { readonly chars: number } {
  const [a, b] = keysOf(step, sessions).map((key) => stored.get(positionOf(key)));
  let chars = 0;
  const compare = (name: 'request' | 'response', read: (kind: string, body: unknown) => string) => {
    if (!step.changed.includes(name)) return null;
    const [left, right] = [read(step.a.kind, textBody(a?.[name])), read(step.b.kind, textBody(b?.[name]))];
    chars += left.length + right.length;
    return left === right ? null : shownPieces(textPieces(left, right));
  };
  const readable = (name: 'request' | 'response') => isReadable(step.a[name].state) && isReadable(step.b[name].state);
  return {
    request: readable('request') ? compare('request', requestText) : null,
    response: readable('response') ? compare('response', responseText) : null,
    chars,
  };
}

function isReadable(state: LoadedStep['request']['state']): boolean {
  return state === 'whole' || state === 'truncated' || state === 'none';
}

function textBody(stored: StoredBody | undefined): unknown {
  return (stored && bodyOf(stored)) ?? '';
}
