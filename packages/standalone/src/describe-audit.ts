import { type AuditReport, notApplied, type PartitionAudit } from '@throughline/session-aggregator/audit/audit-report';

/**
 * What `throughline audit` ends with, for scripts: 0 accepted = logged = stored = totalled, 1 something differs, 3 nothing
 * differs and events are not applied yet. 2 is a command called wrongly.
 */
export function auditExitCode({ clean, settled }: AuditReport): 0 | 1 | 3 {
  if (!clean) return 1;
  return settled ? 0 : 3;
}

/** The report for people. Events logged are those stored and those not applied yet; calls accepted are those stored. */
export function describeAudit(report: AuditReport): string {
  return `${[...report.partitions.flatMap(linesOf), verdict(report)].join('\n')}\n`;
}

function linesOf(audit: PartitionAudit): string[] {
  const { refused: records = 0, ...others } = audit.stored.exceptions;
  const exceptions = Object.entries(others).map(([kind, count]) => `${count} ${kind}`);
  const { annotations: count } = audit.stored;
  const annotations = count > 0 ? [`${count} ${count === 1 ? 'annotation' : 'annotations'}`] : [];
  if (records > 0) exceptions.push(`${records} ${records === 1 ? 'record' : 'records'} of refusals`);
  return [
    `partition ${audit.partition} of log ${audit.logId}`,
    `  accepted  ${acceptedBy(audit, records)}${audit.refused > 0 ? `, and ${audit.refused} refused` : ''}`,
    `  logged    ${audit.logged} events (${notApplied(audit)} not applied yet)`,
    `  stored    ${[`${audit.stored.requests} requests`, ...annotations, ...exceptions].join(', ')}`,
    `  totalled  ${audit.totalled} requests`,
    ...audit.losses.map((loss) => `  lost: ${loss}`),
    ...audit.differences.map((difference) => `  DIFFERENCE: ${difference}`),
  ];
}

/** Numbers are known of producers heard of in the last days only: of a store older than that, not of all its calls. */
function acceptedBy({ accepted, stored }: PartitionAudit, records: number): string {
  const others = records + stored.annotations;
  if (accepted >= stored.requests + others) return `${accepted - others} calls`;
  return `${accepted} events of the producers heard of lately`;
}

function verdict({ partitions, clean, settled }: AuditReport): string {
  if (!clean) return 'NOT CLEAN';
  const losses = partitions.some(({ losses }) => losses.length > 0) ? ', but for the losses named' : '';
  if (settled) return `clean: accepted = logged = stored = totalled${losses}`;
  const waiting = partitions.reduce((sum, audit) => sum + notApplied(audit), 0);
  return `clean so far: ${waiting} ${waiting === 1 ? 'event is' : 'events are'} logged and not applied yet${losses}`;
}
