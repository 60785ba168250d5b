import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ComparedRequest, requestKey } from './request-key.ts';

const request = (body: string, more: Partial<ComparedRequest> = {}): ComparedRequest => ({
  sessionPath: '/plan',
  method: 'POST',
  path: '/v1/chat/completions',
  contentType: 'application/json',
  body: Buffer.from(body),
  ...more,
});

/** The same value with the members of its objects in another order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, inner]) => [name, reordered(inner)] as const)
      .reverse(),
  );
}

describe('the key of a request', () => {
  it('is the same however JSON is written, and another one for another value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'medium' }), fc.jsonValue(), (value, other) => {
        const key = requestKey(request(JSON.stringify(value)));
        expect(requestKey(request(JSON.stringify(reordered(value), null, 2)))).toBe(key);
        const isSame = JSON.stringify(sorted(value)) === JSON.stringify(sorted(other));
        expect(requestKey(request(JSON.stringify(other))) === key).toBe(isSame);
      }),
    );
  });

  it.each<[string, Partial<ComparedRequest>]>([
    ['path of the session', { sessionPath: '/plan/2' }],
    ['method', { method: 'PUT' }],
    ['endpoint', { path: '/v1/chat/completions?api-version=1' }],
  ])('is another one for another %s', (_what, more) => {
    expect(requestKey(request('{}', more))).not.toBe(requestKey(request('{}')));
  });

  it('leaves out credentials in the query, which are not recorded', () => {
    const path = (key: string) => ({ path: `/v1beta/models/g:generateContent?key=${key}` });
    expect(requestKey(request('{}', path('a')))).toBe(requestKey(request('{}', path('b'))));
    expect(requestKey(request('{}', path('a')))).toBe(requestKey(request('{}', path('***'))));
  });

  it('leaves out the boundary of a form, which is drawn anew each time', () => {
    const form = (boundary: string, text = 'hello') =>
      request(`--${boundary}\r\ncontent-disposition: form-data; name="a"\r\n\r\n${text}\r\n--${boundary}--\r\n`, {
        contentType: `multipart/form-data; boundary=${boundary}`,
      });
    expect(requestKey(form('aaa'))).toBe(requestKey(form('----bbbbbb')));
    expect(requestKey(form('aaa'))).not.toBe(requestKey(form('aaa', 'hullo')));
  });

  it('is by the bytes where a body is no JSON, or deeper than a stack', () => {
    expect(requestKey(request('{"a":'))).toBe(requestKey(request('{"a":')));
    expect(requestKey(request('{"a":'))).not.toBe(requestKey(request('{"a": ')));
    const deep = '['.repeat(50_000) + ']'.repeat(50_000);
    expect(requestKey(request(deep))).toBe(requestKey(request(deep)));
    expect(requestKey(request(''))).not.toBe(requestKey(request('""')));
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value;
  const names = Object.keys(value).toSorted();
  return names.map((name) => [name, sorted((value as Record<string, unknown>)[name])]).concat([['{}', 0]]);
}
