import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CallHeaders } from '../../request/call-headers.ts';
import { cacheKey, type KeyedCall } from './cache-key.ts';
import { NEUTRAL, NEUTRAL_PREFIXES } from './neutral-headers.ts';

interface Inputs {
  readonly tenantId: string;
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  readonly seed: string;
  readonly ignoredKeys: readonly string[];
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

const some: Inputs = {
  tenantId: 'acme',
  method: 'POST',
  origin: 'https://api.openai.com',
  path: '/v1/chat/completions?a=1',
  seed: '',
  ignoredKeys: [],
  headers: [['authorization', 'Bearer a']],
  body: '{"model":"m","n":1}',
};

function keyOf(changed: Partial<Inputs> = {}): string {
  const { headers, body, seed, ignoredKeys, ...rest } = { ...some, ...changed };
  const call: KeyedCall = {
    ...rest,
    headers: new CallHeaders(headers.flat()),
    body: body === '' ? null : Buffer.from(body),
  };
  const { name, secret } = cacheKey(call, { seed, ignoredKeys });
  expect([name.length, secret.length]).toEqual([32, 32]);
  return name.toString('hex');
}

describe('the key of a call', () => {
  const text = fc.constantFrom('', 'a', 'b', 'ab', '","', ':', '\u0000');
  const inputs: fc.Arbitrary<Inputs> = fc.record({
    tenantId: text,
    method: fc.constantFrom('GET', 'POST'),
    origin: text,
    path: text,
    seed: text,
    ignoredKeys: fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 }),
    headers: fc.array(
      fc.tuple(fc.constantFrom('accept', 'authorization', 'openai-beta', 'x-api-key'), fc.constantFrom('1', '2')),
      { maxLength: 3 },
    ),
    body: text,
  });
  const canonical = (of: Inputs) => JSON.stringify({ ...of, headers: of.headers.map(String).sort() });

