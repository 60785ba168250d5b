import { isDeepStrictEqual } from 'node:util';
import { picoToUsd } from '@throughline/contracts/money';
import type { PlannedSession } from '../traffic/planned-sessions.ts';

/** What a person asks of recorded sessions. */
export type ListQuestion =
  | {
      readonly kind: 'list';
      readonly name: string;
      /** Descending. */
      readonly by: ListOrder;
      readonly where?: ListFilter;
      readonly page: 1 | 2;
    }
  | { readonly kind: 'count'; readonly name: string }
  | { readonly kind: 'session'; readonly name: string; readonly sessionId: string; readonly withTexts: boolean };

export type ListOrder = 'start' | 'cost' | 'tokens' | 'duration';

export type ListFilter =
  | { readonly what: 'model' | 'user' | 'text'; readonly value: string }
  | { readonly what: 'failed' }
  /** USD. */
  | { readonly what: 'dearer'; readonly usd: number };

/** What an answer says, in the same words whoever gave it. */
export type ListAnswer =
  | { readonly kind: 'list'; readonly sessions: readonly SessionFigures[] }
  | { readonly kind: 'count'; readonly sessions: number; readonly costUsd: number }
  | {
      readonly kind: 'session';
      readonly session: SessionFigures;
      /** Its steps. */
      readonly spans: number;
      /** What its runs were asked, in order of time; none where texts were not asked for. */
      readonly questions: readonly string[];
    };

export interface SessionFigures {
  readonly id: string;
  readonly tokens: number;
  readonly costUsd: number;
}

export const PAGE = 50;

/** @throws where the answer is not what was recorded. @param sessions all of them, oldest first. */
export function checkAnswer(question: ListQuestion, answer: ListAnswer, sessions: readonly PlannedSession[]): void {
  const expected = expectedAnswer(question, sessions);
  const given = comparable(question, answer, sessions);
  const wanted = comparable(question, expected, sessions);
  if (isDeepStrictEqual(given, wanted)) return;
  throw new Error(
    `${question.name}: the answer is wrong: ${JSON.stringify(given).slice(0, 600)}, expected ${JSON.stringify(wanted).slice(0, 600)}`,
  );
}

/** What has to be answered. @throws where nothing recorded answers it. */
export function expectedAnswer(question: ListQuestion, sessions: readonly PlannedSession[]): ListAnswer {
  if (question.kind === 'count') {
    const costPico = sessions.reduce((sum, session) => sum + session.costPico, 0n);
    return { kind: 'count', sessions: sessions.length, costUsd: picoToUsd(costPico) };
  }
  if (question.kind === 'session') {
    const found = sessions.find(({ id }) => id === question.sessionId);
    if (!found) throw new Error(`${question.name}: there is no such session`);
    const questions = question.withTexts ? found.runs.map((run) => run.question) : [];
    return { kind: 'session', session: figuresOf(found), spans: found.spans, questions };
  }
  const { by, where, page } = question;
  const ordered = sessions
    .filter((session) => where === undefined || MATCHES[where.what](session, where))
    .sort((a, b) => Number(ORDERS[by](b) - ORDERS[by](a)));
  const shown = ordered.slice((page - 1) * PAGE, page * PAGE);
  if (shown.length === 0) throw new Error(`${question.name}: the data holds nothing of it`);
  return { kind: 'list', sessions: shown.map(figuresOf) };
}

const ORDERS: Readonly<Record<ListOrder, (session: PlannedSession) => number>> = {
  start: ({ startMs }) => startMs,
  cost: ({ costPico }) => Number(costPico),
  tokens: ({ tokens }) => tokens,
  duration: ({ startMs, endMs }) => endMs - startMs,
};

const MATCHES: Readonly<Record<ListFilter['what'], (session: PlannedSession, filter: ListFilter) => boolean>> = {
  model: (session, filter) => filter.what === 'model' && session.model === filter.value,
  user: (session, filter) => filter.what === 'user' && session.user === filter.value,
  text: ({ runs }, filter) => filter.what === 'text' && runs.some((run) => run.question.includes(filter.value)),
  failed: ({ hasFailed }) => hasFailed,
  dearer: ({ costPico }, filter) => filter.what === 'dearer' && picoToUsd(costPico) > filter.usd,
};

function figuresOf({ id, tokens, costPico }: PlannedSession): SessionFigures {
  return { id, tokens, costUsd: picoToUsd(costPico) };
}

/**
 * Costs are compared to a hundred-millionth of a dollar, as some add them up in floating point. Sessions that are equal in what
 * a list is ordered by may come in any order, and any of them at its end: then it is the figures that have to agree, and
 * each session has to be one that has them.
 */
function comparable(question: ListQuestion, answer: ListAnswer, sessions: readonly PlannedSession[]): unknown {
  if (answer.kind === 'count') return { ...answer, costUsd: rounded(answer.costUsd) };
  if (answer.kind === 'session') return { ...answer, session: roundedFigures(answer.session) };
  const shown = answer.sessions.map(roundedFigures);
  if (question.kind !== 'list' || question.by === 'start') return shown;
  const planned = new Map(sessions.map((session) => [session.id, session]));
  const places = answer.sessions.map(({ id }) => ORDERS[question.by](planned.get(id)!));
  const areRight = shown.every((one) => isDeepStrictEqual(one, roundedFigures(figuresOf(planned.get(one.id)!))));
  return { places, areRight, different: new Set(shown.map(({ id }) => id)).size };
}

function roundedFigures({ id, tokens, costUsd }: SessionFigures): SessionFigures {
  return { id, tokens, costUsd: rounded(costUsd) };
}

function rounded(usd: number): number {
  return Math.round(usd * 1e8) / 1e8;
}
