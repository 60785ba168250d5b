import { expect, test } from '@jest/globals';
import { chunkKeys } from './chunk-keys.ts';

test('keys come in parts bounded by number and by characters, all of them and in order', () => {
  const keys = Array.from({ length: 1_203 }, (_, i) => ({ tenantId: 't', sessionId: String(i) }));
  const parts = [...chunkKeys(keys)];
  expect(parts.map((part) => part.length)).toEqual([500, 500, 203]);
  expect(parts.flat()).toEqual(keys);

  const long = Array.from({ length: 30 }, (_, i) => ({ tenantId: 't', sessionId: `${i}`.padEnd(16_384, 'x') }));
  for (const part of chunkKeys(long)) expect(part.length).toBeLessThanOrEqual(3);
  expect([...chunkKeys(long)].flat()).toEqual(long);
  const huge = [{ tenantId: 't', sessionId: 'x'.repeat(200_000) }];
  expect([...chunkKeys(huge)]).toEqual([huge]);
  expect([...chunkKeys([])]).toEqual([]);
});
