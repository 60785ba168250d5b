import type { Schemas } from '../../api/client.ts';
import { money } from '../../format/money.ts';
import type { DiffStep } from './diff-rows.ts';

type Side = Schemas['DiffStepSide'];

/** What became of a step, in a few words. */
export function stateWords({ state, changed }: DiffStep): string {
  if (state === 'only_a') return 'only in A';
  if (state === 'only_b') return 'only in B';
  if (state === 'equal') return 'equal';
  return changed.map((name) => name.replace('_', ' ')).join(', ');
}

/** Goes on behind `stateWords` where a body that is in both could not be compared; empty where all were. */
export function notComparedWords({ a, b, compared }: DiffStep): string {
  return a && b && !compared ? ', not all compared' : '';
}

/** Signs of the same, so that a column of them is read at a glance. */
export const STATE_SIGNS = { equal: '=', changed: '≠', only_a: '−', only_b: '+' } as const;

/** From what to what, of what is short; texts are shown themselves. */
export function changesOf({ changed, a, b }: DiffStep): (readonly [name: string, from: string, to: string])[] {
  if (!a || !b) return [];
  return changed.flatMap((name) => {
    const print = PRINTED.get(name);
    return print ? [[name.replace('_', ' '), print(a), print(b)] as const] : [];
  });
}

const PRINTED: ReadonlyMap<string, (side: Side) => string> = new Map([
  ['path', ({ path }: Side) => path],
  ['kind', ({ kind }: Side) => kind],
  ['status', ({ status }: Side) => String(status)],
  [
    'error',
    ({ error }: Side) => (error ? [error.type, error.message].filter((part) => part !== '').join(': ') : 'none'),
  ],
  ['model', ({ model }: Side) => model],
  ['provider', ({ provider }: Side) => provider],
  ['finish_reason', ({ finish_reason: reason }: Side) => reason ?? 'none'],
  [
    'tokens',
    ({ prompt_tokens: prompt, completion_tokens: completion }: Side) =>
      `${prompt ?? 'unknown'} in, ${completion ?? 'unknown'} out`,
  ],
  ['cost', ({ cost }: Side) => money(cost)],
]);

/** Why a body is not, or not all, compared; nothing where it is all there. */
export function bodyWords(state: Side['request']): string | undefined {
  return BODY_WORDS.get(state);
}

const BODY_WORDS: ReadonlyMap<string, string> = new Map([
  ['truncated', 'was recorded in part'],
  ['none', 'is empty'],
  ['omitted', 'was not recorded, as its caller asked'],
  ['gone', 'is not stored, or no longer'],
  ['deleted', 'was deleted'],
  ['lost', 'was lost before it could be stored'],
  ['too_large', 'is too large to be shown word by word'],
  ['binary', 'is no text'],
  ['not_permitted', 'is not for this key to read'],
]);
