import { expect, test } from '@jest/globals';
import { readFilter } from './filter-node.ts';
import { filterWords, treeWords } from './filter-words.ts';

const session = (column: string, condition: object) => ({ sessions_request_response_rmt: { [column]: condition } });

test.each([
  [session('session_error_count', { gte: 1 }), 'Errors ≥ 1'],
  [session('session_live', { equals: true }), 'Running now yes'],
  [session('session_tag', { equals: '' }), 'Tag is empty'],
  [session('session_total_cost', { lte: 0.5 }), 'Cost ≤ $0.50'],
  [session('session_total_cost', { gte: 0.0000123456 }), 'Cost ≥ $0.0000123456'],
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

test.each([
  ['all', 'anything'],
  [
    {
      left: session('session_total_cost', { gte: 0.25 }),
      operator: 'and',
      right: {
        left: { request_response_rmt: { properties: { Version: { equals: 'v2' } } } },
        operator: 'or',
        right: { request_response_rmt: { latency: { gt: 900 } } },
      },
    },
    'Cost ≥ $0.25 and (Version is v2 or Latency > 900)',
  ],
  [
    {
      left: { request_response_rmt: { status: { equals: 500 } } },
      operator: 'or',
      right: { request_response_rmt: { status: { equals: 429 } } },
    },
    'Status is 500 or 429',
  ],
  [{ properties: { Env: { equals: '' } } }, '{"properties":{"Env":{"equals":""}}}'],
  [{ left: 'all', operator: 'xor\u202e', right: 'all' }, '{"left":"all","operator":"xor⟦RLO⟧","right":"all"}'],
])('the tree %j reads as it is meant, or as it stands there', (tree, words) => {
  expect(treeWords(tree)).toBe(words);
});
