import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { describeTarget, InvalidRedisUrl, parseRedisUrl, type RedisAddress } from './parse-redis-url.ts';

describe('a Redis URL', () => {
  test.each([
    ['redis://localhost', { kind: 'single', address: { host: 'localhost', port: 6379 }, db: 0 }],
    ['redis://10.0.0.1:7000/3', { kind: 'single', address: { host: '10.0.0.1', port: 7000 }, db: 3 }],
    ['redis://[::1]:7000/', { kind: 'single', address: { host: '::1', port: 7000 }, db: 0 }],
    ['redis://:p%40ss%2Fword@h', { kind: 'single', address: { host: 'h', port: 6379 }, db: 0, password: 'p@ss/word' }],
    [
      'redis://app:not@encoded@h',
      { kind: 'single', address: { host: 'h', port: 6379 }, db: 0, username: 'app', password: 'not@encoded' },
    ],
    [
      'rediss://h?ca=/etc/ca.pem&servername=redis.internal',
      {
        kind: 'single',
        address: { host: 'h', port: 6379 },
        db: 0,
        tls: { caFile: '/etc/ca.pem', serverName: 'redis.internal' },
      },
    ],
    [
      'rediss://h?cert=c.pem&key=k.pem',
      { kind: 'single', address: { host: 'h', port: 6379 }, db: 0, tls: { certFile: 'c.pem', keyFile: 'k.pem' } },
    ],
    [
      'redis+sentinel://:pw@s1,s2:26380/1?name=main&sentinelPassword=s%26w',
      {
        kind: 'sentinel',
        sentinels: [
          { host: 's1', port: 26379 },
          { host: 's2', port: 26380 },
        ],
        name: 'main',
        db: 1,
        password: 'pw',
        sentinelPassword: 's&w',
      },
    ],
    [
      'rediss+cluster://user:pw@a:1,[fe80::1]:2,c',
      {
        kind: 'cluster',
        nodes: [
          { host: 'a', port: 1 },
          { host: 'fe80::1', port: 2 },
          { host: 'c', port: 6379 },
        ],
        username: 'user',
        password: 'pw',
        tls: {},
      },
    ],
  ])('%s is understood', (url, target) => {
    expect(parseRedisUrl(url)).toEqual(target);
  });

  test.each([
    ['localhost:6379', 'begins with redis://'],
    ['http://h', 'begins with redis://'],
    ['redis://', 'begins with redis://'],
    ['redis:///1', 'begins with redis://'],
    ['redis://h#x', 'begins with redis://'],
    ['redis://a,b', 'write redis+sentinel:// or redis+cluster://'],
    ['redis://h:0', 'not host:port'],
    ['redis://h:65536', 'not host:port'],
    ['redis://h:', 'not host:port'],
    ['redis://::1', 'not host:port'],
    ['redis+cluster://a,,b', 'not host:port'],
    ['redis://h/first', 'not the number of a Redis database'],
    ['redis+cluster://h/1', 'database 0 only'],
    ['redis+sentinel://h', '?name='],
    ['redis+sentinel://h?name=', 'name of the Redis URL is empty'],
    ['redis+sentinel://h?name=a&name=b', 'stands twice'],
    ['redis://h?ca=x', 'unknown parameter "ca"'],
    ['redis://h?name=x', 'this form takes none'],
    ['rediss://h?cert=c.pem', 'come together'],
    ['redis://password@h', 'behind a colon'],
    ['redis://user:@h', 'without a password'],
    ['redis://:100%@h', '%25'],
  ])('%s is refused and says why', (url, reason) => {
    expect(() => parseRedisUrl(url)).toThrow(InvalidRedisUrl);
    expect(() => parseRedisUrl(url)).toThrow(reason);
  });

  test('of any credentials and addresses is read back as it was written, and described without its secrets', () => {
    const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6());
    const address = fc.record({ host, port: fc.integer({ min: 1, max: 65_535 }) });
    const secret = fc.string({ unit: 'grapheme', minLength: 12 }).map((text) => `~${text}~`);
    fc.assert(
      fc.property(
        fc.array(address, { minLength: 1, maxLength: 4 }),
        secret,
        secret,
        secret,
        (nodes, user, pw, name) => {
          const list = nodes.map((each) => written(each)).join(',');
          const access = `${encodeURIComponent(user)}:${encodeURIComponent(pw)}@`;
          const cluster = parseRedisUrl(`redis+cluster://${access}${list}`);
          expect(cluster).toEqual({ kind: 'cluster', nodes, username: user, password: pw });
          const url = `redis+sentinel://${access}${list}/7?name=${encodeURIComponent(name)}`;
          const sentinel = parseRedisUrl(url);
          expect(sentinel).toMatchObject({ sentinels: nodes, name, db: 7, username: user, password: pw });
          const open = describeTarget(sentinel);
          expect(open).not.toContain(encodeURIComponent(pw));
          expect(parseRedisUrl(open)).toEqual({ ...sentinel, username: undefined, password: undefined });
        },
      ),
    );
  });

  test('of any text is read or refused, and what is refused does not show its password', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('redis', 's', '+cluster', '://', ':', '@', '/', '?', '%', ','),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        try {
          parseRedisUrl(parts.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidRedisUrl);
        }
      }),
    );
    const urls = ['redis://user:secret@h/x', 'redis://secret@h', 'redis://:secret@h:0', 'redis://user:secret%zz@h'];
    urls.push('redis://user:secret/secret@h', 'redis://:secret?secret@h', 'redis://:secret#secret@h');
    for (const url of urls) {
      let message = '';
      try {
        parseRedisUrl(url);
      } catch (error) {
        ({ message } = error as Error);
      }
      expect(message).not.toBe('');
      expect(message).not.toContain('secret');
    }
  });
});

function written({ host, port }: RedisAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
