import { describe, expect, jest, test } from '@jest/globals';
import { picoToUsd } from '@throughline/contracts/money';
import type { SessionRow } from '@throughline/contracts/session-row';
import fc from 'fast-check';
import { FIXTURES_AT, fixturesOf, variedRequests } from '../fixtures.ts';
import { stepsOf } from '../pattern-reference.ts';
import { NOW, store } from '../query-server.ts';
import { type SelectedSession, selectedSessions } from '../selected-sessions.ts';
import { useQueryServer } from '../use-query-server.ts';

jest.setTimeout(120_000);

/** Some of the paths have numbers in them. */
const requests = variedRequests('acme', 120, 0).map((row, index) =>
  index % 3 === 0 ? { ...row, session_path: `${row.session_path}/${index % 4}` } : row,
);
const fixtures = fixturesOf(requests);
const opened = useQueryServer((analytics) => store(analytics, fixtures));

const timeFilter = { startTimeUnixMs: FIXTURES_AT - 86_400_000, endTimeUnixMs: NOW };
const early = { startTimeUnixMs: FIXTURES_AT - 1, endTimeUnixMs: FIXTURES_AT + 20 * 3_600_000 };
const errors = { request_response_rmt: { status: { gte: 400 } } };
const often = { sessions_request_response_rmt: { session_total_requests: { gte: 3 } } };

interface Group {
  readonly filter?: object;
  readonly timeFilter?: typeof timeFilter;
  readonly nameEquals?: string;
}
type Groups = { dearest: number } | { slowest: number } | { failing: true } | { a: Group; b: Group };

async function ask(path: string, body: object) {
  const { status, json, text } = await opened.server.call({ path, body, key: 'acme:r' });
  if (status !== 200) throw new Error(text);
  return json.data;
}

function both(...filters: (object | undefined)[]): object {
  const given = filters.filter((filter) => filter !== undefined);
  return given.reduce<object>((left, right) => ({ left, operator: 'and', right }), 'all' as unknown as object);
}

/** The sessions of each group, by their definition. */
function groupsOf(asked: Group, groups: Groups): { a: SelectedSession[]; b: SelectedSession[] } {
  if ('a' in groups) {
    const of = (group: Group) =>
      selectedSessions(fixtures, {
        filter: both(asked.filter, group.filter, name(group.nameEquals)),
        timeFilter: group.timeFilter ?? timeFilter,
      });
    return { a: of(groups.a), b: of(groups.b) };
  }
  const all = selectedSessions(fixtures, { filter: both(asked.filter), timeFilter });
  const isA = splitOf(groups, all);
  return { a: all.filter(isA), b: all.filter((one) => !isA(one)) };
}

function name(equals: string | undefined): object | undefined {
  return equals === undefined ? undefined : { sessions_request_response_rmt: { session_session_name: { equals } } };
}

function splitOf(groups: Exclude<Groups, { a: Group }>, all: readonly SelectedSession[]) {
  if ('failing' in groups) return ({ session }: SelectedSession) => session.error_count > 0;
  const [share, amount] =
    'dearest' in groups
      ? [groups.dearest, ({ session }: SelectedSession) => Number(session.total_cost_pico)]
      : [groups.slowest, ({ session }: SelectedSession) => durationOf(session)];
  const least = all.map(amount).sort((x, y) => x - y)[Math.floor((1 - share) * all.length)]!;
  return (one: SelectedSession) => amount(one) >= least;
}

function durationOf(session: SessionRow): number {
  return session.latest_response_at - session.created_at;
}

const AMOUNTS: Readonly<Record<string, (session: SessionRow) => number>> = {
  cost: (session) => picoToUsd(session.total_cost_pico),
  duration_ms: durationOf,
  requests: ({ total_requests }) => total_requests,
  errors: ({ error_count }) => error_count,
  success_rate: ({ total_requests, error_count }) => (total_requests - error_count) / total_requests,
  tokens: ({ prompt_tokens, completion_tokens }) => Number(prompt_tokens + completion_tokens),
  avg_latency: ({ latency_ms_sum, total_requests }) => Number(latency_ms_sum) / total_requests,
};

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deltaOf(a: readonly number[], b: readonly number[], tolerance: number): number {
  const signs = a.flatMap((x) => b.map((y) => (Math.abs(x - y) <= tolerance * Math.max(x, y) ? 0 : Math.sign(x - y))));
  return mean(signs);
}

