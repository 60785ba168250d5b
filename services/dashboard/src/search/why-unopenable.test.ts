import { expect, test } from '@jest/globals';
import { whyUnopenable } from './why-unopenable.ts';

test.each(['.', '..', 'has-session'])('`%s` stands for something else in the address of a session', (id) => {
  expect(whyUnopenable(id)).toContain('Lists, figures and exports have it.');
});

test.each(['...', '%2e%2e', 'a/..', 'Has-Session', '__proto__', 'trip/1 of 2'])('`%s` does not', (id) => {
  expect(whyUnopenable(id)).toBeUndefined();
  const { pathname } = new URL(`/v1/session/${encodeURIComponent(id)}`, 'http://127.0.0.1');
  expect(decodeURIComponent(pathname)).toBe(`/v1/session/${id}`);
});
