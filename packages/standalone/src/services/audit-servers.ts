import { setTimeout as sleep } from 'node:timers/promises';
import type { LogBounds } from '@throughline/event-log/event-log';
import { type AuditDeps, auditPartition } from '@throughline/session-aggregator/audit/audit-partition';
import { type AuditReport, auditReport, type PartitionAudit } from '@throughline/session-aggregator/audit/audit-report';
import type { Logger } from '@throughline/telemetry/logger';
import type { Config } from '../config.ts';
import { StartError } from '../start-error.ts';
import { openServers } from './open-servers.ts';

/** Snapshots follow the totals by one cycle: what differs only because of that is gone at the next look. */
const LOOKS = 5;
const LOOK_AGAIN_MS = 1_000;

/** Audit every partition of the topic, beside the services that run. */
export async function auditServers(config: Config, logger: Logger): Promise<AuditReport> {
  await using servers = await openServers(config, logger);
  return await auditPartitions(servers, servers.bounds);
}

/** @param bounds what the log holds of each partition. @throws StartError where one has no positions yet. */
export async function auditPartitions(
  stores: AuditDeps,
  bounds: ReadonlyMap<number, LogBounds | undefined>,
): Promise<AuditReport> {
  const partitions: PartitionAudit[] = [];
  for (const [partition, known] of bounds) {
    partitions.push(await untilSettled(() => auditPartition(stores, partition, placed(partition, known))));
  }
  return auditReport(partitions);
}

async function untilSettled(audit: () => Promise<PartitionAudit>): Promise<PartitionAudit> {
  for (let look = 1; ; look++) {
    const found = await audit();
    if (found.differences.length === 0 || look === LOOKS) return found;
    await sleep(LOOK_AGAIN_MS);
  }
}

function placed(partition: number, bounds: LogBounds | undefined): LogBounds {
  if (bounds) return bounds;
  throw new StartError(
    `partition ${partition} takes the place of an earlier log and has no positions yet: run throughline rebase.`,
  );
}
