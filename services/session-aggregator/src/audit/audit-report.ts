/** What an audit found for one partition. Counts are of offsets or events. */
export interface PartitionAudit {
  readonly partition: number;
  readonly logId: string;
  /** Events that the log has ever given an offset: its next offset. */
  readonly logged: number;
  /** Offsets applied so far; `logged − applied` is the lag, and no difference (`notApplied`). */
  readonly applied: number;
  /** Numbers that producers gave to events applied so far: calls, annotations and records of refusals. Of producers not forgotten yet. */
  readonly accepted: number;
  /** Calls that were refused, summed over the records of refusals (`stored.exceptions.refused` of them). */
  readonly refused: number;
  /** Offsets found in `requests`, in `annotations`, and in `ledger_exceptions` by kind. */
  readonly stored: {
    readonly requests: number;
    readonly annotations: number;
    readonly exceptions: Readonly<Record<string, number>>;
  };
  /** Requests that the tenants' counters add up to. */
  readonly totalled: number;
  /** What the log has lost, one sentence each, the newest first: named, counted in `stored.exceptions`, and no difference. */
  readonly losses: readonly string[];
  /** One sentence each; empty when accepted = logged = stored = totalled. */
  readonly differences: readonly string[];
}

export interface AuditReport {
  readonly at: string;
  readonly partitions: readonly PartitionAudit[];
  /** No partition has a difference, as far as its events are applied. */
  readonly clean: boolean;
  /** Everything logged is applied. What waits in the outboxes of gateways is not logged yet: no audit sees it. */
  readonly settled: boolean;
}

/** The report of now. */
export function auditReport(partitions: readonly PartitionAudit[]): AuditReport {
  return {
    at: new Date().toISOString(),
    partitions,
    clean: partitions.every(({ differences }) => differences.length === 0),
    settled: partitions.every((audit) => notApplied(audit) === 0),
  };
}

/** Events logged and not applied when it was looked; none when more were applied meanwhile than were logged at first. */
export function notApplied({ logged, applied }: PartitionAudit): number {
  return Math.max(0, logged - applied);
}
