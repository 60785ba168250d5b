import type { EventProducer } from '@throughline/contracts/request-event';
import type { ProducerProgress } from '@throughline/session-totals/session-totals';

/** What an event's producer number says about it. */
export type ProducerDecision =
  /** Above every number so far: applied. `hole` are the numbers between, missing until they come late. */
  | { readonly outcome: 'new'; readonly hole: readonly [from: number, through: number] | undefined }
  /** Late, but it was missing: applied. */
  | { readonly outcome: 'fills-hole' }
  /** Applied before: an outbox sent it again after a crash. Skipped. */
  | { readonly outcome: 'resent' }
  /**
   * From before what is remembered of producers, so nobody can tell whether it was applied: an outbox restored from an
   * old copy. Refused.
   */
  | { readonly outcome: 'unknown-old-producer' };

/** Follows the numbers of all producers of one partition, event by event in the order of the log. */
export interface ProducerTracker {
  /**
   * Decide about an event and remember its number.
   *
   * @param receivedAt when it was first appended, epoch ms: the `received_at` it carries.
   * @returns the same answer however the log is cut into batches, and again when it is read again after a crash.
   */
  decide(producer: EventProducer, receivedAt: number): ProducerDecision;
  /**
   * A producer's `closed`: it gave its last number.
   *
   * @returns numbers that it gave and that never came.
   */
  close(producerId: string, lastSeq: number, receivedAt: number): readonly (readonly [from: number, through: number])[];
  /** Progress after everything decided, without the producers that may be forgotten. */
  result(): ReadonlyMap<string, ProducerProgress>;
}

/**
 * Runs of missing numbers remembered per producer, the highest; a late event from an older run counts as resent. Holes
 * come from lost batches, one run each, so this many mean that a producer loses more than it sends.
 */
export const PRODUCER_HOLES_MAX = 100;

/** Beyond the age that outboxes keep events for, a day for clocks that are wrong and for operators who are late. */
const FORGET_MARGIN_MS = 24 * 3_600_000;

/**
 * No number is ever applied twice, given that a producer's later numbers carry no earlier times (its clock may step
 * back by less than `outboxAgeMaxHours`).
 *
 * @param producers progress up to the fence; untouched.
 * @param outboxAgeMaxHours `OUTBOX_AGE_MAX_HOURS`: no outbox sends an event older than that, so a producer silent for
 *   that long and a day of log time is forgotten, closed or not.
 */
export function createProducerTracker(
  producers: ReadonlyMap<string, ProducerProgress>,
  outboxAgeMaxHours: number,
): ProducerTracker {
  const rememberMs = outboxAgeMaxHours * 3_600_000 + FORGET_MARGIN_MS;
  const progress = new Map<string, Mutable>();
  const logTime = new LogTime();
  for (const [id, { lastSeq, holes, lastSeenAt, closed }] of producers) {
    progress.set(id, { lastSeq, holes: holes as Holes, lastSeenAt, closed });
    logTime.advance(id, lastSeenAt);
  }

  // Forgetting takes effect at an instant of log time, not when memory is cleared, so that batches do not matter.
  const isForgotten = (at: number) => at + rememberMs < logTime.now;
  const recall = (id: string): Mutable | undefined => {
    const known = progress.get(id);
    return known !== undefined && isForgotten(known.lastSeenAt) ? undefined : known;
  };
  const remember = (id: string, receivedAt: number, next: Omit<Mutable, 'lastSeenAt'>) => {
    const lastSeenAt = Math.max(recall(id)?.lastSeenAt ?? receivedAt, receivedAt);
    progress.set(id, { ...next, lastSeenAt });
    logTime.advance(id, lastSeenAt);
  };

  return {
    decide({ id, seq }, receivedAt) {
      const known = recall(id);
      const lastSeq = known?.lastSeq ?? -1;
      const holes = known?.holes ?? [];
      if (seq <= lastSeq) {
        const hole = holes.find(([from, through]) => from <= seq && seq <= through);
        if (hole === undefined) return { outcome: 'resent' };
        // The hole may stem from a producer forgotten and met again; then the number may have been applied before.
        if (isForgotten(receivedAt)) return { outcome: 'unknown-old-producer' };
        remember(id, receivedAt, { lastSeq, holes: withoutNumber(holes, seq), closed: known!.closed });
        return { outcome: 'fills-hole' };
      }
      if (known === undefined && isForgotten(receivedAt)) return { outcome: 'unknown-old-producer' };
      const hole: Hole | undefined = seq > lastSeq + 1 ? [lastSeq + 1, seq - 1] : undefined;
      remember(id, receivedAt, { lastSeq: seq, holes: withHole(holes, hole), closed: known?.closed ?? false });
      return { outcome: 'new', hole };
    },

    close(id, lastSeq, receivedAt) {
      const known = recall(id);
      // Nothing of a producer long forgotten can come any more; remembering it would only open holes.
      if (known === undefined && isForgotten(receivedAt)) return [];
      const before = known?.lastSeq ?? -1;
      const missing: Hole | undefined = lastSeq > before ? [before + 1, lastSeq] : undefined;
      const holes = withHole(known?.holes ?? [], missing);
      remember(id, receivedAt, { lastSeq: Math.max(before, lastSeq), holes, closed: true });
      return holes;
    },

    result() {
      const kept = new Map<string, ProducerProgress>();
      for (const [id, known] of progress) if (!isForgotten(known.lastSeenAt)) kept.set(id, known);
      return kept;
    },
  };
}

type Hole = readonly [from: number, through: number];
/** Ascending, apart from each other. */
type Holes = readonly Hole[];

interface Mutable {
  readonly lastSeq: number;
  readonly holes: Holes;
  readonly lastSeenAt: number;
  readonly closed: boolean;
}

function withHole(holes: Holes, hole: Hole | undefined): Holes {
  return hole === undefined ? holes : [...holes, hole].slice(-PRODUCER_HOLES_MAX);
}

function withoutNumber(holes: Holes, seq: number): Holes {
  return holes
    .flatMap(([from, through]): Hole[] => {
      if (seq < from || seq > through) return [[from, through]];
      return [
        [from, seq - 1],
        [seq + 1, through],
      ];
    })
    .filter(([from, through]) => from <= through)
    .slice(-PRODUCER_HOLES_MAX);
}

/**
 * The log's own clock: the latest `received_at` of the producer that is second in that. One gateway whose clock runs a
 * year ahead cannot make everybody else's events look old; that of a single producer says nothing about its age.
 */
class LogTime {
  #ahead: { readonly id: string; readonly at: number } | undefined;
  #second = Number.NEGATIVE_INFINITY;

  get now(): number {
    return this.#second;
  }

  /** @param at latest time seen of this producer, never less than before. */
  advance(id: string, at: number): void {
    if (this.#ahead === undefined || this.#ahead.id === id) {
      this.#ahead = { id, at: Math.max(this.#ahead?.at ?? at, at) };
    } else if (at > this.#ahead.at) {
      this.#second = this.#ahead.at;
      this.#ahead = { id, at };
    } else if (at > this.#second) {
      this.#second = at;
    }
  }
}
