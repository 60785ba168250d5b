import { expect, test } from '@jest/globals';
import { readFilter } from './filter-node.ts';
import { filterWords } from './filter-words.ts';

const session = (column: string, condition: object) => ({ sessions_request_response_rmt: { [column]: condition } });

test.each([
  [session('session_error_count', { gte: 1 }), 'Errors ≥ 1'],
  [session('session_live', { equals: true }), 'Running now yes'],
  [session('session_tag', { equals: '' }), 'Tag is empty'],
  [session('session_total_cost', { lte: 0.5 }), 'Cost ≤ 0.5'],
  [{ request_response_rmt: { properties: { env: { equals: 'a\u202eb' } } } }, 'env is a⟦RLO⟧b'],
  [
    {
      left: session('session_model', { equals: 'gpt-4o' }),
      operator: 'or',
      right: session('session_model', { equals: 'o3' }),
    },
    'Model is gpt-4o or o3',
  ],
  [
    {
      left: session('session_model', { contains: 'gpt' }),
      operator: 'or',
      right: {
        left: session('session_error_count', { gte: 1 }),
        operator: 'and',
        right: session('session_tag', { equals: 'x' }),
      },
    },
    'Model contains gpt or (Errors ≥ 1 and Tag is x)',
  ],
])('%j reads as it is meant', (tree, words) => {
  const read = readFilter(tree);
  expect(read.ok && filterWords(read.filter.children[0]!)).toBe(words);
});
