import { isOmitted } from '@throughline/contracts/omitted-bodies';
import type { CapturedBody, NewRequestEvent } from '@throughline/contracts/request-event';
import { withoutBytes } from '@throughline/contracts/without-bytes';
import { maskFields, readsSame } from '@throughline/masking/mask-fields';
import type { MaskingRules } from '@throughline/masking/masking-rules';
import type { Logger } from '@throughline/telemetry/logger';
import { handedOver } from '../record/handed-over.ts';
import { type JobFailure, JobThread } from '../threads/job-thread.ts';
import type { MaskJob, MaskResult, MaskThreadData } from './mask-messages.ts';

export interface MaskingOptions {
  readonly rules: MaskingRules;
  /** Of each body that is stored. */
  readonly bytesMax: number;
  /** Of bodies that wait for the thread, together. */
  readonly queueBytesMax: number;
  /** So long a call waits for its turn at most, since its client waits for the last byte meanwhile. */
  readonly waitMs?: number;
  /** Without an answer for so long, the thread is ended and another one started. */
  readonly stallMs?: number;
  /** The thread's code. */
  readonly entry?: URL;
  /** Bodies were left out of an event. */
  readonly onDropped: (reason: JobFailure) => void;
  readonly logger: Logger;
}

/**
 * Masks events before they are stored: fields at once, bodies in a thread of their own, since a large one takes longer
 * than other calls should wait. Where that thread cannot keep up or fails, bodies are left out and the event says so
 * (`truncated`): nothing is stored that was not looked at.
 */
export class Masking {
  readonly #rules: MaskingRules;
  readonly #onDropped: (reason: JobFailure) => void;
  readonly #thread: JobThread<MaskJob, MaskResult>;

  constructor({ rules, bytesMax, onDropped, entry = ENTRY, ...options }: MaskingOptions) {
    const data: MaskThreadData = { rules, bytesMax };
    const complaint = 'bodies could not be masked and are not stored';
    this.#rules = rules;
    this.#onDropped = onDropped;
    this.#thread = new JobThread({ ...options, name: 'masking', entry, data, complaint });
  }

  /** Bytes of bodies that wait for the thread. */
  get waitingBytes(): number {
    return this.#thread.waitingBytes;
  }

  /** Never rejects. Bodies of the event given are not changed. */
  async mask(event: NewRequestEvent): Promise<NewRequestEvent> {
    const masked = maskFields(event, this.#rules);
    const bytes = seenBytes(event.request_body) + seenBytes(event.response_body);
    const isChanged = !readsSame(event, masked);
    // What was read already is masked with the other fields.
    if (bytes === 0 && (!isChanged || event.reading)) return masked;
    const answer = await this.#thread.run(bytes, () => jobOf(event, isChanged));
    if (typeof answer === 'string') return this.#withoutBodies(masked, answer);
    return {
      ...masked,
      request_body: maskedBody(masked.request_body, answer.request),
      response_body: maskedBody(masked.response_body, answer.response),
      ...(answer.reading && { reading: answer.reading }),
    };
  }

  /** Ends the thread. What still waits for it goes without bodies. */
  close(): Promise<void> {
    return this.#thread.close();
  }

  #withoutBodies(event: NewRequestEvent, reason: JobFailure): NewRequestEvent {
    this.#onDropped(reason);
    return {
      ...event,
      request_body: isOmitted(event.request_body) ? event.request_body : withoutBytes(event.request_body),
      response_body: isOmitted(event.response_body) ? event.response_body : withoutBytes(event.response_body),
    };
  }
}

const ENTRY = new URL('./mask-worker.ts', import.meta.url);

function seenBytes(body: CapturedBody): number {
  return isOmitted(body) ? 0 : body.bytes.length;
}

function jobOf(event: NewRequestEvent, isChanged: boolean) {
  const { call, transfer } = handedOver(event);
  const job: MaskJob = { call, isChanged, isRead: event.reading !== undefined };
  return { job, transfer };
}

// What kind of body it is was masked here.
function maskedBody(body: CapturedBody, masked: CapturedBody | null): CapturedBody {
  return masked ? { ...masked, content_type: body.content_type } : body;
}
