import { expect, test } from '@jest/globals';
import { ApiFailure, refusalSentence } from './failure.ts';

test.each([
  [{ data: null, error: 'no API key found' }, 'no API key found'],
  [
    { message: 'Validation Failed', details: { 'requestBody.limit': { message: 'too large' } } },
    'Validation Failed: requestBody.limit: too large',
  ],
  [undefined, 'The server answered with status 502.'],
  ['<html>', 'The server answered with status 502.'],
  [null, 'The server answered with status 502.'],
])('of %j it says %s', (body, sentence) => {
  expect(refusalSentence(body, 502)).toBe(sentence);
});

test('tells a key that lacks a permission from one that is not known', () => {
  const failures = [
    new ApiFailure(401, 'No API key found'),
    new ApiFailure(401, 'This key lacks the permission `r`; use a key that has it'),
    new ApiFailure(403, 'foreign'),
    new ApiFailure(404, 'No API key found'),
  ];
  expect(failures.map(({ isUnknownKey, isNotAllowed }) => [isUnknownKey, isNotAllowed])).toEqual([
    [true, false],
    [false, true],
    [false, true],
    [false, false],
  ]);
});

test('tells what is recorded and does not show yet from what was not done', () => {
  const sentence = 'It is recorded and will show, but not within the time of this call';
  expect(new ApiFailure(503, sentence).isOnItsWay).toBe(true);
  expect(new ApiFailure(503, 'The event log takes nothing at the moment').isOnItsWay).toBe(false);
});

test('what may pass by itself is tried again, a refusal is not', () => {
  const passing = [0, 429, 500, 503].map((status) => new ApiFailure(status, '').isPassing);
  expect(passing).toEqual([true, true, true, true]);
  expect([400, 401, 403, 404].some((status) => new ApiFailure(status, '').isPassing)).toBe(false);
});
