import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { boundsOf, choicesOf, withBounds, withChoices } from './filter-choices.ts';
import { type Filter, filterTree, NO_FILTER, readFilter } from './filter-node.ts';

const model = { table: 'sessions_request_response_rmt', column: 'session_model', key: null };
const env = { table: 'request_response_rmt', column: 'properties', key: 'env' };
const cost = { table: 'sessions_request_response_rmt', column: 'session_total_cost', key: null };

const reread = (filter: Filter): Filter => {
  const result = readFilter(filterTree(filter));
  if (!result.ok) throw new Error(result.problem);
  return result.filter;
};

describe('what is chosen beside the list, as part of the filter', () => {
  test('any choice comes back from the tree that it makes', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.uniqueArray(fc.string()), (models, envs) => {
        const filter = reread(withChoices(withChoices(NO_FILTER, model, models), env, envs));
        expect(choicesOf(filter, model)).toEqual(models);
        expect(choicesOf(filter, env)).toEqual(envs);
      }),
    );
  });

  test('any bounds come back, and stand beside choices', () => {
    const bound = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: undefined });
    fc.assert(
      fc.property(bound, bound, (min, max) => {
        const filter = withBounds(withChoices(NO_FILTER, model, ['gpt-4o', 'o3']), cost, { min, max });
        expect(boundsOf(filter, cost)).toEqual({
          ...(min !== undefined && { min }),
          ...(max !== undefined && { max }),
        });
        expect(choicesOf(reread(filter), model)).toEqual(['gpt-4o', 'o3']);
      }),
    );
  });

  test('leaves what was written by hand alone', () => {
    const written = reread(
      withChoices(
        {
          ...NO_FILTER,
          children: [
            { kind: 'condition', ...model, operator: 'contains', value: 'mini' },
            {
              kind: 'group',
              operator: 'or',
              children: [
                { kind: 'condition', ...model, operator: 'equals', value: 'o3' },
                { kind: 'condition', ...env, operator: 'equals', value: 'prod' },
              ],
            },
          ],
        },
        model,
        ['gpt-4o'],
      ),
    );
    expect(choicesOf(written, model)).toEqual(['gpt-4o']);
    expect(withChoices(written, model, []).children).toEqual(written.children.slice(0, 2));
  });
});
