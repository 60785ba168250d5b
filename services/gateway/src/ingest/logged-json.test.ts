import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loggedJson } from './logged-json.ts';

test('cuts out what JSON.parse reads there, whatever stands around it', () => {
  const json = fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' });
  const other = fc.dictionary(fc.constantFrom('url', 'meta', 'JSON', 'x"}', 'ключ'), json, { noNullPrototype: true });
  const side = fc.record({ before: other, json, after: other });
  const indent = fc.constantFrom(undefined, 1, '\t');
  fc.assert(
    fc.property(side, side, other, indent, (request, response, more, space) => {
      const call = {
        ...more,
        providerResponse: { ...response.before, json: response.json, ...response.after },
        providerRequest: { ...request.before, json: request.json, ...request.after },
      };
      const parts = loggedJson(Buffer.from(JSON.stringify(call, null, space)));
      const parse = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString());
      const written = (value: unknown) => JSON.parse(JSON.stringify(value));
      expect([parse(parts.request), parse(parts.response)]).toEqual([written(request.json), written(response.json)]);
    }),
  );
});

test('keeps every digit and space, takes the last of two, and reads keys that are written with escapes', () => {
  const call = String.raw`{"providerRequest":{"json":1},"provid\u0065rRequest":{"json":{ "n": 12345678901234567890.10 }},
    "providerResponse":{"json":"ö","j\u0073on":["é"]}}`;
  const { request, response } = loggedJson(Buffer.from(`\uFEFF${call}`));
  expect(Buffer.from(request).toString()).toBe('{ "n": 12345678901234567890.10 }');
  expect(Buffer.from(response).toString()).toBe('["é"]');
});

test('finds nothing where nothing is', () => {
  expect(loggedJson(Buffer.from('{}'))).toEqual({ request: new Uint8Array(0), response: new Uint8Array(0) });
});
