/** What `aggregator-process.ts` reports. */
export interface AggregatorRun {
  /** From taking the partition over to the last snapshot. */
  readonly seconds: number;
  /** CPU time of the process in that time, engine threads included. */
  readonly cpuUs: number;
  readonly peakRssMib: number;
  readonly stored: {
    readonly rows: number;
    readonly bodies: number;
    /** USD, decimal. */
    readonly cost: string;
    readonly sessions: number;
    readonly sessionRequests: number;
    readonly sessionCost: string;
    readonly totalledRequests: number;
    readonly totalledCostPico: string;
  };
}

/** What `raw-insert-process.ts` reports. */
export interface RawInsertRun {
  readonly seconds: number;
  readonly cpuUs: number;
  readonly peakRssMib: number;
  readonly rows: number;
}
