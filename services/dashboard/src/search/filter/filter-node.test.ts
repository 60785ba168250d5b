import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FILTER_COLUMNS, isKeyed, OPERATORS } from './filter-columns.ts';
import {
  asFilter,
  type FilterNode,
  filterText,
  filterTree,
  NO_FILTER,
  type ReadFilter,
  readFilter,
  readFilterText,
} from './filter-node.ts';

const leaf = (column: string, condition: unknown) => ({ sessions_request_response_rmt: { [column]: condition } });
const join = (left: unknown, operator: unknown, right: unknown) => ({ left, operator, right });
const about = (column: string, operator: string, value: string | number) =>
  ({ kind: 'condition', table: 'sessions_request_response_rmt', column, key: null, operator, value }) as const;

function read(tree: unknown) {
  const result = readFilter(tree);
  if (!result.ok) throw new Error(result.problem);
  return result.filter;
}

describe('a filter tree of the API as groups and conditions', () => {
  test.each(['all', {}, join('all', 'and', {}), join(leaf('session_tag', { equals: 'a' }), 'or', 'all')])(
    'is no filter where everything satisfies it: %j',
    (tree) => {
      expect(read(tree)).toEqual(NO_FILTER);
      expect(filterText(NO_FILTER)).toBeUndefined();
      expect(filterTree(NO_FILTER)).toBe('all');
    },
  );

  test('branches of the same operator are one group, whichever way they lean', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((value) => leaf('session_tag', { equals: value }));
    const flat = asFilter({
      kind: 'group',
      operator: 'or',
      children: ['a', 'b', 'c'].map((value) => about('session_tag', 'equals', value)),
    });
    expect(read(join(join(a, 'or', b), 'or', c))).toEqual(flat);
    expect(read(join(a, 'or', join(b, 'or', c)))).toEqual(flat);
  });

  test('a leaf that asks for several things is a condition for each', () => {
    expect(read(leaf('session_total_cost', { gte: 1, lte: 2 })).children).toEqual([
      about('session_total_cost', 'gte', 1),
      about('session_total_cost', 'lte', 2),
    ]);
  });

  test('what the editor does not know stays as it is', () => {
    const tree = join({ request: { model: { equals: 'gpt-4o' } } }, 'and', leaf('session_tag', { equals: 'a' }));
    expect(filterTree(read(tree))).toEqual(tree);
  });

  test('a property may be called anything', () => {
    const tree = JSON.parse('{"request_response_rmt":{"properties":{"__proto__":{"equals":"x"}}}}');
    expect(read(tree).children[0]).toMatchObject({ key: '__proto__', value: 'x' });
    expect(filterText(read(tree))).toBe(JSON.stringify(tree));
  });

  test.each([
    ['an operator that the column does not take', leaf('session_total_cost', { contains: '1' }), 'session_total_cost'],
    ['a joint that is none', join('all', 'xor', 'all'), '"xor"'],
    ['a list', [], '[]'],
    ['a column without operators', leaf('session_tag', 'gold'), 'session_tag'],
    ['a value that is a list', leaf('session_tag', { equals: [1] }), '[1]'],
  ])('names what is wrong with %s', (_, tree, named) => {
    const result = readFilter(tree) as Extract<ReadFilter, { ok: false }>;
    expect(result.ok).toBe(false);
    expect(result.problem).toContain(named);
  });

  test('text that is no JSON is said to be none, and the empty text is no filter', () => {
    expect(readFilterText('{')).toMatchObject({ ok: false });
    expect(readFilterText(' ')).toEqual({ ok: true, filter: NO_FILTER });
  });

  test('a chain of a thousand conditions is read and written', () => {
    const long = asFilter({
      kind: 'group',
      operator: 'or',
      children: Array.from({ length: 1_000 }, (_, i) => about('session_tag', 'equals', `${i}`)),
    });
    expect(read(filterTree(long))).toEqual(long);
  });

  test('whatever can be built is read back as it was', () => {
    fc.assert(
      fc.property(nodes, (node) => {
        const once = read(filterTree(node));
        expect(read(filterTree(once))).toEqual(once);
        expect(readFilterText(filterText(once) ?? '')).toEqual({ ok: true, filter: once });
      }),
    );
  });

  test('nothing that is not a filter makes it throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(typeof readFilterText(text).ok).toBe('boolean');
      }),
    );
  });
});

const conditions = fc.constantFrom(...FILTER_COLUMNS).chain(({ table, column, kind }) =>
  fc.record({
    kind: fc.constant('condition' as const),
    table: fc.constant(table as string),
    column: fc.constant(column),
    key: isKeyed(kind) ? fc.string() : fc.constant(null),
    operator: fc.constantFrom(...OPERATORS[kind]),
    value: fc.oneof(fc.string(), fc.integer(), fc.boolean()),
  }),
);

const nodes: fc.Arbitrary<FilterNode> = fc.letrec<{ node: FilterNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    conditions,
    fc.record({
      kind: fc.constant('group' as const),
      operator: fc.constantFrom('and' as const, 'or' as const),
      children: fc.array(tie('node'), { maxLength: 4 }),
    }),
  ),
})).node;
