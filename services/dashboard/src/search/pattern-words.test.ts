import { describe, expect, it } from '@jest/globals';
import { patternWords } from './pattern-words.ts';

const steps = [{ path: '/plan' }, { path: '/search', match: 'prefix' as const }, { path: '/answer' }];

describe('a condition on steps', () => {
  it.each([
    [{ steps }, 'took /plan, then /search or below, then /answer'],
    [{ steps, reached: 2 }, 'took /plan, then /search or below'],
    [{ steps, droppedAfter: 0 }, 'never took /plan'],
    [{ steps, droppedAfter: 1 }, 'took /plan, and not /search or below after that'],
    [{ steps, droppedAfter: 3 }, 'took /plan, then /search or below, then /answer'],
    [{ loop: { from: '/search', to: '/plan' } }, 'went from /search straight back to /plan'],
    [{ loop: { from: '/plan', to: '/plan' }, depthMax: 8 }, 'took /plan again right after it'],
    [{ position: 3 }, 'have a step 3'],
    [{ position: 3, at: { path: '/plan' } }, 'have /plan as step 3'],
    [{ position: 3, at: { path: '/plan' }, next: 'end' as const }, 'have /plan as step 3, and it is their last'],
    [
      { position: 1, at: { path: '/plan' }, next: { path: '/plan' }, isLoop: true },
      'have /plan as step 1, then go back to /plan',
    ],
    [{ position: 8, next: 'more' as const }, 'have a step 8, and go on after it'],
    [{ position: 8, next: 'unknown' as const }, 'have a step 8, and go on to a step that is not kept'],
    [{ position: 1, at: { noneOf: ['/plan'] } }, 'have a path that is not shown by itself as step 1'],
  ])('%j is said in words', (pattern, words) => {
    expect(patternWords(pattern)).toBe(words);
  });
});
