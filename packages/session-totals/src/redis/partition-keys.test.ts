import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FIELD_BYTES, partitionKeys, sessionField } from './partition-keys.ts';

describe('the names of a partition in Redis', () => {
  test('share one hash tag, whatever the sessions are called', () => {
    const keys = partitionKeys('llm.requests', 12);
    const names = [keys.fence, keys.state, keys.sessions, keys.open, keys.activity, ...keys.allStubs()];
    const distinct = new Set(names);
    expect(distinct.size).toBe(names.length);
    expect(new Set(names.map((name) => /\{([^}]*)\}/.exec(name)![1]))).toEqual(new Set(['tl:llm.requests:12']));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (tenantId, sessionId) => {
        expect(distinct.has(keys.stubs(sessionField({ tenantId, sessionId })))).toBe(true);
      }),
    );
  });

  test.each(['', 'a b', '{a}', 'a}', 'ä', 'a\n'])('are refused for the namespace %j', (namespace) => {
    expect(() => partitionKeys(namespace, 0)).toThrow(RangeError);
  });
});

describe('the field of a session', () => {
  test('differs whenever tenant or session differ, lone surrogates and NUL included', () => {
    const odd = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('\0', '{', '}', ':', '1', '\ud800', '\udc00', '\ufffd', 'a'), maxLength: 4 }),
    );
    fc.assert(
      fc.property(odd, odd, odd, odd, (tenantA, sessionA, tenantB, sessionB) => {
        const a = sessionField({ tenantId: tenantA, sessionId: sessionA });
        const b = sessionField({ tenantId: tenantB, sessionId: sessionB });
        expect(a).toHaveLength(FIELD_BYTES);
        expect(a.equals(b)).toBe(tenantA === tenantB && sessionA === sessionB);
      }),
      { numRuns: 1_000 },
    );
  });

  test('stays what it is: stored sessions are found by it', () => {
    const field = sessionField({ tenantId: 'tenant', sessionId: 'session' });
    expect(field.toString('hex')).toBe('1522d8581831b39bd3d729e5632b2560a6c31356');
  });
});
