import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { latestUserText } from './latest-user-text.ts';

const ask = (...messages: unknown[]) => latestUserText(JSON.stringify({ messages }));
const user = (content: unknown) => ({ role: 'user', content });

test.each<[unknown[], string | undefined]>([
  [[user('a'), { role: 'assistant', content: 'b' }, user('c'), { role: 'tool', content: 'd' }], 'c'],
  [[user([{ type: 'text', text: 'a' }, { type: 'image_url' }, null, { type: 'text', text: 'b' }])], 'a\nb'],
  [[{ role: 'system', content: 'a' }, 'b', null], undefined],
  [[user('a'), user([{ type: 'image_url' }])], undefined],
  [[], undefined],
])('the latest user text of %j is %j', (messages, expected) => {
  expect(ask(...messages)).toBe(expected);
});

test('whatever a body is, it is read or left', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
      expect(['string', 'undefined']).toContain(typeof latestUserText(body));
    }),
  );
});
