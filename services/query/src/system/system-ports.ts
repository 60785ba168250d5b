/** What an operator asks of the installation itself, wherever its parts are. */
export interface SystemPorts {
  readonly mode: 'embedded' | 'servers';
  /** Epoch ms. */
  readonly startedAtMs: number;
  /** What `/readyz` looks at. */
  checks(): Promise<readonly SystemCheck[]>;
  /** How many events the log has given a place, by partition. Rejects when it does not answer. */
  logEnds(): Promise<ReadonlyMap<number, number>>;
  /** Up to when totals reflect the log, epoch ms; 0 while nobody knows. */
  totalsAsOf(partition: number): number;
  /** Bytes of the log on disk; undefined where it is elsewhere. */
  logBytes(): number | undefined;
  /** Undefined where events go straight into the log. */
  outbox(): SystemOutbox | undefined;
  totalsSize(): Promise<{ readonly sessions: number; readonly bytes: number }>;
  /** Compares everything with everything: minutes, where there are millions of calls. */
  audit(): Promise<SystemAudit>;
  deadLetters(): Promise<readonly SystemDeadLetter[]>;
  deadLetter(place: LogPlace): Promise<WholeDeadLetter | undefined>;
  replay(place: LogPlace): Promise<ReplayOutcome>;
}

export interface SystemCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly reason?: string;
}

/** Events accepted and not sent yet, bytes on disk, age of the oldest in ms. */
export interface SystemOutbox {
  readonly events: number;
  readonly bytes: number;
  readonly oldestMs: number;
}

export interface LogPlace {
  readonly partition: number;
  readonly offset: number;
}

export interface SystemDeadLetter extends LogPlace {
  readonly step: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly seenAt: string;
  readonly sizeBytes: number;
}

export interface WholeDeadLetter extends SystemDeadLetter {
  /** Without its bodies; null where it cannot be read. */
  readonly event: Record<string, unknown> | null;
  readonly bytes: Uint8Array;
}

/** `refused`: a sentence that says why. */
export type ReplayOutcome =
  | { readonly outcome: 'appended'; readonly partition: number }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'refused'; readonly reason: string };

/** As `throughline audit` has it. */
export interface SystemAudit {
  /** ISO 8601. */
  readonly at: string;
  readonly clean: boolean;
  readonly settled: boolean;
  readonly partitions: readonly {
    readonly partition: number;
    readonly logId: string;
    readonly logged: number;
    readonly applied: number;
    readonly accepted: number;
    readonly refused: number;
    readonly stored: {
      readonly requests: number;
      readonly annotations: number;
      readonly exceptions: Readonly<Record<string, number>>;
    };
    readonly totalled: number;
    readonly losses: readonly string[];
    readonly differences: readonly string[];
  }[];
}
