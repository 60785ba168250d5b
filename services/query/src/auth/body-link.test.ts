import type { IncomingMessage } from 'node:http';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createBodyLinks, type LinkedRequest } from './body-link.ts';

const SECRET = 'a secret of more than 32 characters';
const NOW = Date.UTC(2026, 9, 1);
const MINUTE = 60_000;
const LINKED: LinkedRequest = {
  tenantId: 'acme',
  requestId: 'team/chat 1',
  orderedAtMs: NOW - 5,
  partition: 3,
  offset: '18446744073709551615',
};

const linksAt = (now: number, bodyUrlSecret?: string | Uint8Array) =>
  createBodyLinks({ clock: { now: () => now }, config: bodyUrlSecret === undefined ? {} : { bodyUrlSecret } });
const asked = (headers: Record<string, string> = { host: 'example.com' }) =>
  ({ headers }) as unknown as IncomingMessage;
const parts = (url: string) => {
  const { pathname, searchParams } = new URL(url, 'http://relative');
  return { requestId: decodeURIComponent(pathname.split('/')[3]!), token: searchParams.get('token')! };
};

test('opens what it made, for fifteen minutes', () => {
  const { requestId, token } = parts(linksAt(NOW, SECRET).make(LINKED, asked()));
  expect(requestId).toBe(LINKED.requestId);
  for (const later of [0, 15 * MINUTE - 1]) expect(linksAt(NOW + later, SECRET).open(requestId, token)).toEqual(LINKED);
  for (const later of [15 * MINUTE, 365 * 24 * 60 * MINUTE]) {
    expect(() => linksAt(NOW + later, SECRET).open(requestId, token)).toThrow('not valid, or no longer');
  }
});

test('opens no link of another request, of another secret or of none', () => {
  const { requestId, token } = parts(linksAt(NOW, SECRET).make(LINKED, asked()));
  expect(() => linksAt(NOW, SECRET).open('another', token)).toThrow('not valid');
  expect(() => linksAt(NOW, `${SECRET}!`).open(requestId, token)).toThrow('not valid');
  expect(() => linksAt(NOW).open(requestId, token)).toThrow('not valid');
});

test('opens the links of this process where the operator gave no secret', () => {
  const { requestId, token } = parts(linksAt(NOW).make(LINKED, asked()));
  expect(linksAt(NOW).open(requestId, token)).toEqual(LINKED);
});

test('opens nothing that was changed anywhere', () => {
  const { requestId, token } = parts(linksAt(NOW, SECRET).make(LINKED, asked()));
  const [text, signature] = token.split('.') as [string, string];
  const forged = Buffer.from(text, 'base64url').toString().replace('acme', 'rival');
  const changed = [
    `${Buffer.from(forged).toString('base64url')}.${signature}`,
    `${text}.${signature.slice(1)}A`,
    `${text}.${signature}.`,
    `${text}.`,
    text,
    '',
    undefined,
    null,
    [token],
    { toString: () => token },
  ];
  for (const given of changed) expect(() => linksAt(NOW, SECRET).open(requestId, given)).toThrow('not valid');
  fc.assert(
    fc.property(fc.nat({ max: token.length - 3 }), fc.constantFrom('A', 'z', '_', '0'), (at, letter) => {
      fc.pre(token[at] !== letter);
      const given = token.slice(0, at) + letter + token.slice(at + 1);
      expect(() => linksAt(NOW, SECRET).open(requestId, given)).toThrow('not valid');
    }),
  );
});

test.each([
  [{ host: 'example.com' }, 'http://example.com/'],
  [{ host: 'Example.com:8585' }, 'http://Example.com:8585/'],
  [{ host: '127.0.0.1:8585' }, 'http://127.0.0.1:8585/'],
  [{ host: 'example.com', 'x-forwarded-proto': 'https' }, 'https://example.com/'],
  [{ host: 'example.com', 'x-forwarded-proto': 'https, http' }, 'https://example.com/'],
  [{ host: 'example.com', 'x-forwarded-proto': 'javascript' }, 'http://example.com/'],
  [{}, '/'],
  [{ host: 'me@example.com' }, '/'],
  [{ host: 'example.com/path?' }, '/'],
])('begins where the caller came to: %j', (headers, start) => {
  const url = linksAt(NOW, SECRET).make(LINKED, asked(headers as Record<string, string>));
  expect(url.startsWith(`${start}v1/request/team%2Fchat%201/body?token=`)).toBe(true);
});
