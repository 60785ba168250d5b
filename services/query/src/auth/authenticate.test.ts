import { describe, expect, test } from '@jest/globals';
import { hashKey, type KeyRecord } from '@throughline/contracts/keys';
import { grants } from './access.ts';
import { authenticate } from './authenticate.ts';

const KEY = 'sk-helicone-abcdefg-abcdefg-abcdefg-abcdefg';
const record: KeyRecord = { hash: hashKey(KEY), id: 'key-1', tenantId: 'acme', permissions: ['r'] };
const keys = { find: (hash: string) => (hash === record.hash ? record : undefined) };

describe('authenticate', () => {
  test.each([
    ['Authorization with Bearer', { authorization: `Bearer ${KEY}` }],
    ['Authorization without it', { authorization: KEY }],
    ['Authorization in any case', { authorization: `bearer  ${KEY}` }],
    ['Helicone-Auth', { 'helicone-auth': `Bearer ${KEY}` }],
    ['helicone-authorization', { 'helicone-authorization': JSON.stringify({ _type: 'bearer', token: KEY }) }],
  ])('takes the key from %s', async (_, headers) => {
    expect(await authenticate(headers, keys)).toBe(record);
  });

  test.each([
    ['no header', {}, 'No authorization header'],
    ['an empty one', { authorization: 'Bearer ' }, 'No authorization header'],
    ['another key', { authorization: 'Bearer nobody' }, 'No API key found'],
    ['what is no JSON', { 'helicone-authorization': '{' }, 'Invalid auth header'],
    ['JSON of another form', { 'helicone-authorization': '["__proto__"]' }, 'Invalid auth header format'],
  ])('refuses %s', async (_, headers, sentence) => {
    await expect(authenticate(headers, keys)).rejects.toThrow(sentence);
  });

  test('looks for a key that is not known', async () => {
    let isKnown = false;
    const looking = {
      find: (hash: string) => (isKnown ? keys.find(hash) : undefined),
      lookFor: async () => {
        isKnown = true;
      },
    };
    expect(await authenticate({ authorization: `Bearer ${KEY}` }, looking)).toBe(record);
  });
});

describe('grants', () => {
  const may = (permissions: KeyRecord['permissions'], allowWriteKeysToRead = false) => {
    const key = { ...record, permissions };
    return (['any-key', 'read', 'read-bodies', 'write', 'manage-keys', 'operate'] as const).filter((access) =>
      grants(key, access, { allowWriteKeysToRead }),
    );
  };

  test('gives each permission what it says and nothing else', () => {
    expect(may([])).toEqual([]);
    expect(may(['r'])).toEqual(['any-key', 'read', 'read-bodies']);
    expect(may(['w'])).toEqual(['any-key', 'write']);
    expect(may(['rw'])).toEqual(['any-key', 'read', 'read-bodies', 'write', 'manage-keys']);
    expect(may(['m'])).toEqual(['any-key', 'read']);
    expect(may(['operator'])).toEqual(['any-key', 'operate']);
  });

  test('lets write keys read where the operator wants it', () => {
    expect(may(['w'], true)).toEqual(['any-key', 'read', 'read-bodies', 'write']);
  });
});
