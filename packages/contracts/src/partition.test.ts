import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { partitionHint } from './ids.ts';
import { murmur3, newEventIdFor, partitionFor, partitionOf } from './partition.ts';
import type { NewAnnotationEvent, NewRequestEvent } from './request-event.ts';

describe('murmur3', () => {
  // Known answers of MurmurHash3_x86_32; an implementation in another language must give the same.
  test.each([
    ['', 0, 0x00000000],
    ['', 1, 0x514e28b7],
    ['', 0xffffffff, 0x81f16f39],
    ['\0\0\0\0', 0, 0x2362f9de],
    ['test', 0, 0xba6bd213],
    ['test', 0x9747b28c, 0x704b81dc],
    ['Hello, world!', 0, 0xc0363e43],
    ['Hello, world!', 0x9747b28c, 0x24884cba],
    ['The quick brown fox jumps over the lazy dog', 0, 0x2e4ff723],
    ['The quick brown fox jumps over the lazy dog', 0x9747b28c, 0x2fa826cd],
    ['aaaa', 0x9747b28c, 0x5a97808a],
    ['aaa', 0x9747b28c, 0x283e0130],
    ['aa', 0x9747b28c, 0x5d211726],
    ['a', 0x9747b28c, 0x7fa09ea6],
    ['abc', 0, 0xb3dd93fa],
    ['ππππππππ', 0x9747b28c, 0xd58063c1],
  ])('of %j with seed %i is the published value', (text, seed, hash) => {
    expect(murmur3(Buffer.from(text, 'utf8'), seed)).toBe(hash);
  });

  test('of bytes with the high bit set is the published value', () => {
    expect(murmur3(Uint8Array.of(0xff, 0xff, 0xff, 0xff))).toBe(0x76293b50);
    expect(murmur3(Uint8Array.of(0x21, 0x43, 0x65, 0x87))).toBe(0xf55b516b);
    expect(murmur3(Uint8Array.of(0x21, 0x43, 0x65, 0x87), 0x5082edee)).toBe(0x2362f9de);
    expect(murmur3(Uint8Array.of(0x21, 0x43, 0x65))).toBe(0x7e4a8634);
    expect(murmur3(Uint8Array.of(0x21, 0x43))).toBe(0xa0f7b07a);
    expect(murmur3(Uint8Array.of(0x21))).toBe(0x72661cf4);
  });

  test('does not depend on where the bytes lie in memory', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(7), (bytes, shift) => {
        const moved = new Uint8Array(bytes.length + shift);
        moved.set(bytes, shift);
        expect(murmur3(moved.subarray(shift))).toBe(murmur3(bytes));
      }),
    );
  });
});

describe('partitionFor', () => {
  // Ours: they hold for ever, since a session's events are found by them. Tenant, session, event, then the partition
  // among 16, 4096 and 12.
  test.each([
    ['default', 'session-1', 'e', [7, 3239, 11]],
    ['default', '', 'e', [3, 2547, 11]],
    ['default', null, '01999999-aaaa-7000-8000-0123456789ab', [10, 3882, 6]],
    // Whatever partition the id names.
    ['default', null, '01999999-aaaa-7f2a-8000-0123456789ab', [10, 3882, 6]],
    // Only version 7 has a place for it.
    ['default', null, '01999999-aaaa-4f2a-8000-0123456789ab', [5, 2869, 9]],
    ['acme', 'session-1', 'e', [11, 2395, 11]],
    ['acme', 'проверка 会话 🚀', 'e', [2, 706, 10]],
    ['', '', '', [13, 1181, 1]],
  ])('of %j, %j, %j stays what it is', (tenant, session, event, partitions) => {
    expect([16, 4096, 12].map((count) => partitionFor(tenant, session, event, count))).toEqual(partitions);
  });

  test('is the same for all events of a session, and within the count', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.uuid(), fc.uuid(), fc.integer({ min: 1, max: 4096 }), (...given) => {
        const [tenant, session, eventA, eventB, count] = given;
        const partition = partitionFor(tenant, session, eventA, count);
        expect(partitionFor(tenant, session, eventB, count)).toBe(partition);
        expect(Number.isInteger(partition) && partition >= 0 && partition < count).toBe(true);
      }),
    );
  });

  test('keeps a session apart from an event of the same name', () => {
    expect(partitionFor('t', 'x', 'x', 4096)).not.toBe(partitionFor('t', null, 'x', 4096));
  });

  test('spreads sessions evenly', () => {
    const counts = new Array<number>(16).fill(0);
    for (let index = 0; index < 16_000; index++) counts[partitionFor('default', `session-${index}`, '', 16)]!++;
    expect(Math.min(...counts)).toBeGreaterThan(800);
    expect(Math.max(...counts)).toBeLessThan(1200);
  });

  test('follows from a new id as the partition that the id names', () => {
    const session = fc.option(fc.string(), { nil: null });
    fc.assert(
      fc.property(fc.string(), session, fc.nat(2 ** 41), fc.integer({ min: 1, max: 4096 }), (...given) => {
        const [tenant, sessionId, now, count] = given;
        const id = newEventIdFor(tenant, sessionId, now, count);
        expect(partitionHint(id)).toBe(partitionFor(tenant, sessionId, id, count));
      }),
    );
  });

  test('spreads calls without a session evenly', () => {
    const counts = new Array<number>(16).fill(0);
    for (let index = 0; index < 16_000; index++) counts[partitionHint(newEventIdFor('t', null, 1, 16))!]!++;
    expect(Math.min(...counts)).toBeGreaterThan(800);
    expect(Math.max(...counts)).toBeLessThan(1200);
  });
});

describe('an annotation', () => {
  const base = { tenant_id: 'acme', schema_version: 2, kind: 'annotation' } as const;
  const change = { kind: 'score', scores: [] } as const;

  test('goes to the partition of what it is about, whatever its own id', () => {
    fc.assert(
      fc.property(
        fc.option(fc.string({ minLength: 1 })),
        fc.uuid(),
        fc.uuid(),
        fc.integer({ min: 1, max: 4096 }),
        (id, event_id, own, count) => {
          const session = id === null ? null : { id };
          const request = { request_id: 'any', event_id, ordered_at: 1 };
          const of = (event: NewAnnotationEvent) => partitionOf(event, count);
          const logged = { ...base, kind: 'request', event_id, session } as unknown as NewRequestEvent;
          expect(of({ ...base, event_id: own, session, request, change })).toBe(partitionOf(logged, count));
          if (session)
            expect(of({ ...base, event_id: own, session, request: null, change })).toBe(partitionOf(logged, count));
        },
      ),
    );
  });
});
