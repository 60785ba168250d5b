import { describe, expect, test } from '@jest/globals';
import { QUOTA_MAX } from '@throughline/call-state/limits/rate-limits';
import fc from 'fast-check';
import { readPolicy, unitsAsText } from './read-policy.ts';

const segment = fc
  .string({ minLength: 1, maxLength: 20, unit: fc.constantFrom(...'abcz019-_. é='.split('')) })
  .filter((text) => text.trim() === text);
const policy = fc.record({
  quota: fc.oneof(
    fc.bigInt({ min: 1n, max: 10n ** 30n }).map(String),
    fc.tuple(fc.nat(), fc.integer({ min: 1, max: 10 ** 9 })).map(([whole, part]) => trimmed(`${whole}.${part}`)),
  ),
  windowS: fc.integer({ min: 60, max: 31_536_000 }),
  unit: fc.constantFrom('request' as const, 'cents' as const),
  segment: fc.option(segment, { nil: undefined }),
});

function trimmed(quota: string): string {
  return quota.replace(/0+$/, '');
}

describe('a rate limit policy', () => {
  test('reads its canonical form as what it was made of', () => {
    fc.assert(
      fc.property(policy, ({ quota, windowS, unit, segment }) => {
        const canonical = `${quota};w=${windowS};u=${unit}${segment ? `;s=${segment}` : ''}`;
        const read = readPolicy(canonical);
        expect(read).toMatchObject({ quota, unit, canonical, allowance: { windowMs: windowS * 1_000 } });
        expect(read!.segment).toBe(segment);
        if (read!.allowance.quota < QUOTA_MAX) {
          const decimals = unit === 'cents' ? 10 : 0;
          const [whole, part = ''] = quota.split('.');
          const counted = part.slice(0, decimals).replace(/0+$/, '');
          expect(unitsAsText(read!, read!.allowance.quota)).toBe(counted ? `${whole}.${counted}` : whole);
        }
      }),
    );
  });

  test('is the same however it is written', () => {
    const space = fc.constantFrom('', ' ', '\t');
    const either = (text: string) => fc.constantFrom(text, text.toUpperCase());
    const written = fc
      .tuple(fc.constantFrom('7', '07', '7.0', '007.000'), either('w=90'), either('u=cents'), either('s=team'))
      .chain(([quota, ...members]) =>
        fc.tuple(fc.constant(quota), fc.shuffledSubarray(members, { minLength: 3 }), space, space),
      )
      .map(([quota, members, before, after]) =>
        [quota, ...members].map((part) => `${before}${part}${after}`).join(';'),
      );
    fc.assert(fc.property(written, (text) => expect(readPolicy(text)?.canonical).toBe('7;w=90;u=cents;s=team')));
  });

  test('has a unit of requests and no segment unless it says so', () => {
    expect(readPolicy('10;w=60')).toMatchObject({
      unit: 'request',
      segment: undefined,
      canonical: '10;w=60;u=request',
    });
    expect(readPolicy('10;w=60')!.allowance).toEqual({ quota: 10n, windowMs: 60_000 });
  });

  test('counts whole requests, and cents down to a picodollar', () => {
    expect(readPolicy('10.9;w=60')!.allowance.quota).toBe(10n);
    expect(readPolicy('0.5;w=60')!.allowance.quota).toBe(0n);
    expect(readPolicy('0.5;w=60;u=cents')!.allowance.quota).toBe(5_000_000_000n);
    expect(readPolicy('1.23456789019;w=60;u=cents')!.allowance.quota).toBe(12_345_678_901n);
    const cents = readPolicy('1;w=60;u=cents')!;
    expect([0n, 1n, 12_500_000_000n, 10n ** 10n].map((units) => unitsAsText(cents, units))).toEqual([
      '0',
      '0.0000000001',
      '1.25',
      '1',
    ]);
  });

  test.each([
    '',
    ' ',
    '10',
    'w=60',
    '10;w=59',
    '10;w=31536001',
    '10;w=60.5',
    '10;w=',
    '10;w=60;',
    '10;;w=60',
    '0;w=60',
    '0.000;w=60',
    '-1;w=60',
    '+1;w=60',
    '1e3;w=60',
    '.5;w=60',
    '5.;w=60',
    'NaN;w=60',
    'Infinity;w=60',
    '0x10;w=60',
    '10;w=60;u=tokens',
    '10;w=60;s=',
    '10;w=60;w=60',
    '10;w=60;u=request;u=cents',
    '10;w=60;x=1',
    '10,w=60',
    `10;w=60;s=${'a'.repeat(400)}`,
  ])('is not %j', (text) => {
    expect(readPolicy(text)).toBeUndefined();
  });

  test('is read from any text, or not, without a throw, and then from its canonical form as well', () => {
    const part = fc.constantFrom(';', 'w', '=', '60', '1', '.', ' ', 'u', 'cents', 's', 'user', '0', '-', 'é');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part).map((parts) => parts.join('')),
        ),
        (text) => {
          const read = readPolicy(text);
          if (read) expect(readPolicy(read.canonical)).toEqual(read);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('is remembered, but not any number of them', () => {
    for (let i = 1; i < 2_000; i++) expect(readPolicy(`${i};w=60`)!.quota).toBe(String(i));
    expect(readPolicy('5;w=60')).toBe(readPolicy('5;w=60'));
  });
});