  it('is the same for two calls exactly where all that is in it is', () => {
    fc.assert(
      fc.property(inputs, inputs, (one, other) => {
        expect(keyOf(one) === keyOf(other)).toBe(canonical(one) === canonical(other));
        expect(keyOf(one)).toBe(keyOf(structuredClone(one)));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['tenant', { tenantId: 'other' }],
    ['method', { method: 'GET' }],
    ['target', { origin: 'https://api.groq.com' }],
    ['query', { path: '/v1/chat/completions?a=2' }],
    ['seed', { seed: '1' }],
    ['body', { body: '{"model":"m","n":2}' }],
    ['credential', { headers: [['authorization', 'Bearer b']] }],
    ['unknown header', { headers: [...some.headers, ['x-vendor-secret', '1']] }],
    ['accepted encoding', { headers: [...some.headers, ['accept-encoding', 'gzip']] }],
    ['key of AWS', { headers: [...some.headers, ['aws-secret-key', '1']] }],
    ['fallbacks', { headers: [...some.headers, ['helicone-fallbacks', '[]']] }],
  ] satisfies [string, Partial<Inputs>][])('is another one for another %s', (_name, changed) => {
    expect(keyOf(changed)).not.toBe(keyOf());
  });

  it.each([
    ...[...NEUTRAL, ...NEUTRAL_PREFIXES.map((prefix) => `${prefix}a`)].map((name): [string, string] => [name, '1']),
    ['X-Stainless-Retry-Count', '1'],
    ['X-Trace-Id', 'a'],
    ['X-B3-TraceId', 'a'],
    ['X-Datadog-Trace-Id', '1'],
    ['helicone-session-id', 's'],
    ['helicone-user-id', 'u'],
    ['helicone-property-a', 'b'],
    ['x-claude-code-session-id', 's'],
  ])('does not depend on %s', (name, value) => {
    expect(keyOf({ headers: [...some.headers, [name, value]] })).toBe(keyOf());
  });

  it.each([
    ...['cookie', 'accept', 'accept-language', 'content-type', 'x-api-key', 'api-key', 'openai-organization'],
    ...['openai-project', 'openai-beta', 'anthropic-version', 'anthropic-beta', 'x-goog-user-project', 'prefer'],
    ...['traceparent2', 'x-trace', 'x-user-id', 'x-amz-security-token', 'x-stainless', 'x-session-id', 'range'],
  ])('depends on %s', (name) => {
    const keyed = (value: string) => keyOf({ headers: [...some.headers, [name, value]] });
    expect(keyed('1')).not.toBe(keyed('2'));
    expect(keyed('1')).not.toBe(keyOf());
  });

  it('depends on the model that a prompt is measured for, where it is', () => {
    const keyed = (model: string, ...more: [string, string][]) =>
      keyOf({ headers: [...some.headers, ['helicone-model-override', model], ...more] });
    const handler: [string, string] = ['helicone-token-limit-exception-handler', 'fallback'];
    expect(keyed('gpt-4, gpt-4o', handler)).not.toBe(keyed('gpt-4, gpt-4.1', handler));
    expect(keyed('gpt-4')).toBe(keyed('gpt-4o'));
  });

  it('leaves out exactly the headers that the documentation names', async () => {
    const docs = await readFile(new URL('../../../../../docs/behaviour-headers.md', import.meta.url), 'utf8');
    const rows = /\| Headers that do not count \|.*\n\|---\|---\|\n((?:\|.*\|\n)+)/.exec(docs)![1]!;
    const first = rows.split('\n').map((row) => row.split('|')[1] ?? '');
    const named = [...first.join().matchAll(/`([^`]+)`/g)].map(([, name]) => name!.toLowerCase());
    const known = [...NEUTRAL, ...NEUTRAL_PREFIXES.map((prefix) => `${prefix}*`)];
    expect(named.toSorted()).toEqual(known.toSorted());
  });

  it('leaves the ignored members of the body out, and nothing else', () => {
    const json = fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', 'é"'), fc.jsonValue());
    fc.assert(
      fc.property(json, fc.jsonValue(), fc.jsonValue(), (rest, one, other) => {
        const keyed = (ignored: unknown, more: object = {}) =>
          keyOf({ ignoredKeys: ['user'], body: JSON.stringify({ ...rest, user: ignored, ...more }) });
        expect(keyed(one)).toBe(keyed(other));
        expect(keyed(one)).toBe(keyOf({ ignoredKeys: ['user'], body: JSON.stringify(rest) }));
        expect(keyed(one)).not.toBe(keyed(one, { more: 1 }));
      }),
    );
  });

  it('is another one where answers are sealed', () => {
    const { body, headers, ...rest } = some;
    const call: KeyedCall = { ...rest, headers: new CallHeaders(headers.flat()), body: Buffer.from(body) };
    expect(cacheKey(call, some, true).name).not.toEqual(cacheKey(call, some).name);
  });

  it('tells numbers apart that JavaScript does not', () => {
    const keyed = (n: string) => keyOf({ ignoredKeys: ['user'], body: `{"seed":${n},"user":1}` });
    expect(keyed('9007199254740993')).not.toBe(keyed('9007199254740992'));
  });

  it('finds an ignored member however it is written', () => {
    const keyed = (body: string) => keyOf({ ignoredKeys: ['user'], body });
    expect(keyed(' { "a" : [1, {"user":2}] , "\\u0075ser" : {"x":"}"} }\n')).toBe(keyed('{"a":[1, {"user":2}]}'));
    expect(keyed('{"a":{"user":1}}')).not.toBe(keyed('{"a":{"user":2}}'));
  });

  it.each(['[1]', '{"user":', '{"user" 1}', '{"user":1]', 'x', '{"user":1,}'])('takes %p as it is', (body) => {
    expect(keyOf({ ignoredKeys: ['user'], body })).not.toBe(keyOf({ ignoredKeys: ['user'], body: `${body} ` }));
  });

  it('does not look into a body that is compressed', () => {
    const headers: [string, string][] = [['content-encoding', 'gzip']];
    const keyed = (body: string) => keyOf({ headers, ignoredKeys: ['user'], body });
    expect(keyed('{"user":1}')).not.toBe(keyed('{"user":2}'));
  });
});
