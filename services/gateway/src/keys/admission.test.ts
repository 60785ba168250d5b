import { describe, expect, test } from '@jest/globals';
import { hashKey, type KeyRecord } from '@throughline/contracts/keys';
import { CallHeaders } from '../request/call-headers.ts';
import { createAdmission } from './admission.ts';

const OURS = 'sk-helicone-aaaaaaa-bbbbbbb-ccccccc-ddddddd';
const CUSTOM = 'my own words';
const READER = 'sk-helicone-reader';
const STRANGER = 'sk-helicone-zzzzzzz-zzzzzzz-zzzzzzz-zzzzzzz';

const records = new Map<string, KeyRecord>();
for (const [key, tenantId, permissions] of [
  [OURS, 'acme', ['rw']],
  [CUSTOM, 'own', ['w', 'operator']],
  [READER, 'acme', ['r', 'm']],
] as const) {
  records.set(hashKey(key), { hash: hashKey(key), id: key.slice(-7), tenantId, permissions });
}
const keys = { find: (hash: string) => records.get(hash) };

function admit(raw: string[], { pathKey = '', loopback = false } = {}) {
  const headers = new CallHeaders(raw);
  const { tenantId, refusal } = createAdmission({ keys, loopback })(headers, pathKey);
  return { is: tenantId ?? refusal, upstream: headers.upstream };
}

describe('whose call it is', () => {
  test.each([
    [['Helicone-Auth', `Bearer ${OURS}`], 'acme'],
    [['Helicone-Auth', `bearer  ${OURS}`], 'acme'],
    [['Helicone-Auth', OURS], 'acme'],
    [['Helicone-Auth', `Bearer ${CUSTOM}`], 'own'],
    [['Helicone-Auth', `Bearer ${READER}`], 'missing-permission'],
    [['Helicone-Auth', `Bearer ${STRANGER}`], 'unknown-key'],
    [['Helicone-Auth', ''], 'no-key'],
    [['Helicone-Auth', 'Bearer'], 'no-key'],
    [[], 'no-key'],
    [['Authorization', 'Bearer sk-proj-provider'], 'no-key'],
    [['Authorization', `Bearer ${STRANGER}`], 'unknown-key'],
    [['x-api-key', 'sk-ant-provider'], 'no-key'],
  ])('%j: %s', (raw, expected) => {
    expect(admit(raw).is).toBe(expected);
  });

  test('a key in the path counts after Helicone-Auth and before Authorization', () => {
    expect(admit([], { pathKey: OURS }).is).toBe('acme');
    expect(admit(['Helicone-Auth', `Bearer ${CUSTOM}`], { pathKey: OURS }).is).toBe('own');
    expect(admit(['Authorization', `Bearer ${CUSTOM}`], { pathKey: OURS }).is).toBe('acme');
  });

  test.each([
    [['x-api-key', OURS, 'Authorization', `Bearer ${CUSTOM}`], 'own'],
    [['Authorization', `Bearer ${CUSTOM}`, 'X-Api-Key', OURS], 'own'],
    [['Api-Key', CUSTOM, 'x-api-key', OURS], 'own'],
    [['Authorization', `Bearer sk-p, Bearer ${CUSTOM},Bearer ${OURS}`], 'own'],
    [['Authorization', `Bearer ${CUSTOM}`, 'Authorization', `Bearer ${OURS}`], 'own'],
    [['x-api-key', OURS, 'Authorization', 'Bearer sk-provider'], 'acme'],
  ])('of several keys %j the one in Authorization counts, else the first: %s', (raw, expected) => {
    expect(admit(raw).is).toBe(expected);
    expect(admit(raw).upstream.join(' ')).not.toMatch(/helicone|my own words/);
  });

  test('on loopback no key is needed, but a wrong one is not ignored', () => {
    expect(admit([], { loopback: true }).is).toBe('default');
    expect(admit(['Authorization', 'Bearer sk-proj'], { loopback: true }).is).toBe('default');
    expect(admit(['Helicone-Auth', `Bearer ${STRANGER}`], { loopback: true }).is).toBe('unknown-key');
  });
});