/** The features of a session, by their kind. */
function featuresOf({ session, requests }: SelectedSession, foldPaths = true): Map<string, Set<string>> {
  const set = (values: Iterable<string>) => new Set(values);
  const range = [50, 20, 10, 5, 2, 1].find((from) => requests.length >= from)!;
  const ranges = new Map([
    [1, '1'],
    [2, '2–4'],
    [5, '5–9'],
    [10, '10–19'],
    [20, '20–49'],
    [50, '50+'],
  ]);
  return new Map([
    ['path', set(requests.flatMap((row) => stepsOf([row], { foldPaths }).map(({ path }) => path)))],
    ['model', set(requests.map(({ model }) => model))],
    ['provider', set(requests.map(({ provider }) => provider))],
    ['status', set(requests.map(({ status }) => String(status)))],
    [
      'property',
      set(
        session.properties
          .filter(([key]) => !key.startsWith('Helicone-'))
          .flatMap(([key, all]) => all.map((value) => `${key}=${value}`)),
      ),
    ],
    ['requests', set([ranges.get(range)!])],
  ]);
}

const groupings = fc.constantFrom<Groups>(
  { dearest: 0.05 },
  { dearest: 0.3 },
  { slowest: 0.1 },
  { failing: true },
  { a: { nameEquals: 'run 1' }, b: { nameEquals: 'run 2' } },
  { a: { filter: errors }, b: {} },
  {
    a: { timeFilter: early },
    b: { filter: often, timeFilter: { ...timeFilter, startTimeUnixMs: early.endTimeUnixMs } },
  },
);
const selections = fc.constantFrom<Group>({}, { filter: often }, { filter: errors });

