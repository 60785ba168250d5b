/** How an outbox is emptied. Bytes and milliseconds; whatever is left out has the default named. */
export interface DrainLimits {
  /**
   * An event waits so long for others to share its request: 20 ms, a fiftieth of the second within which it is to be
   * seen; a request with one event costs six times the CPU per event of one with a hundred.
   */
  readonly lingerMs: number;
  /** So many events are sent without waiting for more. 100. */
  readonly lingerEventsMax: number;
  /** Of one partition in one request. 500: larger batches save nothing more. */
  readonly batchEventsMax: number;
  /** Of one partition in one request, uncompressed, unless the log takes less. 1 MiB. */
  readonly batchBytesMax: number;
  /** Of a request, about. 4 MiB. */
  readonly requestBytesMax: number;
  /** Events in memory of all partitions together, apart from those under way. 64 MiB. */
  readonly queueBytesMax: number;
  /** A partition that fails for so long stops holding up the reading of the others. 2 s. */
  readonly detachAfterMs: number;
  /** First pause after a failure, doubled with each further one. 100 ms. */
  readonly retryMinMs: number;
  /** 5 s: a log that is back is noticed within it. */
  readonly retryMaxMs: number;
  /** How often positions are stored while they change: so much is sent again after a crash. 100 ms. */
  readonly storeIntervalMs: number;
}

const MIB = 1024 * 1024;

export function drainLimits(given: Partial<DrainLimits> = {}): DrainLimits {
  return {
    lingerMs: 20,
    lingerEventsMax: 100,
    batchEventsMax: 500,
    batchBytesMax: MIB,
    requestBytesMax: 4 * MIB,
    queueBytesMax: 64 * MIB,
    detachAfterMs: 2_000,
    retryMinMs: 100,
    retryMaxMs: 5_000,
    storeIntervalMs: 100,
    ...given,
  };
}

/** Of one partition: its share, yet enough for a few events, and no more than a few batches. */
export function queueShare({ queueBytesMax, batchBytesMax }: DrainLimits, partitions: number): number {
  const share = queueBytesMax / partitions;
  return Math.min(Math.max(share, SHARE_MIN_BYTES), BATCHES_QUEUED_MAX * batchBytesMax);
}

const SHARE_MIN_BYTES = 64 * 1024;
const BATCHES_QUEUED_MAX = 4;

/** Doubling with each failure, up to the limit, and never the same for all who wait. */
export function backOffMs({ retryMinMs, retryMaxMs }: DrainLimits, failures: number): number {
  const full = Math.min(retryMinMs * 2 ** Math.min(failures, 20), retryMaxMs);
  return full * (0.5 + Math.random() / 2);
}
