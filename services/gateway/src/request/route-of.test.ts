import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { routeByHost, routeByPath } from './route-of.ts';

describe('the route of a path', () => {
  test.each([
    ['/v1/gateway/oai/v1/chat/completions', 'oai', '/v1/chat/completions', ''],
    ['/v1/gateway/oai', 'oai', '/', ''],
    ['/v1/gateway/oai?a=/b', 'oai', '/?a=/b', ''],
    ['/v1/gateway/OAI/x?y', 'oai', '/x?y', ''],
    ['/v1/gateway/oai//evil.example/x', 'oai', '//evil.example/x', ''],
    ['/v1/gateway/oai/../../x', 'oai', '/../../x', ''],
    ['/v1/gateway/oai%2f..%2fanthropic/x', 'oai%2f..%2fanthropic', '/x', ''],
    ['/v1/gateway/oai%23/x', 'oai%23', '/x', ''],
    ['/v1/gateway//x', '', '/x', ''],
    ['/v1/gateway/oai/sk-helicone-a/v1/x', 'oai', '/v1/x', 'sk-helicone-a'],
    ['/v1/gateway/oai/v1/pk-helicone-a/x?k=sk-helicone-q', 'oai', '/v1/x?k=sk-helicone-q', 'pk-helicone-a'],
    ['/v1/gateway/sk-helicone-a/oai/x', 'oai', '/x', 'sk-helicone-a'],
    ['/v1/gateway/oai/sk-helicone-a', 'oai', '/', 'sk-helicone-a'],
    ['/sk-helicone-a/v1/gateway/oai/x?y', 'oai', '/x?y', 'sk-helicone-a'],
    ['/v1/sk-helicone-a/gateway/oai', 'oai', '/', 'sk-helicone-a'],
    ['/v1/gateway/oai/sk-helicone-a/pk-helicone-b/x', 'oai', '/x', 'sk-helicone-a'],
    ['/v1/gateway/sk-helicone-a', '', '/', 'sk-helicone-a'],
  ])('%s', (url, label, rest, pathKey) => {
    expect(routeByPath(url)).toEqual({ label, rest, pathKey });
  });

  test.each([
    '/',
    '/v1/gatewayx/oai',
    '/v2/gateway/oai',
    '/sk-helicone-a/v1/x',
    '/v1/session/query',
    'http://evil.example/v1/gateway/oai',
  ])('%s is not one', (url) => expect(routeByPath(url)).toBeUndefined());

  test('whatever follows the label reaches the provider unchanged', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\x21-\x7e]{0,60}$/), (rest) => {
        fc.pre(!rest.includes('k-helicone'));
        expect(routeByPath(`/v1/gateway/oai/${rest}`)).toEqual({ label: 'oai', rest: `/${rest}`, pathKey: '' });
      }),
    );
  });

  test('no key of ours stays in a path', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', '', 'sk-helicone-x', 'pk-helicone-y', '..'), { maxLength: 8 }),
        (parts) => {
          const route = routeByPath(`/v1/gateway/oai/${parts.join('/')}`)!;
          expect(route.rest.split('/').filter((part) => part.includes('k-helicone'))).toEqual([]);
          expect(route.rest[0]).toBe('/');
        },
      ),
    );
  });
});

describe('the route of a host', () => {
  test.each([
    ['oai.helicone.ai', 'oai'],
    ['OAI.example.com:8585', 'oai'],
    ['anthropic.localhost', 'anthropic'],
    ['ai-gateway.example.com', 'ai-gateway'],
    ['2yfv.example.com', '2yfv'],
  ])('%s', (host, label) => {
    expect(routeByHost(host, '/v1/x?y')).toEqual({ label, rest: '/v1/x?y', pathKey: '' });
  });

  test.each([
    undefined,
    '',
    'localhost',
    'localhost:1',
    '127.0.0.1:80',
    '[::1]:80',
    '1.2.3.4',
    'oai',
    'oai.1.2',
    'a b.c',
  ])('%j has no label', (host) => expect(routeByHost(host, '/')).toBeUndefined());
});
