import { describe, expect, test } from '@jest/globals';
import { ApiError } from '@throughline/contracts/errors';
import fc from 'fast-check';
import { overrideBody } from './override-body.ts';
import { isOneOf, readFallbacks } from './read-fallbacks.ts';

const ELEMENT = {
  'target-url': 'https://api.openai.com/ignored',
  headers: { Authorization: 'Bearer a' },
  onCodes: [429],
};

describe('Helicone-Fallbacks', () => {
  test('is a list of targets with the headers, codes and keys of each', () => {
    const [first, second] = readFallbacks(
      JSON.stringify([
        { ...ELEMENT, onCodes: [429, { from: 500, to: 504 }], more: 'is ignored' },
        { ...ELEMENT, onCodes: [], bodyKeyOverride: { model: 'b' } },
      ]),
    );
    expect(first).toMatchObject({ headers: ['Authorization', 'Bearer a'], bodyKeyOverride: undefined });
    expect(first!.target.origin).toBe('https://api.openai.com');
    expect([428, 429, 430, 499, 500, 504, 505].filter((status) => isOneOf(status, first!.onCodes))).toEqual([
      429, 500, 504,
    ]);
    expect(second).toMatchObject({ onCodes: [], bodyKeyOverride: { model: 'b' } });
  });

  test.each([
    ['', 'it is not JSON'],
    ['{', 'it is not JSON'],
    ['{}', 'expected array'],
    ['[]', 'expected array to have >=1 items'],
    ['[1]', 'at 0'],
    [JSON.stringify([{ ...ELEMENT, 'target-url': undefined }]), 'at 0.target-url'],
    [JSON.stringify([ELEMENT, { ...ELEMENT, headers: undefined }]), 'at 1.headers'],
    [JSON.stringify([{ ...ELEMENT, headers: { a: 1 } }]), 'at 0.headers.a'],
    [JSON.stringify([{ ...ELEMENT, onCodes: undefined }]), 'at 0.onCodes'],
    [JSON.stringify([{ ...ELEMENT, onCodes: ['429'] }]), 'at 0.onCodes.0'],
    [JSON.stringify([{ ...ELEMENT, onCodes: [{ from: 1 }] }]), 'at 0.onCodes.0'],
    [JSON.stringify([{ ...ELEMENT, bodyKeyOverride: [] }]), 'at 0.bodyKeyOverride'],
    [JSON.stringify(Array(11).fill(ELEMENT)), 'expected array to have <=10 items'],
    [
      `[${JSON.stringify(ELEMENT).slice(0, -1)},"bodyKeyOverride":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}}]`,
      'deeper than 32',
    ],
  ])('%.60s is refused: %s', (value, reason) => {
    expect(() => readFallbacks(value)).toThrow(reason);
    expect(() => readFallbacks(value)).toThrow(/^Header Helicone-Fallbacks is not valid: /);
  });

  test('names no credentials of a target that is none', () => {
    const value = JSON.stringify([{ ...ELEMENT, 'target-url': 'ftp://u:secret@host' }]);
    expect(() => readFallbacks(value)).toThrow(expect.not.stringContaining('secret') as never);
    expect(() => readFallbacks(value)).toThrow('not an absolute http(s) URL');
  });

  test('is read or refused, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.array(fc.constant(ELEMENT)).map((l) => JSON.stringify(l)),
        ),
        (value) => {
          try {
            expect(readFallbacks(value).length).toBeGreaterThan(0);
          } catch (error) {
            expect(error).toBeInstanceOf(ApiError);
            expect((error as ApiError).status).toBe(400);
          }
        },
      ),
    );
  });
});

describe('bodyKeyOverride', () => {
  const over = (body: string, override: object) => overrideBody(Buffer.from(body), { ...override }).toString();

  test.each([
    ['{"model":"a","x":1}', { model: 'b' }, '{"model":"b","x":1}'],
    ['{"a":{"b":1,"c":[1]}}', { a: { c: [2], d: null } }, '{"a":{"b":1,"c":[2],"d":null}}'],
    ['{"a":1}', { a: { b: 2 }, n: true }, '{"a":{"b":2},"n":true}'],
    ['{"a":{"b":2}}', { a: 1 }, '{"a":1}'],
    ['[1]', { a: 1 }, '[1]'],
    ['no json', { a: 1 }, 'no json'],
  ])('%s with %j is %s', (body, override, expected) => {
    expect(over(body, override)).toBe(expected);
  });

  test('has every key of both, and touches no prototype', () => {
    const object = fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'a')),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(object, object, (base, override) => {
        const merged = JSON.parse(over(JSON.stringify(base), override)) as object;
        expect(new Set(Object.keys(merged))).toEqual(new Set([...Object.keys(base), ...Object.keys(override)]));
      }),
    );
    expect(over('{"a":1}', JSON.parse('{"__proto__":{"polluted":1}}') as object)).toContain('__proto__');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

test.each([{ 'a b': 'x' }, { 'x-note': 'a\r\nx: b' }])('headers %j can be sent to nobody', (headers) => {
  const value = JSON.stringify([{ 'target-url': 'https://api.openai.com', headers, onCodes: [] }]);
  expect(() => readFallbacks(value)).toThrow(/is no header/);
});
