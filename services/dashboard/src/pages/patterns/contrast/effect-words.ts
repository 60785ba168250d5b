/** How large a difference is, in a word. */
export type EffectSize = 'none' | 'slight' | 'medium' | 'large';

/**
 * Of Cliff's delta, -1 to 1: how much more often a value of one group is above one of the other than below it. The bounds are
 * those in common use: 0.147, 0.33, 0.474.
 */
export function deltaSize(delta: number): EffectSize {
  const size = Math.abs(delta);
  if (size < 0.147) return 'none';
  return size < 0.33 ? 'slight' : size < 0.474 ? 'medium' : 'large';
}

/** Of Cohen's h, the difference of two shares. The bounds are those in common use: 0.2, 0.5, 0.8. */
export function shareSize(h: number): EffectSize {
  const size = Math.abs(h);
  if (size < 0.2) return 'none';
  return size < 0.5 ? 'slight' : size < 0.8 ? 'medium' : 'large';
}

/** Sessions of a group below which no size of an effect is said: any two that differ would make a large one. */
const SESSIONS_MIN = 5;

/** @param fewest sessions of the smaller group. */
export function isTooFew(fewest: number): boolean {
  return fewest < SESSIONS_MIN;
}

/** Whether a difference may as well be none, or the other way round. */
export function mayBeChance(interval: readonly number[] | null): boolean {
  const [from = 0, to = 0] = interval ?? [];
  return from <= 0 && to >= 0;
}

export const SIZE_WORDS: Readonly<Record<EffectSize, string>> = {
  none: 'hardly any',
  slight: 'small',
  medium: 'medium',
  large: 'large',
};

/** How often something is there, against the other group: `3.2 times as often`, `only here`, `never here`. */
export function oftenWords(a: number, b: number): string {
  if (a === 0 && b === 0) return 'as often';
  if (b === 0) return 'only here';
  if (a === 0) return 'never here';
  const times = a / b;
  if (times > 0.95 && times < 1.05) return 'as often';
  if (times >= 1) return `${figure(times)}× as often`;
  return `${figure(1 / times)}× less often`;
}

function figure(times: number): string {
  return times >= 100 ? '>100' : times.toFixed(times < 10 ? 1 : 0);
}
