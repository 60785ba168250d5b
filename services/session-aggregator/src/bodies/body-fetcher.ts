import { setTimeout as sleep } from 'node:timers/promises';
import { type BodyStore, BodyStoreError } from '@throughline/body-store/body-store';
import { createGate } from '@throughline/body-store/gate';
import { getReferenced } from '@throughline/body-store/get-referenced';
import type { BodyReference } from '@throughline/contracts/request-event';
import type { Logger } from '@throughline/telemetry/logger';
import type { AggregatorMetrics } from '../metrics.ts';

export interface BodyFetcherDeps {
  /** Undefined: nobody said where bodies are; whoever needs one waits. */
  readonly store: Pick<BodyStore, 'get'> | undefined;
  /** How long a body that the store does not have is asked for, ms. */
  readonly waitMs: number;
  readonly metrics: Pick<AggregatorMetrics, 'bodiesFetched' | 'bodyBytesFetched' | 'bodyFetchFailures'>;
  readonly logger: Logger;
}

/** Fetches the bodies that events refer to, for all partitions of a process. */
export interface BodyFetcher {
  /**
   * One try at reaching the store, and several at finding the body: a store may show a new object late.
   *
   * @param signal ends the waiting.
   * @returns undefined: the store has answered `ASKED_TIMES` times over `waitMs` that it does not have these bytes. After
   *   some such bodies in a row it is asked twice within a second, until it has one again: a store that was emptied must
   *   not hold up what is behind for as many half minutes as there are bodies.
   * @throws BodyStoreError, retryable, while the store does not answer or is not known, and once the signal is aborted.
   */
  fetch(reference: BodyReference, signal: AbortSignal): Promise<Uint8Array | undefined>;
}

/** How often a body is asked for before it counts as missing. */
export const ASKED_TIMES = 7;
/** Shares of the time between the tries: soon at first. */
const WAIT_SHARES = [1 / 60, 2 / 60, 4 / 60, 8 / 60, 15 / 60, 30 / 60];
/** Missing bodies in a row after which patience ends. */
const PATIENT_TIMES = 5;
const IMPATIENT_WAIT_MS = 1_000;
/** Requests to the store at once, of all partitions together. */
const FETCHES_MAX = 8;

export function createBodyFetcher({ store, waitMs, metrics, logger }: BodyFetcherDeps): BodyFetcher {
  const gate = createGate(FETCHES_MAX);
  let missingInARow = 0;

  async function get(known: Pick<BodyStore, 'get'>, reference: BodyReference): Promise<Uint8Array | undefined> {
    try {
      return await gate(() => getReferenced(known, reference));
    } catch (error) {
      metrics.bodyFetchFailures.inc();
      throw error;
    }
  }

  return {
    async fetch(reference, signal) {
      if (store === undefined) {
        metrics.bodyFetchFailures.inc();
        throw new BodyStoreError(
          'not-configured',
          'an event has its body in a body store: set BODY_STORE_URL as gateways have it',
        );
      }
      const isPatient = missingInARow < PATIENT_TIMES;
      const waits = isPatient ? WAIT_SHARES.map((share) => share * waitMs) : [Math.min(IMPATIENT_WAIT_MS, waitMs)];
      for (const wait of [0, ...waits]) {
        if (wait > 0) await sleep(wait, undefined, { signal }).catch(() => {});
        if (signal.aborted) throw new BodyStoreError('unavailable', `${reference.name} is no longer waited for`);
        const bytes = await get(store, reference);
        if (bytes === undefined) continue;
        missingInARow = 0;
        metrics.bodiesFetched.inc();
        metrics.bodyBytesFetched.inc(bytes.length);
        return bytes;
      }
      missingInARow++;
      logger.error(
        { object: reference.name, bytes: reference.size, tries: waits.length + 1 },
        'a body is not in the body store as it was stored there: its call is recorded without it',
      );
      return undefined;
    },
  };
}
