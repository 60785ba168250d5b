import { describe, expect, it } from '@jest/globals';
import { allOf, type Filter, nameIs, readFilter, writeFilter } from './filter-param.ts';

const failing: Filter = { sessions_request_response_rmt: { session_error_count: { gt: 0 } } };

describe('the filter of a URL', () => {
  it('is read as it was written', () => {
    expect(readFilter(writeFilter(failing))).toEqual(failing);
    expect(writeFilter('all')).toBeUndefined();
  });

  it.each([undefined, '', 'all', '{', '"text"', '7', 'null', '[]'])('is no condition where it says %p', (text) => {
    expect(readFilter(text)).toBe('all');
  });

  it('joins conditions by and, without those that say nothing', () => {
    expect(allOf('all', null, undefined)).toBe('all');
    expect(allOf('all', failing)).toBe(failing);
    expect(allOf(failing, nameIs('a'), failing)).toEqual({
      left: { left: failing, operator: 'and', right: nameIs('a') },
      operator: 'and',
      right: failing,
    });
  });
});
