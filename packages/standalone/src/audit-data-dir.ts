import { setTimeout as sleep } from 'node:timers/promises';
import { type SharedLog, SharedLogState } from '@throughline/event-log/files/shared-log';
import { type AuditDeps, auditPartition } from '@throughline/session-aggregator/audit/audit-partition';
import { type AuditReport, auditReport } from '@throughline/session-aggregator/audit/audit-report';

/** Snapshots follow the totals by one cycle: what differs only because of that is gone at the next look. */
const LOOKS = 4;
const LOOK_AGAIN_MS = 500;

/** Audit the one partition of this process, while it runs. */
export async function auditDataDir(deps: AuditDeps, shared: SharedLog): Promise<AuditReport> {
  const log = new SharedLogState(shared.memory);
  for (let look = 1; ; look++) {
    const bounds = { logId: shared.logId, low: log.low, high: log.end };
    const partition = await auditPartition(deps, 0, bounds);
    if (partition.differences.length === 0 || look === LOOKS) return auditReport([partition]);
    await sleep(LOOK_AGAIN_MS);
  }
}
