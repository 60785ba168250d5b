import { describe, expect, test } from '@jest/globals';
import type { LedgerExceptionRow } from '@throughline/contracts/session-row';
import { createTenantFolder } from './fold-tenants.ts';
import { sampleRow } from './sample-row.ts';

function exception(changes: Partial<LedgerExceptionRow>): LedgerExceptionRow {
  return {
    source_partition: 0,
    source_offset: 5,
    through_offset: 5,
    kind: 'resent',
    reason: '',
    tenant_id: 'tenant',
    event_id: '',
    request_id: '',
    producer_id: '',
    producer_seq: -1,
    count: 1,
    received_at: 0,
    version: 0n,
    ...changes,
  };
}

describe('counters per tenant', () => {
  test('count every row, those without a session included, and never skip one', () => {
    const first = createTenantFolder(new Map());
    first.addRow(sampleRow({ tenant_id: '__proto__', session_id: '', cost_pico: null, prompt_tokens: null }));
    first.addRow(sampleRow({ is_error: true, cost_pico: 2n ** 70n }));
    const before = first.result();
    const second = createTenantFolder(before);
    second.addRow(sampleRow());
    const after = second.result();
    expect(before.get('tenant')!.requests).toBe(1);
    expect(after.get('tenant')).toEqual({
      requests: 2,
      errors: 1,
      unpriced: 0,
      costPico: 2n ** 70n + 1_000_000n,
      promptTokens: 20n,
      completionTokens: 10n,
      annotations: 0,
      exceptions: {},
    });
    expect(after.get('__proto__')).toMatchObject({ requests: 1, unpriced: 1, promptTokens: 0n, completionTokens: 5n });
  });

  test('count the offsets of exceptions by kind', () => {
    const folder = createTenantFolder(new Map());
    folder.addException(exception({}));
    folder.addException(exception({}));
    folder.addException(exception({ kind: 'refused', count: 40 }));
    folder.addException(exception({ kind: 'lost', tenant_id: '', source_offset: 10, through_offset: 19 }));
    expect(folder.result().get('tenant')!.exceptions).toEqual({ resent: 2, refused: 1 });
    expect(folder.result().get('')!.exceptions).toEqual({ lost: 10 });
  });

  test('are the same map when nothing was added', () => {
    const tenants = new Map();
    expect(createTenantFolder(tenants).result()).toBe(tenants);
  });
});