describe('a contrast', () => {
  test('has the figures of both groups, and how far they are apart', async () => {
    await fc.assert(
      fc.asyncProperty(selections, groupings, async (asked, groups) => {
        const { a, b } = groupsOf(asked, groups);
        const answer = await ask('/v1/session/contrast/query', { timeFilter, ...asked, groups });
        expect([answer.a.sessions, answer.b.sessions]).toEqual([a.length, b.length]);
        for (const { metric, ...given } of answer.metrics) {
          const amounts = (group: readonly SelectedSession[]) => group.map(({ session }) => AMOUNTS[metric]!(session));
          const [ofA, ofB] = [amounts(a), amounts(b)];
          if (ofA.length === 0 || ofB.length === 0) continue;
          const near = (value: number) =>
            expect.closeTo(value, Math.max(0, 6 - Math.ceil(Math.log10(Math.abs(value) + 1))));
          expect([metric, given.a.mean, given.b.mean]).toEqual([metric, near(mean(ofA)), near(mean(ofB))]);
          expect([metric, given.difference]).toEqual([metric, near(mean(ofA) - mean(ofB))]);
          for (const [share, field] of [
            [0.5, 'p50'],
            [0.95, 'p95'],
          ] as const) {
            const exact = ofA.toSorted((x, y) => x - y)[Math.max(1, Math.ceil(share * ofA.length)) - 1]!;
            expect(Math.abs(given.a[field] - exact)).toBeLessThanOrEqual(0.0101 * exact);
          }
          // Values within 1% are equal there: between none of them being so and all of them.
          const bounds = [deltaOf(ofA, ofB, 0), deltaOf(ofA, ofB, 0.0101)];
          const slack = Math.abs(bounds[0]! - bounds[1]!) + tiesOf(ofA, ofB);
          expect(Math.abs(given.effect - bounds[0]!)).toBeLessThanOrEqual(slack + 1e-9);
          if (given.interval)
            expect(given.interval[0] <= given.difference && given.difference <= given.interval[1]).toBe(true);
        }
      }),
      { numRuns: 14 },
    );
  });

  test('names what sessions of one group have, with a way to them', async () => {
    for (const [groups, foldPaths] of [
      [{ dearest: 0.2 }, true],
      [{ failing: true }, false],
      [{ slowest: 0.3 }, true],
    ] as const) {
      const { a, b } = groupsOf({}, groups);
      const answer = await ask('/v1/session/contrast/query', { timeFilter, groups, ...(!foldPaths && { foldPaths }) });
      const having = (group: readonly SelectedSession[], kind: string, member: string) =>
        group.filter((session) => featuresOf(session, foldPaths).get(kind)!.has(member)).length;
      const members = new Set(
        [...a, ...b].flatMap((session) =>
          [...featuresOf(session, foldPaths)].flatMap(([kind, all]) => [...all].map((member) => `${kind} ${member}`)),
        ),
      );
      const named = answer.features.map(
        ({ kind, key, value }: { kind: string; key: string | null; value: string }) =>
          `${kind} ${key === null ? value : `${key}=${value}`}`,
      );
      expect(named.toSorted()).toEqual([...members].sort());
      const effects: number[] = answer.features.map(({ effect }: { effect: number }) => Math.abs(effect));
      expect(effects).toEqual(effects.toSorted((x, y) => y - x));
      for (const { kind, key, value, ...feature } of answer.features) {
        const member = key === null ? value : `${key}=${value}`;
        const [inA, inB] = [having(a, kind, member), having(b, kind, member)];
        expect([kind, member, feature.a.sessions, feature.b.sessions]).toEqual([kind, member, inA, inB]);
        expect(feature.difference).toBeCloseTo(inA / a.length - inB / b.length, 12);
        expect(feature.interval[0] <= feature.difference && feature.difference <= feature.interval[1]).toBe(true);
      }
      for (const feature of answer.features.slice(0, 12)) {
        const filter = both(answer.a.filter, feature.filter ?? undefined);
        const pattern = feature.pattern && { pattern: feature.pattern };
        expect(feature.pattern?.foldPaths).toBe(feature.pattern && !foldPaths ? false : undefined);
        const { count } = await ask('/v1/session/count', {
          search: '',
          timezoneDifference: 0,
          timeFilter,
          filter,
          ...pattern,
        });
        expect([feature, count]).toEqual([feature, feature.a.sessions]);
      }
    }
  });

  test('has the kinds of features that are asked for, and no others', async () => {
    const body = { timeFilter, groups: { failing: true } };
    const all = await ask('/v1/session/contrast/query', body);
    const some = await ask('/v1/session/contrast/query', { ...body, kinds: ['model', 'status', 'model'] });
    expect(some).toEqual({
      ...all,
      features: all.features.filter(({ kind }: { kind: string }) => kind === 'model' || kind === 'status'),
    });
    expect((await ask('/v1/session/contrast/query', { ...body, kinds: [] })).features).toEqual([]);
  });

  test('of groups without sessions has no figures', async () => {
    const groups = { a: { nameEquals: 'nobody' }, b: { nameEquals: 'nobody either' } };
    const answer = await ask('/v1/session/contrast/query', { timeFilter, groups });
    expect(answer).toMatchObject({ a: { sessions: 0 }, b: { sessions: 0 }, features: [] });
    for (const metric of answer.metrics)
      expect(metric).toMatchObject({ a: null, b: null, difference: null, effect: null });
    const none = await ask('/v1/session/contrast/query', {
      timeFilter,
      nameEquals: 'nobody',
      groups: { dearest: 0.05 },
    });
    expect(none).toMatchObject({ a: { sessions: 0 }, b: { sessions: 0 }, features: [] });
  });
});

/** Share of the pairs that lie within 1% of each other without being equal. */
function tiesOf(a: readonly number[], b: readonly number[]): number {
  return mean(a.flatMap((x) => b.map((y) => (x !== y && Math.abs(x - y) <= 0.0101 * Math.max(x, y) ? 1 : 0))));
}
