import { describe, expect, test } from '@jest/globals';
import { sampleRow } from '@throughline/session-aggregator/session/sample-row';
import fc from 'fast-check';
import { arbitrarySessions } from '../test/arbitrary-facts.ts';
import { arbitraryTree, TIMES } from '../test/arbitrary-tree.ts';
import { evaluateFilter } from './evaluate.ts';
import type { RequestFacts, SessionFacts, UserFacts } from './facts.ts';
import { ALL, and, leaf, leavingOut, or } from './filter.ts';
import { parseFilter } from './parse-filter.ts';

const NOW_MS = TIMES[0]! + 5 * 60_000 + 999;

const SESSION: SessionFacts = {
  session_id: 'session',
  created_at: TIMES[0]!,
  latest_request_at: TIMES[0]! + 1000,
  latest_response_at: TIMES[0]! + 3000,
  session_names: ['Course', 'Outline'],
  user_ids: [],
  models: ['gpt-4o', 'claude'],
  providers: ['OPENAI'],
  total_requests: 4,
  error_count: 1,
  unpriced_requests: 0,
  prompt_tokens: 10n,
  completion_tokens: 5n,
  total_cost_pico: 2_500_000_000_000n,
  latency_ms_sum: 1000n,
  p95_latency_ms: 400,
  tag: null,
  feedback: null,
  scores: [],
};

function holds(
  tree: unknown,
  request: Partial<RequestFacts> = {},
  session: Partial<SessionFacts> | null = {},
): boolean {
  const parsed = parseFilter(tree);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const facts = session === null ? undefined : { ...SESSION, ...session };
  return evaluateFilter(parsed.filter, { ...sampleRow(), ...request }, facts, NOW_MS);
}

const request = (columns: unknown) => ({ request_response_rmt: columns });
const session = (columns: unknown) => ({ sessions_request_response_rmt: columns });

describe('missing values', () => {
  test.each([
    ['equals', '', true],
    ['equals', 'x', false],
    ['not-equals', 'x', true],
    ['not-contains', 'x', true],
    ['contains', 'x', false],
    ['like', '%', true],
  ])('a property that is missing is the empty text: %s %j is %s', (operator, value, expected) => {
    expect(holds(request({ properties: { env: { [operator]: value } } }))).toBe(expected);
  });

  test.each(['equals', 'not-equals', 'gt', 'gte', 'lt', 'lte'])('an unknown number satisfies no %s', (operator) => {
    const unknown = { prompt_tokens: null, completion_tokens: null, time_to_first_token_ms: null, cost_pico: null };
    for (const column of ['prompt_tokens', 'total_tokens', 'time_to_first_token', 'cost']) {
      expect(holds(request({ [column]: { [operator]: 0 } }), unknown)).toBe(false);
    }
  });

  test('of a sum one part that is known is enough', () => {
    expect(holds(request({ total_tokens: { equals: 7 } }), { prompt_tokens: 7, completion_tokens: null })).toBe(true);
  });

  test('a score has to be there, whatever is asked of it', () => {
    expect(holds(request({ scores: { a: { 'not-equals': '1' } } }))).toBe(false);
    expect(holds(request({ scores: { a: { 'not-equals': '1' } } }), { scores: [['a', 2]] })).toBe(true);
  });

  test('a request without feedback counts as false, a session without as neither', () => {
    const rated = (rating: boolean) => request({ 'helicone-score-feedback': { equals: rating } });
    expect([holds(rated(false)), holds(rated(true))]).toEqual([true, false]);
    expect(holds(rated(true), { scores: [['helicone-score-feedback', 1]] })).toBe(true);
    const feedback = (rating: boolean) => session({ session_feedback: { equals: rating } });
    expect([holds(feedback(false)), holds(feedback(true))]).toEqual([false, false]);
    expect(holds(feedback(false), {}, { feedback: false })).toBe(true);
  });

  test('a session without a tag has a tag that is none of those asked for', () => {
    expect(holds(session({ session_tag: { 'not-equals': 'x' } }))).toBe(true);
    expect(holds(session({ session_tag: { equals: 'null' } }))).toBe(true);
    expect(holds(session({ session_tag: { contains: 'ON' } }), {}, { tag: 'done' })).toBe(true);
  });

  test('a request without a session makes no condition about sessions true', () => {
    for (const operator of ['equals', 'not-equals']) {
      expect(holds(session({ session_tag: { [operator]: 'x' } }), {}, null)).toBe(false);
    }
    const either = {
      left: session({ session_total_cost: { lt: 9 } }),
      operator: 'or',
      right: request({ status: { equals: 200 } }),
    };
    expect(holds(either, {}, null)).toBe(true);
  });
});

