import type { Logger } from '@throughline/telemetry/logger';
import { type JobFailure, JobThread } from '../../threads/job-thread.ts';
import type { TokenLimitJob, TokenLimitResult } from './token-limit-messages.ts';

/** Fits prompts into context windows, in a thread that is started with the first of them. */
export interface TokenLimits {
  /** Never rejects. */
  fit(job: TokenLimitJob): Promise<TokenLimitResult | JobFailure>;
  close(): Promise<void>;
}

/** Of bodies that wait. */
const QUEUE_BYTES_MAX = 64 * 1024 * 1024;

export function createTokenLimits({ logger }: { readonly logger: Logger }): TokenLimits {
  let thread: JobThread<TokenLimitJob, TokenLimitResult> | undefined;
  return {
    fit(job) {
      thread ??= new JobThread({
        name: 'token-limits',
        entry: new URL('./token-limit-worker.ts', import.meta.url),
        queueBytesMax: QUEUE_BYTES_MAX,
        complaint: 'prompts go as they came because they could not be fitted into context windows',
        logger,
      });
      return thread.run(job.body.length, () => {
        const body = new Uint8Array(job.body);
        return { job: { ...job, body }, transfer: [body.buffer] };
      });
    },
    close: async () => thread?.close(),
  };
}
