import { createRandom, type Random } from '@throughline/testkit/seed';
import { DAY_MS } from '../query/size.ts';
import { CONVERSATION_CALLS } from './conversations.ts';

/** A call of a day. */
export interface DayCall {
  /** When it ended, ms since the day began. */
  readonly atMs: number;
  readonly latencyMs: number;
  readonly session: string;
  /** Number of its conversation; what is said follows from it. No two of a day have the same. */
  readonly conversation: number;
  /** How many calls the conversation has, and which of them this is, from 0. */
  readonly calls: number;
  readonly call: number;
  /** No later one of the day belongs to its conversation. */
  readonly isLast: boolean;
}

/** Calls of the busiest hour, at 16:00, and of the quietest, at 4:00, are this much more and less than the mean. */
const SWING = 0.8;
const QUIETEST_MS = DAY_MS / 6;

/** Seven of ten sessions are one conversation; the others some, one after the other, as agents work off a list of tasks. */
const SINGLE = 0.7;
const CONVERSATIONS_MAX = 16;

/** Between two calls of a session, its mean: from an agent at work to a person who reads. */
const GAP_MS = { min: 5_000, max: 120_000 };
/** Between two conversations of a session. */
const PAUSE_MS = { min: 10_000, max: 1_800_000 };
const LATENCY_MS = { min: 300, max: 8_000 };

/**
 * So many calls of a day from midnight to midnight, in the order of their ends: sessions of 4 to hundreds of calls that last
 * from minutes to hours and begin as the day goes, most in the afternoon. What lasts beyond midnight stands at the beginning of
 * the day, in sessions of its own: those of the day before go on there. The same for a seed.
 */
export function dayOf(calls: number, seed: number): DayCall[] {
  const random = createRandom(seed);
  const day: Omit<DayCall, 'isLast'>[] = [];
  for (let [session, conversation] = [0, 0]; day.length < calls; session++) {
    let atMs = sessionStart(random);
    const meanGapMs = between(random, GAP_MS);
    const conversations = random.chance(SINGLE)
      ? 1
      : Math.floor(between(random, { min: 2, max: CONVERSATIONS_MAX + 1 }));
    for (const end = conversation + conversations; conversation < end; conversation++) {
      const ofIt = random.integer(CONVERSATION_CALLS.min, CONVERSATION_CALLS.max);
      for (let call = 0; call < ofIt && day.length < calls; call++) {
        const latencyMs = Math.round(between(random, LATENCY_MS));
        atMs += latencyMs - Math.round(Math.log(1 - random.next()) * meanGapMs);
        const name = atMs < DAY_MS ? `day-${session}` : `before-${session}`;
        day.push({ atMs: atMs % DAY_MS, latencyMs, session: name, conversation, calls: ofIt, call });
      }
      atMs += Math.round(between(random, PAUSE_MS));
    }
  }
  day.sort((a, b) => a.atMs - b.atMs || a.conversation - b.conversation || a.call - b.call);
  return markLast(day);
}

/** By the share of the day's hours: a moment is drawn, and taken as often as calls come then. */
function sessionStart(random: Random): number {
  for (;;) {
    const atMs = random.integer(0, DAY_MS - 1);
    const rate = 1 - SWING * Math.cos(((atMs - QUIETEST_MS) / DAY_MS) * 2 * Math.PI);
    if (random.chance(rate / (1 + SWING))) return atMs;
  }
}

/** As many between 1 and 2 as between 2 and 4. */
function between(random: Random, { min, max }: { readonly min: number; readonly max: number }): number {
  return min * (max / min) ** random.next();
}

function markLast(day: readonly Omit<DayCall, 'isLast'>[]): DayCall[] {
  const seen = new Set<number>();
  return day
    .toReversed()
    .map((call) => {
      const isLast = !seen.has(call.conversation);
      seen.add(call.conversation);
      return { ...call, isLast };
    })
    .reverse();
}
