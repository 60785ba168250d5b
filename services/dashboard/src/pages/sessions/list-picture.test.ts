import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { withChoices } from '../../search/filter/filter-choices.ts';
import { NO_FILTER } from '../../search/filter/filter-node.ts';
import { type Picture, pictureParameters, readPicture, SORT_FIELDS, selectionOf, windowOf } from './list-picture.ts';

const tag = { table: 'sessions_request_response_rmt', column: 'session_tag', key: null };

const pictures: fc.Arbitrary<Picture> = fc.record(
  {
    range: fc.constantFrom('7d', '1000~2000'),
    search: fc.string(),
    isInBodies: fc.boolean(),
    filter: fc.uniqueArray(fc.string()).map((tags) => withChoices(NO_FILTER, tag, tags)),
    sort: fc.record({
      field: fc.constantFrom(...SORT_FIELDS),
      direction: fc.constantFrom('asc' as const, 'desc' as const),
    }),
    pattern: fc.integer({ min: 1, max: 32 }).map((position) => JSON.stringify({ position })),
  },
  { requiredKeys: ['range', 'search', 'isInBodies', 'filter', 'sort'] },
);

describe('the list as its URL has it', () => {
  test('whatever is chosen comes back from the URL', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        expect(readPicture(pictureParameters(picture))).toEqual({ ok: true, picture });
      }),
    );
  });

  test('a URL without parameters shows the newest first, without a filter', () => {
    const read = readPicture({});
    expect(read).toMatchObject({
      ok: true,
      picture: { filter: NO_FILTER, sort: { field: 'created_at', direction: 'desc' } },
    });
  });

  test('a sort that there is not is the default, a filter that cannot be read is said', () => {
    expect(readPicture({ sort: 'password.desc' })).toMatchObject({ picture: { sort: { field: 'created_at' } } });
    expect(readPicture({ filter: '{"left":1}' })).toMatchObject({ ok: false, problem: expect.any(String) });
  });

  test('a search in bodies is part of the filter and no search of names', () => {
    const picture: Picture = {
      range: '1000~2000',
      search: 'refund',
      isInBodies: true,
      filter: withChoices(NO_FILTER, tag, ['gold']),
      sort: { field: 'created_at', direction: 'desc' },
    };
    const window = windowOf(picture, 5_000);
    expect(window).toEqual({ startTimeUnixMs: 1_000, endTimeUnixMs: 2_000 });
    const { search, filter } = selectionOf(picture, window);
    expect(search).toBe('');
    expect(filter).toEqual({
      left: { sessions_request_response_rmt: { session_tag: { equals: 'gold' } } },
      operator: 'and',
      right: {
        left: { request_response_rmt: { request_body: { contains: 'refund' } } },
        operator: 'or',
        right: { request_response_rmt: { response_body: { contains: 'refund' } } },
      },
    });
  });
});
