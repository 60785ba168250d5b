import { type OmittedBodies, omitBodies } from '@throughline/contracts/omitted-bodies';
import type { NewRequestEvent } from '@throughline/contracts/request-event';
import { withoutBytes } from '@throughline/contracts/without-bytes';
import type { Logger } from '@throughline/telemetry/logger';
import type { Metrics } from '@throughline/telemetry/metrics';
import { handedOver } from '../record/handed-over.ts';
import { JobThread } from '../threads/job-thread.ts';
import type { OmissionJob, OmissionResult } from './omission-messages.ts';

/** Leaves bodies out of events, and reads before what they say of usage, cost and errors. */
export interface BodyOmission {
  /** Never rejects. Where they cannot be read in time they are left out as well, and what only they said is not known. */
  omit(event: NewRequestEvent, omits: OmittedBodies): Promise<NewRequestEvent>;
  close(): Promise<void>;
}

export interface BodyOmissionOptions {
  readonly estimatesTokens: boolean;
  /** The thread's code. */
  readonly entry?: URL;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Of bodies that wait to be read: a second's work. */
const QUEUE_BYTES_MAX = 128 * 1024 * 1024;

const ENTRY = new URL('./omission-worker.ts', import.meta.url);

/** Bodies are read in a thread of their own, which is started with the first of them. */
export function createBodyOmission({
  estimatesTokens,
  entry = ENTRY,
  metrics,
  logger,
}: BodyOmissionOptions): BodyOmission {
  const dropped = metrics.counter(
    'gateway_omission_dropped_total',
    'Calls whose bodies were to be left out and could not be read before: what they said is not stored either.',
    ['reason'],
  );
  let thread: JobThread<OmissionJob, OmissionResult> | undefined;
  return {
    async omit(event, omits) {
      const { request_body, response_body } = event;
      const bytes = request_body.bytes.length + response_body.bytes.length;
      thread ??= new JobThread({
        name: 'omission',
        entry,
        queueBytesMax: QUEUE_BYTES_MAX,
        complaint: 'bodies that are not to be stored could not be read before',
        logger,
      });
      const answer = await thread.run(bytes, () => {
        const { call, transfer } = handedOver(event);
        // What an answer from the cache used was paid before.
        const estimates = estimatesTokens && event.cache_reference_id === undefined;
        return { job: { call, estimatesTokens: estimates }, transfer };
      });
      if (typeof answer !== 'string') return omitBodies(event, omits, answer.reading);
      dropped.inc({ reason: answer });
      return {
        ...event,
        request_body: omits.request ? withoutBytes(request_body) : request_body,
        response_body: omits.response ? withoutBytes(response_body) : response_body,
      };
    },
    close: async () => thread?.close(),
  };
}