describe('texts', () => {
  test('wildcards are plain in contains, and wild in like', () => {
    const model = (operator: string, value: string) =>
      holds(request({ model: { [operator]: value } }), { model: 'gpt_4%' });
    expect([model('contains', 'T_4'), model('contains', 't%4'), model('contains', '_4%')]).toEqual([true, false, true]);
    expect([model('like', 'gpt_4_'), model('like', 'GPT%'), model('ilike', 'GPT%')]).toEqual([true, false, true]);
    expect([model('equals', 'GPT_4%'), model('equals', 'gpt_4%')]).toEqual([false, true]);
  });

  test('case is that of Unicode', () => {
    const model = (value: string) => holds(request({ model: { contains: value } }), { model: 'Straße ΟΔΟΣ' });
    expect(['STRASSE', 'strasse', 'οδος', 'ΟΔΟς', 'x'].map(model)).toEqual([true, true, true, true, false]);
  });
});

describe('properties', () => {
  const value = (key: string, properties: [string, string][]) => (expected: string) =>
    holds(request({ properties: { [key]: { equals: expected } } }), { properties });

  test('a key is looked up exactly, else in any case', () => {
    expect(
      value('Env', [
        ['env', 'a'],
        ['Env', 'b'],
      ])('b'),
    ).toBe(true);
    expect(
      value('Env', [
        ['env', 'a'],
        ['ENV', 'b'],
      ])('a'),
    ).toBe(true);
    expect(value('Env', [['ENV', 'b']])('b')).toBe(true);
    expect(value('Ключ', [['ключ', 'b']])('b')).toBe(false);
  });

  test('of a key given twice the later pair is the property', () => {
    expect(
      value('env', [
        ['env', 'a'],
        ['env', 'b'],
      ])('b'),
    ).toBe(true);
    expect(
      value('env', [
        ['env', 'a'],
        ['env', 'b'],
      ])('a'),
    ).toBe(false);
  });

  test('names that objects have are keys like any other', () => {
    for (const key of ['__proto__', 'constructor', 'toString']) {
      const tree = JSON.parse(`{"request_response_rmt": {"properties": {"${key}": {"equals": "x"}}}}`);
      expect(holds(tree)).toBe(false);
      expect(holds(tree, { properties: [[key, 'x']] })).toBe(true);
      expect(holds(request({ property_key: { equals: key } }))).toBe(false);
    }
  });

  test('the session is a property, in any spelling', () => {
    for (const key of ['Helicone-Session-Id', 'helicone-session-id']) {
      expect(holds(request({ properties: { [key]: { equals: 'session' } } }))).toBe(true);
      expect(holds(request({ property_key: { equals: key } }))).toBe(true);
      expect(holds(request({ property_key: { equals: key } }), { session_id: '' })).toBe(false);
    }
  });
});

describe('sessions', () => {
  test('some name is enough, also for what it is not', () => {
    const named = (operator: string, value: string) => holds(session({ session_session_name: { [operator]: value } }));
    expect(named('equals', 'Outline')).toBe(true);
    expect(named('not-equals', 'Outline')).toBe(true);
    expect(named('contains', 'COUR')).toBe(true);
    expect(named('equals', 'course')).toBe(false);
  });

  test('one without any user has the empty one', () => {
    expect(holds(session({ session_user_id: { equals: '' } }))).toBe(true);
    expect(holds(session({ session_user_id: { 'not-equals': 'ann' } }))).toBe(true);
    expect(holds(session({ session_user_id: { equals: '' } }), {}, { user_ids: ['ann'] })).toBe(false);
  });

  test.each([
    ['session_total_cost', 'equals', 2.5],
    ['session_total_tokens', 'equals', 15],
    ['session_total_requests', 'gte', 4],
    ['session_duration_ms', 'equals', 3000],
    ['session_span_seconds', 'equals', 1],
    ['session_avg_latency', 'equals', 250],
    ['session_p95_latency', 'lt', 401],
    ['session_error_count', 'equals', 1],
    ['session_success_rate', 'equals', 0.75],
    ['session_created_at', 'equals', new Date(TIMES[0]!).toISOString()],
    ['session_latest_request_created_at', 'gt', new Date(TIMES[0]!).toISOString()],
    ['session_cost_complete', 'equals', true],
    ['session_live', 'equals', true],
  ])('%s %s %p', (column, operator, value) => {
    expect(holds(session({ [column]: { [operator]: value } }))).toBe(true);
  });

  test('a session is live for five minutes after its latest request', () => {
    const live = (after: number) =>
      holds(session({ session_live: { equals: true } }), {}, { latest_request_at: NOW_MS - after });
    expect([live(0), live(299_999), live(300_000)]).toEqual([true, true, false]);
  });

  test('one without requests has no latency, and no failure', () => {
    const empty = { total_requests: 0, error_count: 0, latency_ms_sum: 0n };
    expect(holds(session({ session_avg_latency: { equals: 0 }, session_success_rate: { equals: 1 } }), {}, empty)).toBe(
      true,
    );
  });
});

