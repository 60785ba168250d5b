import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GATEWAY_DEFAULTS } from '../gateway-config.ts';
import { CallHeaders } from './call-headers.ts';

const read = (...raw: string[]) => new CallHeaders(raw);
const names = (headers: CallHeaders) => headers.upstream.filter((_, i) => i % 2 === 0);

describe('request headers', () => {
  test('ours and those of the connection stay here, everything else goes on as it was written', () => {
    const headers = read(
      ...[
        'Host',
        'x',
        'CONNECTION',
        'keep-alive, X-Hop',
        'X-Hop',
        '1',
        'Transfer-Encoding',
        'chunked',
        'TE',
        'trailers',
      ],
      ...[
        'Upgrade',
        'websocket',
        'Expect',
        '100-continue',
        'Proxy-Authorization',
        'Basic x',
        'Keep-Alive',
        'timeout=5',
      ],
      ...['hElIcOnE-Whatever', '1', 'Helicone-Target-Provider', 'x', 'Throughline-X', '1'],
      ...['Cookie', 'a=b', 'X-Custom', 'v', 'X-Custom', 'w', 'Content-Type', 'application/json'],
    );
    expect(headers.upstream).toEqual([
      ...['Cookie', 'a=b', 'X-Custom', 'v', 'X-Custom', 'w', 'Content-Type', 'application/json'],
    ]);
    expect(headers.chunked).toBe(true);
    expect(headers.stored).toEqual([['content-type', 'application/json']]);
  });

  test('a connection option cannot take the length of the body away', () => {
    const headers = read('Connection', 'content-length, x-a', 'Content-Length', '3', 'X-A', '1', 'Authorization', 'b');
    expect(headers.upstream).toEqual(['Content-Length', '3', 'Authorization', 'b']);
    expect(headers.upstream[headers.credentialsAt[0]!]).toBe('Authorization');
  });

  test('no credential is ever stored', () => {
    const credentials = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'cookie'];
    const ours = ['Proxy-Authorization', 'aws-access-key', 'aws-secret-key', 'aws-session-token'];
    const headers = read(...[...credentials, ...ours].flatMap((name) => [name, 'canary']));
    expect(JSON.stringify([headers.stored, headers.properties])).not.toContain('canary');
    expect(names(headers)).toEqual(credentials);
  });

  test.each([
    [['helicone-session-id', 'a', 'session-id', 'b'], 'a', 'helicone-session-id'],
    [['x-session-affinity', 'f', 'x-claude-code-session-id', 'c', 'session_id', 's'], 'c', 'claude-code-session-id'],
    [['session_id', 's', 'x-opencode-session', 'o'], 's', 'session-id-header'],
    [['x-opencode-session', 'o', 'x-session-affinity', 'f'], 'o', 'opencode-session'],
    [['x-session-affinity', 'f', 'helicone-session-id', ''], 'f', 'session-affinity'],
  ])('%j name the session %s by the rule %s', (raw, id, rule) => {
    const session = read(...raw, 'Helicone-Session-Name', 'n').session(GATEWAY_DEFAULTS.sessionRules);
    expect(session).toEqual({ id, name: 'n', path: '', rule });
  });

  test('a rule that is switched off names nothing', () => {
    expect(read('session-id', 'b').session(['helicone-session-id'])).toBeNull();
  });

  test('properties keep whatever name they are given', () => {
    const odd = ['__proto__', 'constructor', 'toString', 'a-b', 'x'.repeat(300)];
    const headers = read(...odd.flatMap((name) => [`Helicone-Property-${name}`, 'v']), 'Helicone-Property-', 'none');
    expect(headers.properties.map(([name]) => name)).toEqual(odd.map((name) => name.toLowerCase()));
    expect(({} as Record<string, unknown>).v).toBeUndefined();
  });

  test('the customer id of Stripe is a property and goes on', () => {
    const headers = read('X-Stripe-Customer-Id', 'cus_1');
    expect(headers.properties).toEqual([['stripe_customer_id', 'cus_1']]);
    expect(names(headers)).toEqual(['X-Stripe-Customer-Id']);
  });

  test('text of any kind comes back as it was meant: UTF-8 where it is, Latin-1 where it is not', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const wire = Buffer.from(text, 'utf8').toString('latin1');
        return text === '' || read('Helicone-User-Id', wire).userId === Buffer.from(text, 'utf8').toString('utf8');
      }),
    );
    expect(read('Helicone-User-Id', 'caf\u00e9').userId).toBe('caf\u00e9');
  });

  test('any list of headers is read without a throw, and none of ours gets through', () => {
    const name = fc.oneof(
      fc.constantFrom('connection', 'Helicone-Auth', 'helicone-property-a', 'x-api-key', 'content-length', 'te'),
      fc.stringMatching(/^[a-zA-Z0-9_-]{1,20}$/),
      fc.stringMatching(/^[hH]elicone-[a-z]{0,9}$/),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string({ maxLength: 40 })), { maxLength: 30 }), (pairs) => {
        const headers = read(...pairs.flat());
        for (const at of headers.credentialsAt)
          expect(headers.upstream[at]).toMatch(/^(authorization|x-api-key|api-key)$/i);
        expect(names(headers).filter((sent) => /^(helicone|throughline)-|^host$|^connection$/i.test(sent))).toEqual([]);
      }),
    );
  });
});
