import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { takesStreamUsage, withStreamUsage } from './stream-usage.ts';

const added = (text: string) => withStreamUsage(Buffer.from(text)).toString();
const USAGE = { include_usage: true };

describe('asking for the usage of a stream', () => {
  test('leaves every other byte as it was', () => {
    expect(added(' {"stream": true, "seed": 12345678901234567890}')).toBe(
      ' {"stream_options":{"include_usage":true},"stream": true, "seed": 12345678901234567890}',
    );
  });

  test.each([
    [
      { stream: true, stream_options: null },
      { stream: true, stream_options: USAGE },
    ],
    [
      { stream: true, stream_options: { other: 1 } },
      { stream: true, stream_options: { other: 1, ...USAGE } },
    ],
  ])('adds to %j', (body, expected) => {
    expect(JSON.parse(added(JSON.stringify(body)))).toEqual(expected);
  });

  test.each([
    '{"stream":true,"stream_options":{"include_usage":false}}',
    '{"stream":true,"stream_options":{"include_usage":true}}',
    '{"stream":true,"stream_options":7}',
    '{"stream":false}',
    '{}',
    '[{"stream":true}]',
    'null',
    '{"stream":true',
    '',
  ])('leaves %s alone', (text) => {
    expect(added(text)).toBe(text);
  });

  test('changes nothing else of any body', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (body) => {
        const own = { ...body, stream: true };
        delete (own as Record<string, unknown>).stream_options;
        const { stream_options, ...rest } = JSON.parse(added(JSON.stringify(own)));
        expect([stream_options, JSON.stringify(rest)]).toEqual([USAGE, JSON.stringify(own)]);
      }),
    );
  });

  test.each([
    ['POST', '/v1/chat/completions', true],
    ['POST', '/openai/deployments/x/chat/completions?api-version=1', true],
    ['POST', '/v1/completions', true],
    ['POST', '/v1/responses', false],
    ['POST', '/v1/messages?x=/completions', false],
    ['GET', '/v1/chat/completions', false],
  ])('%s %s: %p', (method, path, expected) => {
    expect(takesStreamUsage(method, path)).toBe(expected);
  });
});
