import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { ApiError, ERRORS, NOT_RECORDED_REASONS } from './errors.ts';

const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (.+) \|$/gm)].map(([, code, rest]) => [code, rest]);

describe('docs/errors.md', () => {
  test('lists every error with its status and sentence, and no other', () => {
    const catalogue = Object.entries(ERRORS).map(([code, { status, sentence }]) => [code, `${status} | ${sentence}`]);
    const reasons = Object.entries(NOT_RECORDED_REASONS);
    expect(rows).toEqual([...catalogue, ...reasons]);
  });
});

describe('ApiError', () => {
  test('fills the sentence, also with what is named like something of JavaScript', () => {
    const error = new ApiError('unknown-route', { method: 'GET', path: '/__proto__' });
    expect(error.message).toBe('No such endpoint: GET /__proto__');
    expect(error.status).toBe(404);
  });

  test('leaves nothing unfilled, and no pattern of its parameters is interpreted', () => {
    expect(new ApiError('malformed-json', { reason: '$& {reason}' }).message).toBe('The body is not JSON: $& {reason}');
  });
});
