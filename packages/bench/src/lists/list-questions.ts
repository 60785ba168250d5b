import { picoToUsd } from '@throughline/contracts/money';
import { type PlannedSession, ticketOf } from '../traffic/planned-sessions.ts';
import type { ListFilter, ListOrder, ListQuestion } from './list-question.ts';

/** The questions of a list and a page of a session. @param sessions that were recorded, oldest first. */
export function listQuestions(sessions: readonly PlannedSession[]): ListQuestion[] {
  const middle = sessions[Math.floor(sessions.length / 2)]!;
  // The longest ones are alike.
  const long = sessions.findLast(({ runs }) => runs.length > 1)!;
  return [
    listed('list, newest first, first page'),
    listed('list, newest first, second page', { page: 2 }),
    listed('list by cost', { by: 'cost' }),
    listed('list by tokens', { by: 'tokens' }),
    listed('list by duration', { by: 'duration' }),
    listed('list, of a model', { where: { what: 'model', value: 'gpt-4.1' } }),
    listed('list, of a user', { where: { what: 'user', value: middle.user } }),
    listed('list, that failed', { where: { what: 'failed' } }),
    listed('list, dearer than nine in ten', { where: { what: 'dearer', usd: dearTenth(sessions) } }),
    listed('list, with a rare word in what they were asked', {
      where: { what: 'text', value: ticketOf(middle.number) },
    }),
    { kind: 'count', name: 'how many there are, and their cost' },
    { kind: 'session', name: `a session of ${long.spans} spans`, sessionId: long.id, withTexts: false },
    { kind: 'session', name: 'the same, with what each said', sessionId: long.id, withTexts: true },
  ];
}

interface ListOptions {
  readonly by?: ListOrder;
  readonly where?: ListFilter;
  readonly page?: 1 | 2;
}

function listed(name: string, { by = 'start', where, page = 1 }: ListOptions = {}): ListQuestion {
  return { kind: 'list', name, by, ...(where && { where }), page };
}

/** Between two costs, so that how a cost is rounded decides nothing. */
function dearTenth(sessions: readonly PlannedSession[]): number {
  const costs = sessions.map(({ costPico }) => costPico).sort((a, b) => Number(a - b));
  const at = Math.floor(costs.length * 0.9);
  return picoToUsd((costs[at - 1]! + costs[at]!) / 2n);
}
