/** What a consumer of the log has in its stores at the end. */
export interface StoredCalls {
  readonly rows: number;
  readonly bodies: number;
  /** USD, decimal. */
  readonly cost: string;
  readonly sessions: number;
  readonly totalledRequests: number;
  readonly totalledCostPico: string;
}

/** What `naive-consumer-process.ts` reports. */
export interface ConsumerRun<Stored extends StoredCalls = StoredCalls> {
  /** From taking the partition over until everything is stored. */
  readonly seconds: number;
  /** CPU time of the process in that time, engine threads included. */
  readonly cpuUs: number;
  readonly peakRssMib: number;
  readonly stored: Stored;
}

/** The same, with what its snapshots say. */
export interface StoredFigures extends StoredCalls {
  readonly sessionRequests: number;
  /** USD, decimal. */
  readonly sessionCost: string;
}

/** What `aggregator-process.ts` reports: everything is stored with the last snapshot. */
export type AggregatorRun = ConsumerRun<StoredFigures>;

/** What `raw-insert-process.ts` reports. */
export interface RawInsertRun {
  readonly seconds: number;
  readonly cpuUs: number;
  readonly peakRssMib: number;
  readonly rows: number;
}
