/** What an audit found for one partition. Counts are of offsets or events. */
export interface PartitionAudit {
  readonly partition: number;
  readonly logId: string;
  /** Events that the log has ever given an offset: its next offset. */
  readonly logged: number;
  /** Offsets applied so far; `logged − applied` is the lag, and no difference. */
  readonly applied: number;
  /** Events that producers numbered, refused ones included: what was accepted. */
  readonly accepted: number;
  readonly refused: number;
  /** Offsets found in `requests`, and in `ledger_exceptions` by kind. */
  readonly stored: { readonly requests: number; readonly exceptions: Readonly<Record<string, number>> };
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
  readonly clean: boolean;
}
