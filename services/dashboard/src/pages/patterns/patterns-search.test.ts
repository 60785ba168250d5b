import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { askedOf, DEPTHS, readPatternsSearch } from './patterns-search.ts';

describe('the URL of the patterns', () => {
  it('says nothing by default', () => {
    expect(readPatternsSearch({})).toEqual({
      name: undefined,
      isAnyName: false,
      view: 'flow',
      depth: '8',
      levels: 'all',
      merge: '0.01',
      foldPaths: true,
      repeats: false,
      sort: 'cost',
      against: 'dearest',
      share: '0.05',
    });
    expect(askedOf({})).toEqual({});
  });

  it('is read whatever it says', () => {
    const names = ['view', 'depth', 'levels', 'merge', 'repeats', 'sort', 'against', 'share', 'filter'];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.string()), (search) => {
        const { view, depth } = readPatternsSearch(search);
        expect(['flow', 'funnel', 'paths', 'contrast']).toContain(view);
        expect(DEPTHS).toContain(depth);
      }),
    );
  });

  it('says which sessions it is about', () => {
    const filter = { sessions_request_response_rmt: { session_error_count: { gt: 0 } } };
    expect(askedOf({ name: 'a', range: '7d', filter: JSON.stringify(filter), view: 'flow' })).toEqual({
      name: 'a',
      period: '7d',
      filter,
    });
  });

  it('tells any name from none', () => {
    expect(readPatternsSearch({ names: 'any' }).isAnyName).toBe(true);
    expect(readPatternsSearch({ names: 'any', name: 'any' })).toMatchObject({ isAnyName: false, name: 'any' });
  });
});
