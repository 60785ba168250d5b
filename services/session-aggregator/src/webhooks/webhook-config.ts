/** Bounds of delivering webhooks, per process. */
export interface WebhookConfig {
  /** Times that a call is told to a webhook before it is given up. */
  readonly triesMax: number;
  /** The wait after the first try that failed; each one after it is `waitFactor` times as long, a quarter more or less. */
  readonly firstWaitMs: number;
  readonly waitFactor: number;
  /** A call that is older is told to nobody any more. */
  readonly ageMsMax: number;
  /** From the first byte sent to the last one of the answer that is read. */
  readonly timeoutMs: number;
  readonly answerBytesMax: number;
  readonly sendingMax: number;
  readonly sendingPerTenantMax: number;
  readonly sendingPerWebhookMax: number;
  /** Failures in a row from which a webhook is left alone for `pauseMs`, twice as long each time up to `pauseMsMax`. */
  readonly failuresMax: number;
  readonly pauseMs: number;
  readonly pauseMsMax: number;
  /** Deliveries in memory; what is beyond waits in the tables. */
  readonly waitingMax: number;
  readonly waitingPerWebhookMax: number;
  /** Committed calls in memory whose webhooks are not known yet. */
  readonly committedMax: number;
  /** Stores are asked this often at most. */
  readonly roundMs: number;
  /** The wait after a round that failed, and while what became of too many deliveries is not stored. */
  readonly failedRoundMs: number;
  /** What became of deliveries is written this often at most: an insert costs 18 ms of CPU whatever its size. */
  readonly writeMs: number;
}

/**
 * Eight tries take 7½ hours: receivers that are away for a night are told the next morning, within the day that calls are
 * told at all. A delivery in memory takes some 500 bytes, and sending one up to 25 kB.
 */
export const WEBHOOK_DEFAULTS: WebhookConfig = {
  triesMax: 8,
  firstWaitMs: 5_000,
  waitFactor: 4,
  ageMsMax: 86_400_000,
  timeoutMs: 10_000,
  answerBytesMax: 64 * 1024,
  sendingMax: 32,
  sendingPerTenantMax: 8,
  sendingPerWebhookMax: 4,
  failuresMax: 5,
  pauseMs: 30_000,
  pauseMsMax: 600_000,
  waitingMax: 10_000,
  waitingPerWebhookMax: 500,
  committedMax: 4_000,
  roundMs: 250,
  failedRoundMs: 1_000,
  writeMs: 1_000,
};
