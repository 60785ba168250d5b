import type { RequestRow } from '@throughline/contracts/request-row';
import type { LedgerExceptionRow } from '@throughline/contracts/session-row';
import type { SessionState } from '@throughline/session-totals/session-state';
import type { TenantCounters } from '@throughline/session-totals/session-totals';
import { createSessionFolder, type SessionFolder } from '../session/fold-session.ts';
import { createTenantFolder } from '../session/fold-tenants.ts';
import { sessionKeyText } from '../session-key-text.ts';

export interface FoldedBatch {
  /** Sessions that the rows changed. */
  readonly sessions: readonly SessionState[];
  tenantsAfter(
    tenants: ReadonlyMap<string, TenantCounters>,
    exceptions: readonly LedgerExceptionRow[],
  ): ReadonlyMap<string, TenantCounters>;
}

/** Rows → the totals of their sessions. Pure. */
export function foldStep(rows: readonly RequestRow[], before: ReadonlyMap<string, SessionState>): FoldedBatch {
  const folders = new Map<string, SessionFolder>();
  for (const row of rows) {
    if (row.session_id === '') continue;
    const key = sessionKeyText({ tenantId: row.tenant_id, sessionId: row.session_id });
    let folder = folders.get(key);
    if (!folder) {
      folder = createSessionFolder(before.get(key));
      folders.set(key, folder);
    }
    folder.add(row);
  }
  return {
    sessions: Array.from(folders.values(), (folder) => folder.result()),
    tenantsAfter(tenants, exceptions) {
      const counters = createTenantFolder(tenants);
      for (const row of rows) counters.addRow(row);
      for (const exception of exceptions) counters.addException(exception);
      return counters.result();
    },
  };
}
