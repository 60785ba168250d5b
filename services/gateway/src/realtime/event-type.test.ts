import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { eventTypeOf } from './event-type.ts';

test('is that of the parsed message, wherever it stands, however long what stands before it', () => {
  const name = fc.constantFrom('response.done', 'response.create', 'a"b', 'ä', '');
  const others = fc.dictionary(fc.constantFrom('event_id', 'audio', 'response', 'x'), fc.jsonValue());
  fc.assert(
    fc.property(others, name, others, fc.nat({ max: 400 }), fc.boolean(), (before, type, after, length, isSpaced) => {
      const event = { ...before, padding: 'y'.repeat(length), type, ...after };
      const text = isSpaced ? JSON.stringify(event, null, 1) : JSON.stringify(event);
      expect(eventTypeOf(Buffer.from(text))).toBe((JSON.parse(text) as { type: string }).type);
    }),
  );
});

test('of what has none is empty', () => {
  for (const text of ['', '{}', '[{"type":"a"}]', '"type"', '{"type":1}', '{"x":{"type":"a"}}', '{"type":"a']) {
    expect(eventTypeOf(Buffer.from(text))).toBe('');
    expect(eventTypeOf(Buffer.from(`${' '.repeat(300)}${text}`))).toBe('');
  }
});
