import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { SESSION_RULES } from '@throughline/contracts/request-event';
import { seedFromEnv } from '@throughline/testkit/seed';
import fc from 'fast-check';
import { type BodyRule, findBodySession, isBodyRule, namesSessions } from './body-session.ts';

const RULES = SESSION_RULES.filter(isBodyRule);
const UUID = '0195c1e4-7a10-7c3e-9b1d-2f6a8c4e5d70';

function find(body: unknown, rules: readonly BodyRule[] = RULES) {
  return findBodySession(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), '', rules);
}

describe('the session that a body names', () => {
  test.each<[string, unknown, ReturnType<typeof find>]>([
    ['a conversation', { conversation: 'conv_1' }, { id: 'conv_1', rule: 'body-conversation' }],
    ['a conversation as an object', { conversation: { id: 'conv_2' } }, { id: 'conv_2', rule: 'body-conversation' }],
    ['a cache key', { prompt_cache_key: 'key' }, { id: 'key', rule: 'body-prompt-cache-key' }],
    ['metadata', { metadata: { a: 1, session_id: 's' } }, { id: 's', rule: 'body-metadata-session-id' }],
    [
      'a user of Claude Code',
      { metadata: { user_id: `user_0af3_account_${UUID}_session_${UUID}` } },
      { id: UUID, rule: 'body-metadata-user-id' },
    ],
    [
      'a user of Claude Code without an account',
      { metadata: { user_id: `user_0af3_account__session_${UUID}` } },
      { id: UUID, rule: 'body-metadata-user-id' },
    ],
    [
      'a user of Claude Code as JSON',
      { metadata: { user_id: JSON.stringify({ device_id: 'd', account_uuid: '', session_id: UUID }) } },
      { id: UUID, rule: 'body-metadata-user-id' },
    ],
  ])('is found: %s', (_, body, expected) => {
    expect(find(body)).toEqual(expected);
  });

  test.each<[string, unknown]>([
    ['of a message', { messages: [{ conversation: 'c', prompt_cache_key: 'k', metadata: { session_id: 's' } }] }],
    ['in a text', { input: '"conversation":"c","prompt_cache_key":"k","session_id":"s"' }],
    ['deeper in metadata', { metadata: { more: { session_id: 's' } } }],
    ['at the top alone', { session_id: 's' }],
    ['empty or space', { conversation: ' ', prompt_cache_key: '', metadata: { session_id: '\t' } }],
    ['no text', { conversation: 1, prompt_cache_key: null, metadata: { session_id: ['s'] } }],
    ['an object without an id', { conversation: { name: 'c' }, metadata: 'session_id' }],
    ['longer than an id may be', { prompt_cache_key: 'x'.repeat(8_193) }],
    ['another user', { metadata: { user_id: 'user_1_session_2' } }],
    ['a user that only looks like JSON', { metadata: { user_id: '{"session_id":1' } }],
    ['in a list', [{ conversation: 'c' }]],
    ['no JSON', 'conversation="c"'],
    ['nothing', ''],
  ])('is not what only looks like one: %s', (_, body) => {
    expect(find(body)).toBeNull();
  });

  test('is that of the first rule which finds one, in order, of those that are on', () => {
    const body = { metadata: { session_id: 'm' }, prompt_cache_key: 'k', conversation: 'c' };
    expect(find(body)?.id).toBe('c');
    expect(find({ ...body, conversation: '' })?.id).toBe('k');
    expect(find(body, ['body-metadata-session-id'])?.id).toBe('m');
    expect(find(body, ['body-metadata-user-id'])).toBeNull();
    expect(find(body, [])).toBeNull();
    // The last of repeated members, as JSON.parse has it.
    expect(find('{"conversation":"a","conversation":"b"}')?.id).toBe('b');
  });

  test('is text as it was meant: space around it, escapes and letters of any script', () => {
    expect(find(' \n{"conversation": " Gespräch\\u0020\\u00e9 \u{1f600} " }')?.id).toBe('Gespräch é \u{1f600}');
    expect(find('\ufeff{"conversation":"bom"}')?.id).toBe('bom');
    expect(find('{"conversation":"\\ud800"}')?.id).toBe('\ufffd');
  });

  test('is found in compressed bodies up to a bound, and in what is there of one that was cut', () => {
    const body = JSON.stringify({ prompt_cache_key: 'k', input: 'x'.repeat(1_000) });
    expect(findBodySession(gzipSync(body), 'gzip', RULES)?.id).toBe('k');
    expect(findBodySession(zstdCompressSync(Buffer.from(body)), 'zstd', RULES)?.id).toBe('k');
    expect(findBodySession(gzipSync(Buffer.alloc(5_000_000, body)), 'gzip', RULES)).toBeNull();
    expect(findBodySession(Buffer.from(body), 'gzip', RULES)).toBeNull();
    expect(find(body.slice(0, 200))?.id).toBe('k');
    expect(find('{"conversation":"cut he')).toBeNull();
  });

  test('is looked for in JSON only', () => {
    const types = ['application/json', 'Application/JSON; charset=utf-8', 'application/vnd.api+json'];
    expect(types.every(namesSessions)).toBe(true);
    expect(['', 'text/plain', 'application/jsonl', 'multipart/form-data; boundary=json'].some(namesSessions)).toBe(
      false,
    );
  });

  test('agrees with JSON.parse on any JSON, and never throws on anything else', () => {
    const names = fc.constantFrom('conversation', 'prompt_cache_key', 'metadata', 'session_id', 'id', 'a', '__proto__');
    const { any } = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.string({ unit: 'binary' }),
        fc.nat(),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 2 }),
        fc.dictionary(names, tie('any'), { maxKeys: 4, noNullPrototype: false }),
      ),
    }));
    const told = ['body-conversation', 'body-prompt-cache-key', 'body-metadata-session-id'] as const;
    const seed = seedFromEnv('body-session');
    fc.assert(
      fc.property(any, fc.nat(), (value, cut) => {
        const text = JSON.stringify(value);
        expect(find(text, told)?.id).toBe(expectedId(JSON.parse(text)));
        findBodySession(Buffer.from(text).subarray(0, cut % (text.length + 1)), '', RULES);
      }),
      { seed, numRuns: 2_000 },
    );
  });
});

function expectedId(body: unknown): string | undefined {
  const at = (parent: unknown, name: string): unknown =>
    typeof parent === 'object' && parent !== null && !Array.isArray(parent) && Object.hasOwn(parent, name)
      ? (parent as Record<string, unknown>)[name]
      : undefined;
  const conversation = at(body, 'conversation');
  const candidates = [
    conversation,
    at(conversation, 'id'),
    at(body, 'prompt_cache_key'),
    at(at(body, 'metadata'), 'session_id'),
  ];
  const ids = candidates.map((value) => (typeof value === 'string' ? value.trim().toWellFormed() : ''));
  return ids.find((id) => id !== '');
}
