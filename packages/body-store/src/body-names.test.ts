import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bodyName, HOUR_MS, hourOf, isBodyName } from './body-names.ts';

describe('names of bodies', () => {
  test('say hour, event and side', () => {
    const event = {
      event_id: '0198c6f0-0000-7000-8000-000000000001',
      received_at: Date.parse('2026-11-21T10:59:59.999Z'),
    };
    expect(bodyName(event, 'request')).toBe('2026-11-21/10/0198c6f0-0000-7000-8000-000000000001-request');
  });

  test('are names whatever an event holds, differ between events and sides, and sort by age', () => {
    const event = fc.record({
      event_id: fc.oneof(fc.uuid(), fc.string(), fc.constantFrom('../../x', '.', '', 'a/b')),
      received_at: fc.oneof(fc.nat({ max: 4e12 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
    });
    fc.assert(
      fc.property(event, event, (one, other) => {
        const name = bodyName(one, 'request');
        expect(isBodyName(name)).toBe(true);
        expect(name).not.toMatch(/\.\.|^\/|\/\//);
        expect(name).not.toBe(bodyName(one, 'response'));
        if (one.event_id !== other.event_id) expect(name).not.toBe(bodyName(other, 'request'));
        const [a, b] = [hourOf(name)!, hourOf(bodyName(other, 'request'))!];
        if (a !== b) expect(name < bodyName(other, 'request')).toBe(a < b);
      }),
    );
  });

  test('give back their hour', () => {
    fc.assert(
      fc.property(fc.nat({ max: 4e12 }), (at) => {
        expect(hourOf(bodyName({ event_id: 'e', received_at: at }, 'response'))).toBe(
          Math.floor(at / HOUR_MS) * HOUR_MS,
        );
      }),
    );
  });

  test.each([
    '2026-02-30/10/e-request',
    '2026-11-21/24/e-request',
    '2026-11-21/10/e',
    '2026-11-21/10/.e-request',
    'e-request',
  ])('are not %s', (name) => expect(isBodyName(name)).toBe(false));
});
