import { expect, test } from '@jest/globals';
import { DAY_MS } from '../query/size.ts';
import { dayOf } from './day.ts';

const CALLS = 40_000;
const day = dayOf(CALLS, 1);

test('has as many calls as were asked for, in the order of their ends, within the day, and the same for a seed', () => {
  expect(day).toHaveLength(CALLS);
  expect(day.every(({ atMs }) => Number.isInteger(atMs) && atMs >= 0 && atMs < DAY_MS)).toBe(true);
  expect(day.every(({ atMs }, at) => at === 0 || atMs >= day[at - 1]!.atMs)).toBe(true);
  expect(dayOf(1_000, 1)).toEqual(dayOf(1_000, 1));
  expect(dayOf(1_000, 2)).not.toEqual(dayOf(1_000, 1));
});

test('is busier in the afternoon than in the night, and begins as busy as it ends', () => {
  const within = (fromHour: number, hours: number) =>
    day.filter(({ atMs }) => Math.floor(atMs / 3_600_000) - fromHour < hours && atMs >= fromHour * 3_600_000).length;
  expect(within(14, 4)).toBeGreaterThan(3 * within(3, 4));
  expect(within(0, 1)).toBeGreaterThan(within(23, 1) / 2);
});

test('has sessions of a handful to hundreds of calls, of minutes to hours', () => {
  const sessions = new Map<string, number[]>();
  for (const { session, atMs } of day) sessions.set(session, [...(sessions.get(session) ?? []), atMs]);
  const whole = [...sessions].filter(([name]) => name.startsWith('day-')).map(([, times]) => times);
  expect(whole.some(({ length }) => length <= 6)).toBe(true);
  expect(whole.some(({ length }) => length >= 150)).toBe(true);
  const lengthsMs = whole.map((times) => times.at(-1)! - times[0]!).sort((a, b) => a - b);
  expect(lengthsMs[Math.floor(lengthsMs.length / 2)]!).toBeGreaterThan(120_000);
  expect(lengthsMs.at(-1)!).toBeGreaterThan(2 * 3_600_000);
});

test('each conversation belongs to one session on either side of midnight, and has one last call', () => {
  const last = day.filter(({ isLast }) => isLast).map(({ conversation }) => conversation);
  const conversations = new Set(day.map(({ conversation }) => conversation));
  expect(last).toHaveLength(conversations.size);
  expect(new Set(last)).toEqual(conversations);
  const steps = day.map(({ conversation, call }) => `${conversation}/${call}`);
  expect(new Set(steps).size).toBe(CALLS);
  const numbers = new Map<number, string>();
  for (const { conversation, session } of day) {
    const number = session.slice(session.indexOf('-'));
    expect(numbers.get(conversation) ?? number).toBe(number);
    numbers.set(conversation, number);
  }
});
