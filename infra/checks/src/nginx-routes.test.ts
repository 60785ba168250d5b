import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { OWN_PATH } from '@throughline/gateway/gateway-router';
import { createProviderDirectory } from '@throughline/gateway/provider-directory';
import { GENERIC_LABEL, routeByHost, routeByPath } from '@throughline/gateway/request/route-of';
import { PROVIDERS } from '@throughline/providers/provider-table';
import fc from 'fast-check';
import { readNginxMaps } from './nginx-maps.ts';

const directory = createProviderDirectory({});
const evaluate = readNginxMaps(fileURLToPath(new URL('../../nginx/nginx.conf', import.meta.url)));

interface Call {
  readonly host: string;
  readonly uri: string;
  readonly target?: string;
  readonly method?: string;
}

function serviceOf({ host, uri, target = '' }: Call): string {
  return evaluate('service', { http_host: host, request_uri: uri, http_helicone_target_url: target });
}

/** Log endpoints and traces are the gateway's, calls to providers too. Feedback of workers is an annotation: the query service's. */
function ownerOf({ host, uri, target = '' }: Call): string {
  if (routeByPath(uri)) return 'gateway';
  const path = uri.split('?')[0]!;
  if (/^\/(custom|oai|anthropic|googleapis)\/v1\/log(\/|$)/.test(path)) return 'gateway';
  if (/^\/v1\/(trace(\/|$)|traces$)/.test(path) || path === '/healthcheck') return 'gateway';
  if (OWN_PATH.test(uri)) return 'query';
  const label = routeByHost(host, uri)?.label;
  if (label === undefined) return 'query';
  if (label === GENERIC_LABEL) return target === '' ? 'query' : 'gateway';
  if (label === 'ai-gateway') return 'gateway';
  const provider = directory.forLabel(label);
  if (provider?.isNameOnly) return target === '' ? 'query' : 'gateway';
  return provider ? 'gateway' : 'query';
}

const LABELS = [
  ...PROVIDERS.flatMap(({ name, labels }) => [name.toLowerCase(), ...labels]),
  'gateway',
  'ai-gateway',
  'throughline',
  'nobody',
];
const SEGMENTS = [
  ...[
    '',
    'v1',
    'v2',
    'gateway',
    'oai',
    'anthropic',
    'custom',
    'googleapis',
    'log',
    'trace',
    'traces',
    'feedback',
    'session',
  ],
  ...[
    'request',
    'property',
    'chat',
    'completions',
    'healthz',
    'organization',
    'healthcheck',
    'readyz',
    'metrics',
    'docs',
    'assets',
  ],
  ...['public', 'system', 'api-keys', 'openapi.json', 'openapi_json', 'logs', 'sessions', '..', '%2f', 'sk-helicone-a'],
];
const hosts = fc.oneof(
  fc
    .tuple(fc.constantFrom(...LABELS), fc.constantFrom('.example.com', '.localhost', '.10', '', ':8585', '.a-b.c:80'))
    .map(([label, rest]) => label + rest)
    .chain((host) => fc.constantFrom(host, host.toUpperCase())),
  fc.constantFrom('127.0.0.1:8585', '[::1]:8585', 'localhost', '', '2yfv.example.com'),
  fc.string(),
);
const uris = fc
  .tuple(
    fc.oneof(
      fc.array(fc.constantFrom(...SEGMENTS), { maxLength: 6 }),
      // Keys anywhere in the path of a call to a provider.
      fc.array(fc.constantFrom('sk-helicone-a', 'pk-helicone', 'v1', 'gateway', 'oai', ''), { maxLength: 6 }),
    ),
    fc.constantFrom('', '?', '?a=/v1/gateway/oai', '/'),
  )
  .map(([segments, rest]) => `/${segments.join('/')}${rest}`);
const targets = fc.constantFrom('', 'https://api.example.com');

test('nginx gives every call to the service that it belongs to', () => {
  fc.assert(
    fc.property(hosts, uris, targets, (host, uri, target) => {
      const call = { host, uri, target };
      expect([call, serviceOf(call)]).toEqual([call, ownerOf(call)]);
    }),
    { numRuns: 5_000 },
  );
});

test.each(LABELS)('nginx and the gateway agree on Host %s.example.com', (label) => {
  for (const target of ['', 'https://api.example.com']) {
    const call = { host: `${label}.example.com`, uri: '/v1/chat/completions', target };
    expect(serviceOf(call)).toBe(ownerOf(call));
  }
});

test('a call with fallbacks names its targets too', () => {
  const call = { http_host: 'gateway.example.com', request_uri: '/v1/chat', http_helicone_target_url: '' };
  expect(evaluate('service', call)).toBe('query');
  expect(evaluate('service', { ...call, http_helicone_fallbacks: '[]' })).toBe('gateway');
});

describe('a call is sent again', () => {
  const once = (service: string, request_method: string) =>
    evaluate('is_sent_once', {
      request_method,
      request_uri: service === 'gateway' ? '/v1/gateway/oai/v1/files' : '/v1/request/x',
    });

  test('never by nginx where that could reach a provider twice', () => {
    // nginx itself repeats neither POST nor PATCH once something of them was sent.
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']) expect(once('gateway', method)).toBe('1');
    for (const method of ['POST', 'PATCH']) expect(once('gateway', method)).toBe('');
  });

  test('where it only reads, or may be done twice', () => {
    for (const method of ['GET', 'PUT', 'POST']) expect(once('query', method)).toBe('');
  });
});
