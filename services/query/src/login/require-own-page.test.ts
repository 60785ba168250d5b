import { expect, test } from '@jest/globals';
import { requireOwnPage } from './require-own-page.ts';

const HOST = '127.0.0.1:8585';

test.each([
  ['no page at all', {}],
  ['a page of this address', { origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin' }],
  ['the same behind TLS', { origin: `https://${HOST}` }],
])('%s may sign in', (_, headers) => {
  requireOwnPage({ host: HOST, ...headers });
});

test('a page whose address leaves out the port of its scheme may sign in', () => {
  requireOwnPage({ host: 'throughline.example', origin: 'https://throughline.example' });
  requireOwnPage({ host: 'throughline.example:443', origin: 'https://throughline.example' });
});

test.each([
  ['another host', { origin: 'http://evil.example' }],
  ['another port', { origin: 'http://127.0.0.1:8586' }],
  ['a host that begins like this one', { origin: `http://${HOST}.evil.example` }],
  ['nowhere', { origin: 'null' }],
  ['a file', { origin: 'file://' }],
  ['an extension', { origin: `chrome-extension://${HOST}` }],
  ['another site, without an origin', { 'sec-fetch-site': 'cross-site' }],
])('a page of %s may not', (_, headers) => {
  expect(() => requireOwnPage({ host: HOST, ...headers })).toThrow('may not sign in here');
});

test('without a Host nothing is the same', () => {
  expect(() => requireOwnPage({ origin: `http://${HOST}` })).toThrow('may not sign in here');
});
