import type { RequestRow } from '@throughline/contracts/request-row';
import type { LedgerExceptionRow } from '@throughline/contracts/session-row';
import type { SessionState } from '@throughline/session-totals/session-state';
import type { TenantCounters } from '@throughline/session-totals/session-totals';
import { createSessionFolder, type FoldedAnnotation, type SessionFolder } from '../session/fold-session.ts';
import { createTenantFolder } from '../session/fold-tenants.ts';
import { sessionKeyText } from '../session-key-text.ts';

export interface FoldedBatch {
  /** Sessions that they changed. */
  readonly sessions: readonly SessionState[];
  tenantsAfter(
    tenants: ReadonlyMap<string, TenantCounters>,
    exceptions: readonly LedgerExceptionRow[],
  ): ReadonlyMap<string, TenantCounters>;
}

/** Rows and annotations → the totals of their sessions. Pure. */
export function foldStep(
  rows: readonly RequestRow[],
  annotations: readonly FoldedAnnotation[],
  before: ReadonlyMap<string, SessionState>,
): FoldedBatch {
  const folders = new Map<string, SessionFolder>();
  const folderOf = (item: RequestRow | FoldedAnnotation): SessionFolder | undefined => {
    if (item.session_id === '') return undefined;
    const key = sessionKeyText({ tenantId: item.tenant_id, sessionId: item.session_id });
    let folder = folders.get(key);
    if (!folder) {
      folder = createSessionFolder(before.get(key));
      folders.set(key, folder);
    }
    return folder;
  };
  for (const row of rows) folderOf(row)?.add(row);
  for (const annotation of annotations) folderOf(annotation)?.annotate(annotation);
  return {
    sessions: Array.from(folders.values(), (folder) => folder.result()),
    tenantsAfter(tenants, exceptions) {
      const counters = createTenantFolder(tenants);
      for (const row of rows) counters.addRow(row);
      for (const annotation of annotations) counters.addAnnotation(annotation);
      for (const exception of exceptions) counters.addException(exception);
      return counters.result();
    },
  };
}