test('or between a request and its session is an or, and the order of an and does not matter', () => {
  const row = request({ status: { equals: 500 } });
  const total = session({ session_total_cost: { gt: 100 } });
  expect(holds({ left: row, operator: 'or', right: total })).toBe(false);
  expect(holds({ left: row, operator: 'or', right: total }, {}, { total_cost_pico: 10n ** 15n })).toBe(true);
  for (const [left, right] of [
    [row, total],
    [total, row],
  ]) {
    expect(holds({ left, operator: 'and', right }, { status: 500 }, { total_cost_pico: 10n ** 15n })).toBe(true);
    expect(holds({ left, operator: 'and', right }, { status: 500 })).toBe(false);
  }
});

describe('conditions about users', () => {
  const ADA: UserFacts = {
    user_id: 'ada',
    active_days: 2,
    first_active: TIMES[0]!,
    last_active: TIMES[3]!,
    requests: 5,
    prompt_tokens: 100n,
    completion_tokens: 11n,
    cost_pico: 1_500_000_000_000n,
  };

  const holdsFor = (condition: unknown, user: UserFacts | undefined) => {
    const parsed = parseFilter({ users_view: condition }, 'filter', { users: true });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
    return evaluateFilter(parsed.filter, sampleRow(), undefined, NOW_MS, user);
  };

  test.each<[unknown, boolean]>([
    [{ user_user_id: { ilike: 'A_A' } }, true],
    [{ user_user_id: { equals: 'Ada' } }, false],
    [{ user_active_for: { equals: 2 } }, true],
    [{ user_first_active: { lte: new Date(TIMES[0]!).toISOString() } }, true],
    [{ user_last_active: { gt: new Date(TIMES[3]!).toISOString() } }, false],
    [{ user_total_requests: { gt: 4, lt: 6 } }, true],
    [{ user_average_requests_per_day_active: { equals: 2.5 } }, true],
    [{ user_average_tokens_per_request: { equals: '22.2' } }, true],
    [{ user_total_prompt_tokens: { gte: 101 } }, false],
    [{ user_total_completion_tokens: { 'not-equals': 11 } }, false],
    [{ user_cost: { gte: 1.5 } }, true],
    [{ user_cost: { gt: 1.5 } }, false],
  ])('%j is %s of what their requests come to', (condition, expected) => {
    expect(holdsFor(condition, ADA)).toBe(expected);
    expect(holdsFor(condition, undefined)).toBe(false);
  });

  test('are left out as if they were true', () => {
    const rich = leaf('user_cost', 'gt', '1.000000000000');
    const failed = leaf('status', 'gte', 500);
    expect(leavingOut('user', rich)).toEqual(ALL);
    expect(leavingOut('user', and(rich, failed))).toEqual(failed);
    expect(leavingOut('user', or(rich, failed))).toEqual(ALL);
    expect(leavingOut('user', or(and(rich, failed), leaf('latency', 'gt', 1)))).toEqual(
      or(failed, leaf('latency', 'gt', 1)),
    );
    expect(leavingOut('request', and(rich, or(failed, rich)))).toEqual(rich);
  });
});

test('a filter read whole means what its conditions mean one by one', () => {
  const [sessions] = fc.sample(arbitrarySessions('tenant-a'), { seed: 7, numRuns: 1 });
  const pairs = sessions!.flatMap(({ requests, facts }) => requests.map((each) => [each.facts, facts] as const));
  let differing = 0;
  fc.assert(
    fc.property(arbitraryTree(), (tree) => {
      const parsed = parseFilter(tree);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
      const whole = pairs.map(([row, total]) => evaluateFilter(parsed.filter, row, total, NOW_MS));
      expect(whole).toEqual(pairs.map(([row, total]) => oneByOne(tree, row, total)));
      if (new Set(whole).size === 2) differing++;
    }),
    { numRuns: 300 },
  );
  // Trees that are always true, or never, would prove nothing.
  expect(differing).toBeGreaterThan(60);
});

type Tree = { left: unknown; operator: string; right: unknown };

/** Takes a tree as it came apart, down to single conditions, and puts the answers together as the grammar says. */
function oneByOne(tree: unknown, row: RequestFacts, total: SessionFacts | undefined): boolean {
  if (tree === 'all') return true;
  if (typeof tree === 'object' && tree !== null && 'operator' in tree) {
    const { left, operator, right } = tree as Tree;
    const sides = [oneByOne(left, row, total), oneByOne(right, row, total)];
    return operator === 'and' ? sides.every(Boolean) : sides.some(Boolean);
  }
  return conditionsOf(tree as Record<string, unknown>).every((condition) => {
    const parsed = parseFilter(condition);
    return parsed.ok && evaluateFilter(parsed.filter, row, total, NOW_MS);
  });
}

/** Each path from the root of a leaf to a value, as an object of its own. */
function conditionsOf(value: Record<string, unknown>): Record<string, unknown>[] {
  return Object.entries(value).flatMap(([name, below]) =>
    typeof below === 'object' && below !== null
      ? conditionsOf(below as Record<string, unknown>).map((each) => Object.fromEntries([[name, each]]))
      : [Object.fromEntries([[name, below]])],
  );
}
