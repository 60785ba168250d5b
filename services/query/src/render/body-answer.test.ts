import { expect, test } from '@jest/globals';
import { bodyAnswer } from './body-answer.ts';
import { stringifyAnswer } from './raw-json.ts';

const stored = (bytes: Buffer, encoding = 'utf8') => ({ encoding, size: bytes.length, bytes });
const answered = (text: string) => stringifyAnswer({ body: bodyAnswer(stored(Buffer.from(text)), 'id'), after: 1 });

test('answers JSON as JSON, with names that are none of its own', () => {
  expect(answered('{"__proto__":{"polluted":true},"a":1}')).toBe(
    '{"body":{"__proto__":{"polluted":true},"a":1},"after":1}',
  );
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test('answers numbers of JSON digit for digit', () => {
  expect(answered('{"id":12345678901234567890,"big":1e400}')).toBe(
    '{"body":{"id":12345678901234567890,"big":1e400},"after":1}',
  );
});

test('answers JSON nested deeper than it could be written', () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  expect(answered(deep)).toBe(`{"body":${deep},"after":1}`);
});

test('answers other text as text', () => {
  expect(bodyAnswer(stored(Buffer.from('data: {"a":1}\n\n')), 'id')).toBe('data: {"a":1}\n\n');
});

test('answers bytes as base64 and names their encoding', () => {
  expect(bodyAnswer(stored(Buffer.from([0xff, 0x00]), 'gzip'), 'id')).toEqual({ encoding: 'gzip', base64: '/wA=' });
});

test('answers null where there was no body', () => {
  expect(bodyAnswer(stored(Buffer.alloc(0)), 'id')).toBeNull();
  expect(bodyAnswer(undefined, 'id')).toBeNull();
});

test('says where a body is that is too large for the answer', () => {
  expect(bodyAnswer({ encoding: 'utf8', size: 9_000_000, bytes: undefined }, 'the-id')).toEqual({
    helicone_message: '9000000 bytes: read it with GET /v1/request/the-id?includeBody=true',
  });
});

test('answers what stands for a body that was left out, or says so', () => {
  expect(bodyAnswer(stored(Buffer.from('{"model":"a"}'), 'omitted'), 'id')).toMatchObject({ text: '{"model":"a"}' });
  expect(bodyAnswer(stored(Buffer.alloc(0), 'omitted'), 'id')).toEqual({
    helicone_message: 'this body was not stored, as its caller wished',
  });
});

test('says of a body that was lost that there was one', () => {
  expect(bodyAnswer(stored(Buffer.alloc(0), 'missing'), 'id')).toMatchObject({
    helicone_message: expect.stringContaining('lost'),
  });
});
