import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldPath, standsForOthers } from './fold-path.ts';

describe('folding a path', () => {
  it.each([
    ['/page/1', '/page/{n}'],
    ['/page/007/line/42', '/page/{n}/line/{n}'],
    ['/1/2/3', '/{n}/{n}/{n}'],
    ['/user/6F9619FF-8B86-D011-B42D-00CF4FC964FF/orders', '/user/{id}/orders'],
    ['/trace/0123456789abcdef', '/trace/{id}'],
    ['/trace/12345678901234567890', '/trace/{n}'],
  ])('leaves out what only counts or names: %s', (path, folded) => {
    expect(foldPath(path)).toBe(folded);
    expect(standsForOthers(folded)).toBe(true);
  });

  it.each(['/', '/step-1', '/v1', '/1.5', '/deadbeef', '/…', '/0123456789abcdeg', '/{n}x'])(
    'leaves %s as it is',
    (path) => {
      expect(foldPath(path)).toBe(path);
      expect(standsForOthers(path)).toBe(false);
    },
  );

  it('says the same of what is folded already', () => {
    const segment = fc.oneof(fc.nat().map(String), fc.uuid(), fc.string({ minLength: 1 }));
    fc.assert(
      fc.property(fc.array(segment), (segments) => {
        const folded = foldPath(`/${segments.join('/')}`);
        expect(foldPath(folded)).toBe(folded);
      }),
    );
  });
});
