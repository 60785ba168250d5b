import { createRandom } from '@throughline/testkit/seed';
import { costOf, type PricedModel } from './prices.ts';

/** What a made-up session holds, known before anybody is asked about it. */
export interface PlannedSession {
  /** From 0, in order of time. */
  readonly number: number;
  readonly id: string;
  readonly user: string;
  readonly model: string;
  /** In order of time. */
  readonly runs: readonly PlannedRun[];
  /** One tool of it failed. */
  readonly hasFailed: boolean;
  readonly spans: number;
  readonly tokens: number;
  readonly costPico: bigint;
  /** Epoch ms. */
  readonly startMs: number;
  readonly endMs: number;
}

/** An agent's run: itself, a call of a model, and a tool. */
export interface PlannedRun {
  readonly startMs: number;
  readonly question: string;
  readonly answer: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export const SPANS_PER_RUN = 3;
export const RUN_MS = 9_000;

const DAY_MS = 86_400_000;
const DAYS = 6;
const USERS = 40;
/** Each is in one question of so many sessions. */
const TICKETS = 1_000;
const LONG_EVERY = 100;
const RUNS_OF_LONG = 10;

/** Sessions of the days before `endsAt`, oldest first: one run each, and ten where the number is a multiple of a hundred. */
export function planSessions(count: number, endsAt: number): PlannedSession[] {
  const random = createRandom(20_261_122);
  const every = Math.floor((DAYS * DAY_MS) / count);
  return Array.from({ length: count }, (_, number) => {
    const startMs = endsAt - (count - number) * every - RUNS_OF_LONG * RUN_MS;
    const model = pickModel(random.next());
    const runs = Array.from({ length: number % LONG_EVERY === 0 ? RUNS_OF_LONG : 1 }, (_, run) => ({
      startMs: startMs + run * RUN_MS,
      question: `Where is ticket ${ticketOf(number)}, and what is to be done about it?`,
      answer: `It waits for the team of number ${random.integer(1, 90)}.`,
      promptTokens: random.integer(200, 4_000),
      completionTokens: random.integer(20, 800),
    }));
    const sum = (of: (run: PlannedRun) => number) => runs.reduce((total, run) => total + of(run), 0);
    const promptTokens = sum((run) => run.promptTokens);
    const completionTokens = sum((run) => run.completionTokens);
    return {
      number,
      id: `planned-${String(number).padStart(6, '0')}`,
      user: `user-${number % USERS}`,
      model,
      runs,
      hasFailed: random.chance(0.02),
      spans: runs.length * SPANS_PER_RUN,
      tokens: promptTokens + completionTokens,
      costPico: costOf(model, promptTokens, completionTokens),
      startMs,
      endMs: startMs + runs.length * RUN_MS,
    };
  });
}

/** A word that one session in a thousand has in its questions. */
export function ticketOf(number: number): string {
  return `W${String(number % TICKETS).padStart(4, '0')}`;
}

function pickModel(share: number): PricedModel {
  if (share < 0.6) return 'gpt-4o-mini';
  if (share < 0.85) return 'gpt-4o';
  return share < 0.96 ? 'gpt-4.1-mini' : 'gpt-4.1';
}
