import type { NotRecordedReason } from '@throughline/contracts/errors';
import { newEventId } from '@throughline/contracts/ids';
import {
  type CapturedBody,
  EVENT_SCHEMA_VERSION,
  type NewRefusedEvent,
  type NewRequestEvent,
} from '@throughline/contracts/request-event';
import { type EventAppender, EventLogError } from '@throughline/event-log/event-log';
import type { Logger } from '@throughline/telemetry/logger';
import type { Clock } from '../clock.ts';

export interface RecorderDeps {
  readonly appender: EventAppender;
  readonly logger: Logger;
  readonly clock: Clock;
}

/**
 * Hands events to the log. Never rejects: a call goes through whether or not it can be recorded, and what is not
 * recorded is counted, in the log itself as soon as that takes writes again.
 */
export class Recorder {
  readonly #deps: RecorderDeps;
  #lastFailure: NotRecordedReason = 'log-full';
  #warnedAt = Number.NEGATIVE_INFINITY;
  #unreported = 0;
  /** Calls that were told in their headers that they are not recorded, and so were never appended. By tenant. */
  #announced = new Map<string, { count: number; firstAt: number; lastAt: number }>();

  constructor(deps: RecorderDeps) {
    this.#deps = deps;
  }

  /** Why the log takes nothing at present; undefined while it does. Known before a call's headers go out. */
  get obstacle(): NotRecordedReason | undefined {
    return this.#deps.appender.writable ? undefined : this.#lastFailure;
  }

  /** @returns undefined once the event is in the log, else why it is not and never will be. */
  async record(event: NewRequestEvent): Promise<NotRecordedReason | undefined> {
    try {
      await this.#append(event);
    } catch (error) {
      const reason = error instanceof EventLogError && error.code === 'full' ? 'log-full' : 'log-failed';
      this.#lastFailure = reason;
      this.#warn(reason, error);
      return reason;
    }
    if (this.#announced.size > 0) await this.#reportAnnounced();
    return undefined;
  }

  /** Counts a call that was told that it is not recorded. */
  announce(tenantId: string): void {
    const now = this.#deps.clock.now();
    const tally = this.#announced.get(tenantId);
    if (tally) {
      tally.count++;
      tally.lastAt = now;
    } else {
      this.#announced.set(tenantId, { count: 1, firstAt: now, lastAt: now });
    }
    this.#warn(this.#lastFailure, undefined);
  }

  async #append(event: NewRequestEvent): Promise<void> {
    try {
      await this.#deps.appender.append(event);
    } catch (error) {
      if (!(error instanceof EventLogError) || error.code !== 'too-large') throw error;
      // Counted without most of its bodies rather than not at all.
      const { request_body, response_body } = event;
      await this.#deps.appender.append({
        ...event,
        request_body: shortened(request_body),
        response_body: shortened(response_body),
      });
    }
  }

  /** The log takes writes again: the losses that it could not see get their place in it. */
  async #reportAnnounced(): Promise<void> {
    const announced = this.#announced;
    this.#announced = new Map();
    for (const [tenantId, { count, firstAt, lastAt }] of announced) {
      const event: NewRefusedEvent = {
        kind: 'refused',
        schema_version: EVENT_SCHEMA_VERSION,
        event_id: newEventId(0, this.#deps.clock.now()),
        tenant_id: tenantId,
        reason: this.#lastFailure,
        count,
        first_at: firstAt,
        last_at: lastAt,
      };
      try {
        await this.#deps.appender.append(event);
      } catch {
        const tally = this.#announced.get(tenantId);
        this.#announced.set(tenantId, {
          count: count + (tally?.count ?? 0),
          firstAt,
          lastAt: tally?.lastAt ?? lastAt,
        });
      }
    }
  }

  /** At most one line in ten seconds, with the number of calls it stands for. */
  #warn(reason: NotRecordedReason, error: unknown): void {
    this.#unreported++;
    const now = this.#deps.clock.now();
    if (now - this.#warnedAt < WARN_EVERY_MS) return;
    this.#warnedAt = now;
    this.#deps.logger.error({ err: error, reason, calls: this.#unreported }, 'calls were proxied but not recorded');
    this.#unreported = 0;
  }
}

const WARN_EVERY_MS = 10_000;
const SHORTENED_BYTES = 64 * 1024;

function shortened(body: CapturedBody): CapturedBody {
  if (body.bytes.length <= SHORTENED_BYTES) return body;
  return { ...body, bytes: body.bytes.subarray(0, SHORTENED_BYTES), truncated: true };
}
