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
  ])('is found in %j', (headers) => {
    for (const form of ['worker', 'api', 'typed', 'otlp'] as const) expect(admit(headers, form).tenantId).toBe('acme');
  });

  test('needs the word Bearer at a worker’s endpoint only', () => {
    expect(admit({ authorization: KEY }, 'worker').refusal?.code).toBe('key-without-bearer');
    expect(admit({ authorization: KEY }, 'api').tenantId).toBe('acme');
  });

  test('that is missing, malformed or unknown is refused', () => {
    expect(admit({}, 'worker').refusal?.code).toBe('unauthorized');
    expect(admit({ authorization: ' ' }, 'api').refusal?.code).toBe('no-key');
    expect(admit({}, 'otlp').refusal?.code).toBe('no-key');
    expect(admit({ authorization: 'Bearer nonsense' }, 'worker').refusal?.code).toBe('key-not-well-formed');
    expect(admit({ authorization: `Bearer ${UNKNOWN}` }, 'worker').refusal?.code).toBe('unknown-key');
    expect(admit({ authorization: 'Bearer nonsense' }, 'otlp').refusal?.code).toBe('unknown-key');
  });

  test('that cannot be looked up at the moment is kept for later', () => {
    expect(stale({ authorization: `Bearer ${UNKNOWN}` }, 'worker').unreadKey).toBe(hashKey(UNKNOWN));
    expect(stale({ authorization: `Bearer p, Bearer ${UNKNOWN}` }, 'otlp').unreadKey).toBe(hashKey(UNKNOWN));
    expect(stale({ authorization: `Bearer ${KEY}` }, 'api').tenantId).toBe('acme');
    const cannot = createLogAdmission({ keys: { ...keys, isStale: true }, loopback: false, canPark: false });
    expect(cannot({ authorization: `Bearer ${UNKNOWN}` }, 'api').refusal?.code).toBe('unknown-key');
  });

  test('may be left out by exporters on loopback, and by nobody else', () => {
    const loopback = createLogAdmission({ keys, loopback: true, canPark: false });
    expect(loopback({}, 'otlp').tenantId).toBe('default');
    expect(loopback({}, 'worker').refusal?.code).toBe('unauthorized');
    expect(loopback({ authorization: `Bearer ${UNKNOWN}` }, 'otlp').refusal?.code).toBe('unknown-key');
  });
});
