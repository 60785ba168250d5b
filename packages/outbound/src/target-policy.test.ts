import { describe, expect, test } from '@jest/globals';
import { ApiError } from '@throughline/contracts/errors';
import { reachOf } from './address.ts';
import { parseAllowedTargets } from './allowed-targets.ts';
import { createCheckedLookup, TargetNotAllowedError } from './checked-lookup.ts';
import { createTargetPolicy, type NameReach, parseTarget, shownTarget } from './target-policy.ts';

const policyWith = (allowedTargets: string[] = [], trusted: string[] = []) =>
  createTargetPolicy({ allowedTargets, trustedOrigins: new Set(trusted) });

function verdict(target: string, allowedTargets: string[] = [], trusted: string[] = []): string {
  try {
    return policyWith(allowedTargets, trusted)(parseTarget(target));
  } catch (error) {
    return error instanceof ApiError ? error.code : 'thrown';
  }
}

describe('addresses', () => {
  test.each([
    ['8.8.8.8', 'public'],
    ['2606:4700::1111', 'public'],
    ['64:ff9b::808:808', 'public'],
    ['127.0.0.1', 'local'],
    ['127.255.0.1', 'local'],
    ['10.0.0.1', 'local'],
    ['172.16.0.1', 'local'],
    ['192.168.1.1', 'local'],
    ['100.64.0.1', 'local'],
    ['::1', 'local'],
    ['fd12:3456::1', 'local'],
    ['::ffff:127.0.0.1', 'local'],
    ['::ffff:7f00:1', 'local'],
    ['64:ff9b::7f00:1', 'local'],
    ['0.0.0.0', 'never'],
    ['0.1.2.3', 'never'],
    ['169.254.169.254', 'never'],
    ['::ffff:169.254.169.254', 'never'],
    ['64:ff9b::a9fe:a9fe', 'never'],
    ['fd00:ec2::254', 'never'],
    ['fe80::1', 'never'],
    ['fe80::1%eth0', 'never'],
    ['::', 'never'],
    ['::127.0.0.1', 'local'],
    ['::7f00:1', 'never'],
    ['::808:808', 'never'],
    ['2002:7f00:1::', 'never'],
    ['2001:0:1::1', 'never'],
    ['fec0::1', 'never'],
    ['ff02::1', 'never'],
    ['224.0.0.1', 'never'],
    ['255.255.255.255', 'never'],
    ['240.0.0.1', 'never'],
    ['192.0.2.1', 'never'],
    ['198.18.0.1', 'never'],
    ['4000::1', 'never'],
    ['not an address', 'never'],
  ])('%s is %s', (address, reach) => expect(reachOf(address)).toBe(reach));
});

