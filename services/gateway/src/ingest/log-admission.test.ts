import { describe, expect, test } from '@jest/globals';
import { hashKey, type KeyRecord } from '@throughline/contracts/keys';
import { createLogAdmission } from './log-admission.ts';

const KEY = 'sk-helicone-aaaaaaa-bbbbbbb-ccccccc-ddddddd';
const UNKNOWN = 'pk-helicone-eu-cp-zzzzzzz-zzzzzzz-zzzzzzz-zzzzzzz';
const OWN = 'a key of the operator’s own';
const records = new Map<string, KeyRecord>(
  [KEY, OWN].map((key) => [hashKey(key), { hash: hashKey(key), id: 'k', tenantId: 'acme', permissions: ['w'] }]),
);
const keys = { find: (hash: string) => records.get(hash) };
const admit = createLogAdmission({ keys, loopback: false, canPark: true });
const stale = createLogAdmission({ keys: { ...keys, isStale: true }, loopback: false, canPark: true });

describe('the key of a log call', () => {
  test.each([
    [{ authorization: `Bearer ${KEY}` }],
    [{ authorization: `bearer ${OWN}` }],
    [{ authorization: `Bearer sk-provider, Bearer ${KEY}` }],
    [{ authorization: 'Bearer sk-provider', 'helicone-auth': `Bearer ${KEY}` }],
    [{ 'x-api-key': KEY }],
    [{ 'api-key': KEY }],
  ])('is found in %j', async (headers) => {
    for (const form of ['worker', 'api', 'typed', 'otlp'] as const)
      expect((await admit(headers, form)).tenantId).toBe('acme');
  });

  test('needs the word Bearer at a worker’s endpoint only', async () => {
    expect((await admit({ authorization: KEY }, 'worker')).refusal?.code).toBe('key-without-bearer');
    expect((await admit({ authorization: KEY }, 'api')).tenantId).toBe('acme');
  });

  test('that is missing, malformed or unknown is refused', async () => {
    expect((await admit({}, 'worker')).refusal?.code).toBe('unauthorized');
    expect((await admit({ authorization: ' ' }, 'api')).refusal?.code).toBe('no-key');
    expect((await admit({}, 'otlp')).refusal?.code).toBe('no-key');
    expect((await admit({ authorization: 'Bearer nonsense' }, 'worker')).refusal?.code).toBe('key-not-well-formed');
    expect((await admit({ authorization: `Bearer ${UNKNOWN}` }, 'worker')).refusal?.code).toBe('unknown-key');
    expect((await admit({ authorization: 'Bearer nonsense' }, 'otlp')).refusal?.code).toBe('unknown-key');
  });

  test('that cannot be looked up at the moment is kept for later', async () => {
    expect((await stale({ authorization: `Bearer ${UNKNOWN}` }, 'worker')).unreadKey).toBe(hashKey(UNKNOWN));
    expect((await stale({ authorization: `Bearer p, Bearer ${UNKNOWN}` }, 'otlp')).unreadKey).toBe(hashKey(UNKNOWN));
    expect((await stale({ authorization: `Bearer ${KEY}` }, 'api')).tenantId).toBe('acme');
    const cannot = createLogAdmission({ keys: { ...keys, isStale: true }, loopback: false, canPark: false });
    expect((await cannot({ authorization: `Bearer ${UNKNOWN}` }, 'api')).refusal?.code).toBe('unknown-key');
  });

  test('may be left out by exporters on loopback, and by nobody else', async () => {
    const loopback = createLogAdmission({ keys, loopback: true, canPark: false });
    expect((await loopback({}, 'otlp')).tenantId).toBe('default');
    expect((await loopback({}, 'worker')).refusal?.code).toBe('unauthorized');
    expect((await loopback({ authorization: `Bearer ${UNKNOWN}` }, 'otlp')).refusal?.code).toBe('unknown-key');
  });

  test('that was made elsewhere a moment ago is looked for', async () => {
    const known = new Map(records);
    const looking = {
      find: (hash: string) => known.get(hash),
      lookFor: async (hash: string) => void known.set(hash, { ...records.get(hashKey(KEY))!, hash }),
    };
    const late = createLogAdmission({ keys: looking, loopback: false, canPark: false });
    expect((await late({ authorization: `Bearer p, Bearer ${UNKNOWN}` }, 'otlp')).tenantId).toBe('acme');
  });
});