describe('what goes upstream', () => {
  test.each([
    [['Authorization', `Bearer ${OURS}`], 'acme', []],
    [['Authorization', OURS], 'acme', []],
    [['Authorization', `Bearer ${CUSTOM}`], 'own', []],
    [['X-Api-Key', OURS], 'acme', []],
    [['api-key', OURS, 'A', 'b'], 'acme', ['A', 'b']],
    [['Authorization', `Bearer ${STRANGER}`], 'unknown-key', []],
    [['Authorization', `Bearer sk-p, Bearer ${OURS}`], 'acme', ['Authorization', 'Bearer sk-p']],
    [['Authorization', `Bearer ${OURS},Bearer sk-p`], 'acme', ['Authorization', 'Bearer sk-p']],
    [['Authorization', `Bearer ${OURS}`, 'x-api-key', 'sk-ant'], 'acme', ['x-api-key', 'sk-ant']],
    [['x-api-key', 'sk-ant', 'Authorization', `Bearer ${OURS}`], 'acme', ['x-api-key', 'sk-ant']],
  ])('%j: %s, sends %j', (raw, is, upstream) => {
    expect(admit(raw)).toEqual({ is, upstream });
  });

  test('a provider key is sent as it is, commas and all', () => {
    const aws = 'AWS4-HMAC-SHA256 Credential=AK/2026/us, SignedHeaders=host;x, Signature=ab';
    expect(admit(['Authorization', aws]).upstream).toEqual(['Authorization', aws]);
  });

  test('a key of ours is taken out even where another one was used', () => {
    expect(admit(['Helicone-Auth', `Bearer ${CUSTOM}`, 'Authorization', `Bearer ${OURS}`]).upstream).toEqual([]);
  });

  test('a key of another installation behind this one is left alone when ours came in Helicone-Auth', () => {
    const raw = ['Helicone-Auth', `Bearer ${OURS}`, 'Authorization', `Bearer ${STRANGER}`];
    expect(admit(raw).upstream).toEqual(['Authorization', `Bearer ${STRANGER}`]);
  });
});

test('a revoked key stops working at once although its hash is remembered', () => {
  const admitOne = createAdmission({ keys, loopback: false });
  const call = () => admitOne(new CallHeaders(['Helicone-Auth', `Bearer ${READER}x`]), '').refusal;
  records.set(hashKey(`${READER}x`), { hash: hashKey(`${READER}x`), id: 'x', tenantId: 't', permissions: ['rw'] });
  expect(call()).toBeUndefined();
  records.delete(hashKey(`${READER}x`));
  expect(call()).toBe('unknown-key');
});

describe('while keys cannot be read', () => {
  const stale = { ...keys, isStale: true };
  const call = (key: string, canPark = true) =>
    createAdmission({ keys: stale, loopback: false, canPark })(new CallHeaders(['Helicone-Auth', `Bearer ${key}`]), '');

  test('a key that is not known may exist: its hash is kept, never the key, and it is valid for nothing', () => {
    expect(call(STRANGER)).toEqual({ keyValid: false, unreadKey: hashKey(STRANGER) });
    expect(JSON.stringify(call(STRANGER))).not.toContain('zzzzzzz');
  });

  test('those known are as valid as ever', () => {
    expect(call(OURS)).toEqual({ tenantId: 'acme', keyId: OURS.slice(-7), keyValid: true, mayReadBodies: true });
    expect(call(READER).refusal).toBe('missing-permission');
  });

  test('it is unknown where nothing can be parked', () => {
    expect(call(STRANGER, false)).toEqual({
      keyValid: false,
      refusal: 'unknown-key',
      unknownKey: hashKey(STRANGER),
    });
  });
});
