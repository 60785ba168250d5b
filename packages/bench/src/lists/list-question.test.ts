import { describe, expect, test } from '@jest/globals';
import { planSessions } from '../traffic/planned-sessions.ts';
import { checkAnswer, expectedAnswer, type ListAnswer, type ListQuestion } from './list-question.ts';
import { listQuestions } from './list-questions.ts';

const sessions = planSessions(2_000, Date.UTC(2026, 10, 22));
const questions = listQuestions(sessions);
const named = (name: string) => questions.find((one) => one.name === name)!;
type Listed = Extract<ListAnswer, { kind: 'list' }>;
const listed = (name: string) => expectedAnswer(named(name), sessions) as Listed;

describe('what has to be answered', () => {
  test.each(questions.map((question) => [question.name, question] as const))(
    '%s: is right itself',
    (_name, question) => {
      expect(() => checkAnswer(question, expectedAnswer(question, sessions), sessions)).not.toThrow();
    },
  );

  test('the second page goes on where the first one ends', () => {
    const ids = ['first', 'second'].flatMap((page) =>
      listed(`list, newest first, ${page} page`).sessions.map(({ id }) => id),
    );
    expect(ids).toEqual(
      sessions
        .slice(-100)
        .reverse()
        .map(({ id }) => id),
    );
  });

  test('a filter selects some and not all', () => {
    const all = listed('list, newest first, first page').sessions;
    for (const { name } of questions.filter((one) => one.kind === 'list' && one.where)) {
      expect(listed(name).sessions.length).toBeGreaterThan(0);
      expect(listed(name).sessions).not.toEqual(all);
    }
  });

  test('nothing to find is an error of the data, not an answer', () => {
    const question: ListQuestion = {
      kind: 'list',
      name: 'none',
      by: 'start',
      page: 1,
      where: { what: 'user', value: 'x' },
    };
    expect(() => expectedAnswer(question, sessions)).toThrow(/holds nothing/);
  });
});

describe('an answer', () => {
  const newest = named('list, newest first, first page');
  const right = listed('list, newest first, first page');
  const wrong: readonly (readonly [string, ListAnswer])[] = [
    ['with a session too few', { ...right, sessions: right.sessions.slice(1) }],
    ['in another order', { ...right, sessions: [...right.sessions].reverse() }],
    ['with other tokens', { ...right, sessions: right.sessions.map((one) => ({ ...one, tokens: one.tokens + 1 })) }],
    [
      'with other costs',
      { ...right, sessions: right.sessions.map((one) => ({ ...one, costUsd: one.costUsd * 1.001 })) },
    ],
  ];

  test.each(wrong)('%s is wrong', (_what, answer) => {
    expect(() => checkAnswer(newest, answer, sessions)).toThrow(/the answer is wrong/);
  });

  test('may add costs up in floating point', () => {
    const added = right.sessions.map((one) => ({ ...one, costUsd: one.costUsd + 1e-15 }));
    expect(() => checkAnswer(newest, { ...right, sessions: added }, sessions)).not.toThrow();
  });

  test('may show any of those that are equal in what it is ordered by, and no other, and none twice', () => {
    const longest = named('list by duration');
    const given = listed('list by duration').sessions;
    const shuffled: Listed = { kind: 'list', sessions: [...given.slice(0, 20)].reverse().concat(given.slice(20)) };
    expect(() => checkAnswer(longest, shuffled, sessions)).not.toThrow();
    const twice: Listed = { kind: 'list', sessions: [given[1]!, ...given.slice(1)] };
    expect(() => checkAnswer(longest, twice, sessions)).toThrow(/wrong/);
    const short: Listed = { kind: 'list', sessions: [right.sessions[0]!, ...given.slice(1)] };
    expect(() => checkAnswer(longest, short, sessions)).toThrow(/wrong/);
  });
});
