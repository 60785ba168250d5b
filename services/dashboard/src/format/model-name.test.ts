import { expect, test } from '@jest/globals';
import { isModel } from './model-name.ts';

test('what steps without a model are recorded as is no model', () => {
  const names = ['gpt-4o-mini', 'vector_db', 'tool:search', 'data:load', 'vector_db-embed', 'ft:gpt-4o', ''];
  expect(names.filter(isModel)).toEqual(['gpt-4o-mini', 'vector_db-embed', 'ft:gpt-4o', '']);
});
