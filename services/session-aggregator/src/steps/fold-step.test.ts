import { expect, test } from '@jest/globals';
import { sampleState } from '@throughline/session-totals/session-state-samples';
import { sampleRow } from '../session/sample-row.ts';
import { sessionKeyText } from '../session-key-text.ts';
import { foldStep } from './fold-step.ts';

test('rows change the sessions they name, and every row counts for its tenant', () => {
  const row = (offset: number, session: string, tenant = 'tenant') => ({
    ...sampleRow({ source_offset: offset, session_id: session, tenant_id: tenant }),
    version: 1n,
  });
  const before = new Map([
    [sessionKeyText({ tenantId: 'tenant', sessionId: 'a' }), sampleState('a', 3, { applied: 1 })],
  ]);
  // The first row of `a` was applied before: its state skips it, its tenant's counters never do.
  const folded = foldStep([row(1, 'a'), row(2, 'a'), row(3, ''), row(4, 'b'), row(5, 'b', 'other')], [], before);
  const sessions = folded.sessions.map(({ tenantId, sessionId, requests }) => [tenantId, sessionId, requests]);
  expect(sessions).toEqual([
    ['tenant', 'a', 4],
    ['tenant', 'b', 1],
    ['other', 'b', 1],
  ]);
  const tenants = folded.tenantsAfter(new Map(), []);
  expect([tenants.get('tenant')!.requests, tenants.get('other')!.requests]).toEqual([4, 1]);
  expect(before.size).toBe(1);
});
