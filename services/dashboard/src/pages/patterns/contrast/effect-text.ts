import { deltaSize, isTooFew, SIZE_WORDS } from './effect-words.ts';
import { metricWords } from './metric-words.ts';

interface EffectAsked {
  readonly metric: string;
  /** Of the means. */
  readonly difference: number;
  /** Cliff's delta: of single sessions, not of means. */
  readonly effect: number;
  /** Sessions of the smaller group. */
  readonly fewest: number;
}

/**
 * A difference in words: its direction from the means, its size from how often a session of one group has more than one of the
 * other. Where a few large values turn the mean, these two contradict each other, and both are said.
 */
export function effectText({ metric, difference, effect, fewest }: EffectAsked): string {
  const { more, less } = metricWords(metric);
  const size = deltaSize(effect);
  const isEqual = difference === 0;
  if (isEqual && size === 'none') return 'the same';
  const mean = isEqual ? 'the same on average' : difference > 0 ? `▲ ${more}` : `▼ ${less}`;
  if (isTooFew(fewest)) return `${mean}; too few sessions to say how much`;
  const onAverage = isEqual ? mean : `${mean} on average`;
  if (size === 'none') return `${onAverage}, ${SIZE_WORDS.none} effect`;
  if (!isEqual && difference > 0 === effect > 0) return `${mean}, ${SIZE_WORDS[size]} effect`;
  return `${onAverage}; most sessions are ${effect > 0 ? more : less}, ${SIZE_WORDS[size]} effect`;
}
