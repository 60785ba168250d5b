import type { NotRecordedReason } from '@throughline/contracts/errors';
import type { OmittedBodies } from '@throughline/contracts/omitted-bodies';
import { newEventIdFor } from '@throughline/contracts/partition';
import {
  DEFAULT_TENANT,
  EVENT_SCHEMA_VERSION,
  type EventSession,
  type NewEvent,
  type NewRefusedEvent,
  type NewRequestEvent,
} from '@throughline/contracts/request-event';
import { isLong, shortened } from '@throughline/contracts/shortened-event';
import { type EventAppender, EventLogError } from '@throughline/event-log/event-log';
import type { Logger } from '@throughline/telemetry/logger';
import { createSeldom } from '@throughline/telemetry/seldom';
import type { Clock } from '../clock.ts';
import type { EventMasking } from '../mask/open-masking.ts';
import type { BodyOmission } from '../omit/body-omission.ts';

/** Keeps an event whose key cannot be looked up yet, as durably as the log would. @throws as `EventAppender.append`. */
export type Park = (event: NewRequestEvent, keyHash: string, shorter?: () => NewRequestEvent) => Promise<unknown>;

export interface RecorderDeps {
  readonly appender: EventAppender;
  /** Left out: keys can always be looked up, no call has an `unreadKey`. */
  readonly park?: Park | undefined;
  /** Leaves bodies out that callers wish not to be stored. */
  readonly omission: Pick<BodyOmission, 'omit'>;
  /** Masks what is stored; left out: nothing is masked. */
  readonly masking?: Pick<EventMasking, 'mask'> | undefined;
  /** A body has been stored, its beginning only: for lack of room when it came, or because the log takes no more of it. */
  readonly onTruncated: (direction: 'request' | 'response') => void;
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
  readonly #isTimeToWarn: () => boolean;
  #unreported = 0;

  constructor(deps: RecorderDeps) {
    this.#deps = deps;
    this.#isTimeToWarn = createSeldom(WARN_EVERY_MS, () => deps.clock.now());
  }

  /** Why the log takes nothing at present; undefined while it does. Known before a call's headers go out. */
  get obstacle(): NotRecordedReason | undefined {
    return this.#deps.appender.writable ? undefined : this.#lastFailure;
  }

  /**
   * Names the partition that the log will put the event in, as long as its tenant and session are these. Of a call whose
   * key is looked up later, or whose session only its body names, it names another one: whoever goes by it verifies it.
   */
  newEventId(tenantId: string | undefined, session: EventSession | null, nowMs: number): string {
    const { partitions } = this.#deps.appender;
    return newEventIdFor(tenantId ?? DEFAULT_TENANT, session?.id ?? null, nowMs, partitions);
  }

  /**
   * Everything that is stored of calls comes through here, and is masked first. What is too large for the log is recorded
   * with shortened bodies, rather than not at all.
   *
   * @param unreadKey hash of a key that cannot be looked up yet: the event is parked. @param omits bodies that are not stored.
   * @returns undefined once the event is in the log, or parked, else why it is not and never will be.
   */
  record(event: NewRequestEvent, unreadKey?: string, omits?: OmittedBodies): Promise<NotRecordedReason | undefined> {
    return omits === undefined
      ? this.#mask(event, unreadKey)
      : this.#deps.omission.omit(event, omits).then((omitted) => this.#mask(omitted, unreadKey));
  }

  #mask(event: NewRequestEvent, unreadKey: string | undefined): Promise<NotRecordedReason | undefined> {
    const { masking } = this.#deps;
    return masking === undefined
      ? this.#store(event, unreadKey)
      : masking.mask(event).then((masked) => this.#store(masked, unreadKey));
  }

  #store(event: NewRequestEvent, unreadKey: string | undefined): Promise<NotRecordedReason | undefined> {
    const { park } = this.#deps;
    let recorded = event;
    const shorter = !isLong(event)
      ? undefined
      : () => {
          recorded = shortened(event);
          return recorded;
        };
    const stored = unreadKey === undefined ? this.#append(event, shorter) : park!(event, unreadKey, shorter);
    // Plain `then`: an async function here would cost every call two more turns of the microtask queue.
    return stored.then(
      () => this.#onRecorded(recorded),
      (error: unknown) => this.#onRefused(error),
    );
  }

  /**
   * Counts a call that was told in its headers that it is not recorded: its place in the log is taken by a `refused`
   * event, which the log keeps count of while it cannot write.
   */
  announce(tenantId: string): void {
    const now = this.#deps.clock.now();
    const refused: NewRefusedEvent = {
      kind: 'refused',
      schema_version: EVENT_SCHEMA_VERSION,
      event_id: this.newEventId(tenantId, null, now),
      tenant_id: tenantId,
      reason: this.#lastFailure,
      count: 1,
      first_at: now,
      last_at: now,
    };
    this.#append(refused).catch((error: unknown) => this.#warn(this.#lastFailure, error));
  }

  /** A throw would leave the client without its answer: whatever goes wrong in the log is a rejection here. */
  #append(event: NewEvent, shorter?: () => NewEvent): Promise<unknown> {
    try {
      return this.#deps.appender.append(event, shorter);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #onRecorded({ request_body, response_body }: NewRequestEvent): undefined {
    if (request_body.truncated) this.#deps.onTruncated('request');
    if (response_body.truncated) this.#deps.onTruncated('response');
  }

  #onRefused(error: unknown): NotRecordedReason {
    const reason = error instanceof EventLogError && error.code === 'full' ? 'log-full' : 'log-failed';
    this.#lastFailure = reason;
    this.#warn(reason, error);
    return reason;
  }

  /** At most one line in ten seconds, with the number of calls it stands for. */
  #warn(reason: NotRecordedReason, error: unknown): void {
    this.#unreported++;
    if (!this.#isTimeToWarn()) return;
    this.#deps.logger.error({ err: error, reason, calls: this.#unreported }, 'calls were proxied but not recorded');
    this.#unreported = 0;
  }
}

const WARN_EVERY_MS = 10_000;
