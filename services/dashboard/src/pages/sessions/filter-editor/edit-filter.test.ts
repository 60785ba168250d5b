import { describe, expect, test } from '@jest/globals';
import { columnNamed } from '../../../search/filter/filter-columns.ts';
import type { Condition, Group } from '../../../search/filter/filter-node.ts';
import { missingIn, replacedAt, typedValue, withColumn } from './edit-filter.ts';

const SESSION = 'sessions_request_response_rmt';
const about = (column: string, value: string | number): Condition => ({
  kind: 'condition',
  table: SESSION,
  column,
  key: null,
  operator: 'equals',
  value,
});
const group = (operator: 'and' | 'or', ...children: Group['children'][number][]): Group => ({
  kind: 'group',
  operator,
  children,
});

describe('a filter that is being edited', () => {
  const [a, b, c] = [about('session_tag', 'a'), about('session_tag', 'b'), about('session_tag', 'c')];

  test('changes where it is changed and nowhere else', () => {
    const tree = group('and', a, group('or', b, a));
    expect(replacedAt(tree, [1, 0], c)).toEqual(group('and', a, group('or', c, a)));
    expect(replacedAt(tree, [1, 1], null)).toEqual(group('and', a, group('or', b)));
    expect(replacedAt(tree, [1], null)).toEqual(group('and', a));
  });

  test('a question about another column keeps its value and operator where they make sense there', () => {
    const cost = columnNamed(SESSION, 'session_total_cost')!;
    expect(withColumn(about('session_tag', '12'), cost)).toMatchObject({ operator: 'gte', value: 12 });
    expect(withColumn(a, cost)).toMatchObject({ operator: 'gte', value: '' });
    const name = columnNamed(SESSION, 'session_session_name')!;
    expect(withColumn({ ...a, operator: 'contains' }, name)).toMatchObject({ operator: 'contains', value: 'a' });
    expect(withColumn(a, columnNamed('request_response_rmt', 'properties')!)).toMatchObject({ key: '', value: 'a' });
  });

  test.each([
    ['number', '1e3', 1_000],
    ['number', 'dear', ''],
    ['usd', ' ', ''],
    ['boolean', 'false', false],
    ['text', ' as it is ', ' as it is '],
  ] as const)('what is typed for a %s: %j', (kind, typed, value) => {
    expect(typedValue(kind, typed)).toBe(value);
  });

  test('says what is missing, and nothing where all is there', () => {
    expect(missingIn(group('and', a, group('or', about('session_total_cost', ''))))).toContain('Cost');
    expect(missingIn({ ...a, table: 'request_response_rmt', column: 'properties', key: '' })).toContain('Property');
    expect(missingIn(about('session_created_at', ''))).toContain('Started');
    expect(missingIn(group('and', a, b))).toBeUndefined();
  });
});