describe('the policy', () => {
  test.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://017700000001/',
    'http://127.0.0.1./',
    'http://%31%32%37.0.0.1/',
    'http://\uff11\uff12\uff17.0.0.1/',
    'http://0/',
    'http://0.0.0.0/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[0:0:0:0:0:ffff:127.0.0.1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/',
    'http://[fd00:ec2::254]/',
    'http://[fe80::1]/',
    'http://10.0.0.1:8080/',
    'https://192.168.0.1/',
    'http://100.100.100.200/',
    'http://[64:ff9b::7f00:1]/',
  ])('refuses the address %s', (target) => {
    expect(verdict(target)).toBe('target-not-allowed');
  });

  test.each([
    'http://user:pass@8.8.8.8/',
    'http://user@api.example/',
    'file:///etc/passwd',
    'ftp://8.8.8.8/',
    'javascript:alert(1)',
    'gopher://8.8.8.8/',
    '//8.8.8.8/',
    '8.8.8.8',
    '/relative',
    'http://',
    'http://[::1',
    '',
  ])('takes %s for no target', (target) => {
    expect(verdict(target)).toBe('invalid-target');
  });

  test.each([
    'http://localhost/',
    'http://LOCALHOST./',
    'http://foo.localhost/',
    'http://169.254.169.254.nip.example/',
    'https://api.openai.com/',
    'https://api.openai.com\\@evil.example/',
    'http://metadata.google.internal/',
  ])('judges the name %s by its addresses', (target) => {
    expect(verdict(target)).toBe('public');
  });

  test('the error names the setting and never echoes credentials', () => {
    expect(() => policyWith()(parseTarget('http://10.0.0.1:81/'))).toThrow('ALLOWED_TARGETS=10.0.0.1:81');
    expect(() => parseTarget('http://u:secret@x/')).toThrow(expect.not.stringContaining('secret') as never);
  });

  test.each([
    ['https://evil.example/v1?key=secret', 'https://evil.example/v1'],
    ['https://u:sec?ret@evil.example#secret', 'https://***'],
    ['u:secret@', '***'],
    ['http://x/?a=b@c&key=secret', 'http://***'],
    ['not a url', 'not a url'],
    [`https://${'x'.repeat(300)}`, `https://${'x'.repeat(192)}`],
  ])('an error quotes %s as %s', (value, shown) => expect(shownTarget(value)).toBe(shown));

  test.each([
    ['http://10.0.0.1:81/', ['10.0.0.1:81'], 'any'],
    ['http://10.0.0.1:81/', ['10.0.0.1'], 'any'],
    ['http://10.0.0.1:82/', ['10.0.0.1:81'], 'target-not-allowed'],
    ['http://10.0.0.2/', ['10.0.0.1', '*', '*.example.com'], 'target-not-allowed'],
    ['http://[::1]:11434/', ['[::1]:11434'], 'any'],
    ['http://[::1]/', ['::1'], 'any'],
    ['http://2130706433/', ['127.0.0.1'], 'any'],
    ['http://localhost:11434/', ['localhost:11434'], 'local'],
    ['http://localhost.:11434/', ['LOCALHOST'], 'local'],
    ['http://ollama.corp/', ['ollama.corp:80'], 'local'],
    ['https://ollama.corp/', ['ollama.corp:80'], 'public'],
    ['https://ollama.corp/', ['ollama.corp:443'], 'local'],
    ['http://sub.ollama.corp/', ['ollama.corp'], 'public'],
    ['http://10.0.0.1/', ['*'], 'target-not-allowed'],
  ])('%s with ALLOWED_TARGETS=%j: %s', (target, allowed, expected) => {
    expect(verdict(target, allowed)).toBe(expected);
  });

  test.each(['http://x', 'a/b', 'x@y', 'a b', '*x', '*.x/y', 'host:99999'])(
    'ALLOWED_TARGETS=%s stops the start',
    (entry) => {
      expect(() => parseAllowedTargets([entry])).toThrow(/ALLOWED_TARGETS has/);
    },
  );

  test('an origin that the operator set is reachable, its neighbours are not', () => {
    expect(verdict('http://127.0.0.1:9000/x', [], ['http://127.0.0.1:9000'])).toBe('any');
    expect(verdict('http://127.0.0.1:9001/x', [], ['http://127.0.0.1:9000'])).toBe('target-not-allowed');
  });
});

describe('the look-up', () => {
  type Answer = { error: Error | null; address: unknown };
  const lookUp = (reach: NameReach, addresses: string[], all: boolean) =>
    new Promise<Answer>((resolve) => {
      const lookup = createCheckedLookup(reach, (_name, options, callback) => {
        expect(options.all).toBe(true);
        callback(
          null,
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        );
      });
      lookup('name.example', { all }, (error, address) => resolve({ error, address }));
    });

  test.each([
    ['public', ['8.8.8.8', '2606:4700::1111'], true],
    ['public', ['127.0.0.1'], false],
    ['public', ['8.8.8.8', '127.0.0.1'], false],
    ['public', ['169.254.169.254'], false],
    ['public', ['::ffff:10.0.0.1'], false],
    ['local', ['127.0.0.1', '::1'], true],
    ['local', ['169.254.169.254'], false],
    ['local', ['fd00:ec2::254'], false],
    ['any', ['169.254.169.254'], true],
  ] as const)('for %s names, %j: %s', async (reach, addresses, allowed) => {
    for (const all of [true, false]) {
      const { error, address } = await lookUp(reach, [...addresses], all);
      if (allowed) expect(all ? (address as unknown[]).length : address).toEqual(all ? addresses.length : addresses[0]);
      else expect(error).toBeInstanceOf(TargetNotAllowedError);
    }
  });

  test('no address is an error, not a connection to nowhere', async () => {
    expect((await lookUp('public', [], true)).error).toMatchObject({ code: 'ENOTFOUND' });
  });
});
