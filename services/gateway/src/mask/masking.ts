import { Worker } from 'node:worker_threads';
import type { CapturedBody, NewRequestEvent } from '@throughline/contracts/request-event';
import type { Logger } from '@throughline/telemetry/logger';
import { withoutBytes } from '../record/without-bytes.ts';
import { maskFields, readsSame } from './mask-fields.ts';
import type { MaskAnswer, MaskJob, MaskThreadData } from './mask-messages.ts';
import type { MaskingRules } from './masking-rules.ts';

/** Why bodies were left out of an event. */
export type MaskDrop =
  /** More waits for the thread than it may, or for longer. */
  | 'overloaded'
  /** The thread has died, or does not come to an end. */
  | 'failed';

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
  readonly onDropped: (reason: MaskDrop) => void;
  readonly logger: Logger;
}

/** Longer than the largest bodies take, with as many literals as there may be. */
const WAIT_MS = 10_000;
const STALL_MS = 60_000;
/** Ten times what the largest bodies need; beyond it the thread is ended, not the process. */
const HEAP_MB_MAX = 1_024;
const RESTART_MS = 1_000;
/** Within the time that is waited: it is kept to a quarter more. */
const CHECKS = 4;
const WARN_EVERY_MS = 10_000;

interface Waiting {
  readonly event: NewRequestEvent;
  readonly bytes: number;
  readonly resolve: (event: NewRequestEvent) => void;
  /** `performance.now`. */
  readonly since: number;
  /** It has been recorded without its bodies; the thread has them still. */
  isGivenUp: boolean;
}

/**
 * Masks events before they are stored: fields at once, bodies in a thread of their own, since a large one takes longer
 * than other calls should wait. Where that thread cannot keep up or fails, bodies are left out and the event says so
 * (`truncated`): nothing is stored that was not looked at.
 */
