import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { limitKey } from './limit-key.ts';

test('keys are the same only for the same tenant, policy and segment', () => {
  const part = fc.constantFrom('', 'a', 'ab', '1:a', '=', '=a', ':', '2');
  const parts = fc.tuple(part, part, fc.option(part, { nil: undefined }));
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      const isSame = a.every((one, i) => one === b[i]);
      expect(limitKey(...a) === limitKey(...b)).toBe(isSame);
      expect(limitKey(...a)).toMatch(/^[\w-]{32}$/);
    }),
    { numRuns: 2_000 },
  );
});