export class Masking {
  readonly #options: MaskingOptions;
  readonly #waiting = new Map<number, Waiting>();
  #waitingBytes = 0;
  #nextId = 0;
  #thread: Worker | undefined;
  #startedAt = Number.NEGATIVE_INFINITY;
  #answeredAt = 0;
  #watch: NodeJS.Timeout | undefined;
  #warnedAt = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(options: MaskingOptions) {
    this.#options = options;
    this.#start();
  }

  /** Bytes of bodies that wait for the thread. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Never rejects. Bodies of the event given are not changed. */
  mask(event: NewRequestEvent): Promise<NewRequestEvent> {
    const masked = maskFields(event, this.#options.rules);
    const bytes = event.request_body.bytes.length + event.response_body.bytes.length;
    const isChanged = !readsSame(event, masked);
    if (bytes === 0 && !isChanged) return Promise.resolve(masked);
    if (this.#waitingBytes + bytes > this.#options.queueBytesMax)
      return Promise.resolve(this.#withoutBodies(masked, 'overloaded'));
    this.#start();
    const thread = this.#thread;
    if (!thread) return Promise.resolve(this.#withoutBodies(masked, 'failed'));
    return new Promise((resolve) => {
      const id = this.#nextId++;
      if (this.#waiting.size === 0) this.#watchThread();
      this.#waiting.set(id, { event: masked, bytes, resolve, since: performance.now(), isGivenUp: false });
      this.#waitingBytes += bytes;
      this.#send(thread, id, event, isChanged);
    });
  }

  /** Ends the thread. What still waits for it goes without bodies. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const thread = this.#thread;
    this.#thread = undefined;
    this.#dropAll();
    await thread?.terminate();
  }

  #send(thread: Worker, id: number, event: NewRequestEvent, isChanged: boolean): void {
    const request_body = copied(event.request_body);
    const response_body = copied(event.response_body);
    const job: MaskJob = {
      id,
      isChanged,
      call: {
        provider: event.provider,
        method: event.method,
        target_url: event.target_url,
        path: event.path,
        status: event.status,
        abort_reason: event.abort_reason,
        request_body,
        response_body,
        model_override: event.model_override,
        request_at: event.request_at,
        response_headers: event.response_headers,
        ...(event.logged && { logged: event.logged }),
      },
    };
    thread.postMessage(job, [request_body.bytes.buffer as ArrayBuffer, response_body.bytes.buffer as ArrayBuffer]);
  }

  #start(): void {
    const now = performance.now();
    if (this.#thread || this.#isClosed || now - this.#startedAt < RESTART_MS) return;
    this.#startedAt = now;
    const { rules, bytesMax, entry = ENTRY } = this.#options;
    const workerData: MaskThreadData = { rules, bytesMax };
    const thread = new Worker(entry, {
      name: 'masking',
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
    });
    // Nobody stays for it alone.
    thread.unref();
    thread.on('message', (answer: MaskAnswer) => this.#onAnswer(answer));
    thread.on('error', (error) => this.#onFailure(thread, error.name));
    thread.on('exit', () => this.#onFailure(thread, 'exit'));
    this.#thread = thread;
  }

  #onAnswer(answer: MaskAnswer): void {
    this.#answeredAt = performance.now();
    const waiting = this.#waiting.get(answer.id);
    if (!waiting) return;
    this.#waiting.delete(answer.id);
    this.#waitingBytes -= waiting.bytes;
    if (this.#waiting.size === 0) clearInterval(this.#watch);
    if (waiting.isGivenUp) return;
    const { event, resolve } = waiting;
    if (answer.failure !== undefined) {
      this.#warn(answer.failure);
      resolve(this.#withoutBodies(event, 'failed'));
      return;
    }
    // What kind of body it is was masked here.
    resolve({
      ...event,
      request_body: maskedBody(event.request_body, answer.request),
      response_body: maskedBody(event.response_body, answer.response),
      ...(answer.reading && { reading: answer.reading }),
    });
  }

  #onFailure(thread: Worker, name: string): void {
    if (thread !== this.#thread) return;
    this.#thread = undefined;
    this.#warn(name);
    this.#dropAll();
    void thread.terminate();
  }

  #watchThread(): void {
    const { stallMs = STALL_MS, waitMs = WAIT_MS } = this.#options;
    this.#answeredAt = performance.now();
    const check = () => {
      const now = performance.now();
      if (this.#thread && now - this.#answeredAt > stallMs) return this.#onFailure(this.#thread, 'stalled');
      for (const waiting of this.#waiting.values()) {
        // In the order in which they came.
        if (now - waiting.since <= waitMs) break;
        if (waiting.isGivenUp) continue;
        waiting.isGivenUp = true;
        waiting.resolve(this.#withoutBodies(waiting.event, 'overloaded'));
      }
    };
    this.#watch = setInterval(check, Math.min(stallMs, waitMs) / CHECKS).unref();
  }

  #dropAll(): void {
    clearInterval(this.#watch);
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#waitingBytes = 0;
    for (const { event, resolve, isGivenUp } of all) if (!isGivenUp) resolve(this.#withoutBodies(event, 'failed'));
  }

  #withoutBodies(event: NewRequestEvent, reason: MaskDrop): NewRequestEvent {
    this.#options.onDropped(reason);
    return {
      ...event,
      request_body: withoutBytes(event.request_body),
      response_body: withoutBytes(event.response_body),
    };
  }

  /** At most one line in ten seconds. @param name of the error: its message could quote a body. */
  #warn(name: string): void {
    const now = performance.now();
    if (this.#isClosed || now - this.#warnedAt < WARN_EVERY_MS) return;
    this.#warnedAt = now;
    this.#options.logger.error({ error: name }, 'bodies could not be masked and are not stored');
  }
}

const ENTRY = new URL('./mask-worker.ts', import.meta.url);

/** Bytes of its own, which can be handed over: those of a call are parts of larger buffers. */
function copied(body: CapturedBody): CapturedBody & { readonly bytes: Uint8Array } {
  return { ...body, bytes: new Uint8Array(body.bytes) };
}

function maskedBody(body: CapturedBody, masked: CapturedBody | null): CapturedBody {
  return masked ? { ...masked, content_type: body.content_type } : body;
}
