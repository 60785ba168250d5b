import { describe, expect, jest, test } from '@jest/globals';
import { SESSION_RANGES } from '@throughline/contracts/api/session-facets';
import { picoToUsd } from '@throughline/contracts/money';
import type { SessionRow } from '@throughline/contracts/session-row';
import fc from 'fast-check';
import { filterTrees, windows } from '../filter-arbitraries.ts';
import { FIXTURES_AT, type Fixtures, fixturesOf, variedRequests } from '../fixtures.ts';
import { NOW, store } from '../query-server.ts';
import { compareText, selectedSessions } from '../selected-sessions.ts';
import { useQueryServer } from '../use-query-server.ts';

jest.setTimeout(300_000);

const DAY = 86_400_000;
const ALWAYS = { startTimeUnixMs: FIXTURES_AT - DAY, endTimeUnixMs: NOW };

/** As the filter sees them, and as they are stored: some snapshots do not hold all models. */
let acme: Fixtures;
let stored: ReadonlyMap<string, SessionRow>;

const api = useQueryServer(async (analytics) => {
  const folded = fixturesOf(variedRequests('acme', 60, 0));
  const sessions = folded.sessions.map((session, index) => ({
    ...session,
    tag: index % 4 === 0 ? 'gold' : index % 4 === 1 ? 'Käse' : null,
    feedback: index % 5 === 0 ? true : index % 5 === 1 ? false : null,
  }));
  acme = { ...folded, sessions };
  const cut = sessions.map((session, index) =>
    index % 6 === 0
      ? {
          ...session,
          models: session.models.slice(0, index % 12 === 0 ? 0 : 1),
          truncated_fields: ['models', 'properties.env'],
        }
      : session,
  );
  stored = new Map(cut.map((session) => [session.session_id, session]));
  await store(analytics, { ...acme, sessions: cut });
  await store(analytics, fixturesOf(variedRequests('rival', 60, 10_000)));
});

interface Asked {
  readonly filter?: unknown;
  readonly timeFilter?: { startTimeUnixMs: number; endTimeUnixMs: number };
  readonly [more: string]: unknown;
}

async function ask(path: string, asked: Asked) {
  const body = { search: '', timeFilter: ALWAYS, timezoneDifference: 0, filter: {}, ...asked };
  const answer = await api.server.call({ path: `/v1/session/${path}/query`, body, key: 'acme:r' });
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text} for ${JSON.stringify(asked)}`);
  return answer.json.data;
}

const selectedBy = ({ filter = {}, timeFilter = ALWAYS }: Asked): SessionRow[] =>
  selectedSessions(acme, { filter, timeFilter }).map(({ session }) => stored.get(session.session_id)!);

const propertyOf = (session: SessionRow, key: string) =>
  session.properties.filter(([name]) => name.toLowerCase() === key.toLowerCase()).flatMap(([, values]) => values);

/** What a session counts under: the definition. */
const VALUES: Readonly<Record<string, (session: SessionRow) => readonly string[]>> = {
  name: (session) => session.session_names,
  model: (session) => session.models,
  provider: (session) => session.providers,
  status: (session) => session.statuses.map(String),
  user: (session) => session.user_ids,
  tag: (session) => [session.tag ?? ''],
  feedback: (session) => [String(session.feedback ?? '')],
  property_keys: (session) => session.properties.map(([key]) => key),
  env: (session) => propertyOf(session, 'env'),
  BUILD: (session) => propertyOf(session, 'BUILD'),
  'Helicone-Session-Path': (session) => propertyOf(session, 'Helicone-Session-Path'),
  nothing: () => [],
};

/** How a snapshot says that it does not hold all of them. */
const CUT_AS: Readonly<Record<string, string>> = { model: 'models', env: 'properties.env' };

function counted(name: string, sessions: readonly SessionRow[], contains = '') {
  const counts = new Map<string, number>();
  for (const session of sessions) {
    const values = new Set(VALUES[name]!(session));
    const isCut = session.truncated_fields.includes(CUT_AS[name] ?? '');
    for (const value of values.size === 0 && !isCut ? [''] : values) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .filter(([value]) => value.toUpperCase().includes(contains.toUpperCase()))
    .sort(([a, n], [b, m]) => m - n || compareText(a, b))
    .map(([value, sessions]) => ({ value, sessions }));
}

const asFacet = (name: string) =>
  /^[a-z_]+$/.test(name) && name !== 'env' && name !== 'nothing'
    ? { facet: name }
    : { facet: 'property', property: name };

function quantile(values: readonly number[], level: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = level * (sorted.length - 1);
  const low = sorted[Math.floor(at)]!;
  return low + (sorted[Math.ceil(at)]! - low) * (at - Math.floor(at));
}

const FIGURES: Readonly<Record<string, (session: SessionRow) => number>> = {
  cost: (session) => picoToUsd(session.total_cost_pico),
  requests: (session) => session.total_requests,
  tokens: (session) => Number(session.prompt_tokens + session.completion_tokens),
  duration_ms: (session) => Math.max(0, session.latest_response_at - session.created_at),
  avg_latency: (session) => Number(session.latency_ms_sum) / session.total_requests,
  p95_latency: (session) => session.p95_latency_ms,
  errors: (session) => session.error_count,
};
const LEVELS = { min: 0, p5: 0.05, p25: 0.25, p50: 0.5, p75: 0.75, p95: 0.95, max: 1 };

describe('POST /v1/session/facets/query', () => {
  test('counts the sessions of every value of every facet, most first, whatever is selected', async () => {
    const names = Object.keys(VALUES);
    await fc.assert(
      fc.asyncProperty(filterTrees, windows, async (filter, timeFilter) => {
        const asked = { filter, timeFilter, facets: names.map((name) => ({ ...asFacet(name), limit: 100 })) };
        const { sessions, facets } = await ask('facets', asked);
        const selected = selectedBy(asked);
        expect(sessions).toBe(selected.length);
        expect(facets).toHaveLength(names.length);
        for (const [index, name] of names.entries()) {
          const values = counted(name, selected);
          expect([name, facets[index].values]).toEqual([name, values]);
          expect([name, facets[index].distinct]).toEqual([name, values.length]);
        }
        expect(facets[1].incomplete_sessions).toBe(
          selected.filter((s) => s.truncated_fields.includes('models')).length,
        );
        expect(facets[8].incomplete_sessions).toBe(
          selected.filter((s) => s.truncated_fields.includes('properties.env')).length,
        );
      }),
      { numRuns: 15, seed: Number(process.env.SEED ?? Date.now() % 2 ** 31) },
    );
  });

  test('names the most frequent values, and those that contain a text in any case, and how many there are', async () => {
    const facets = [
      { facet: 'model', limit: 2 },
      { facet: 'name', contains: 'RUN', limit: '3' },
      { facet: 'user', contains: 'ADA' },
      { facet: 'tag', contains: 'kÄs' },
      { facet: 'property', property: 'ENV', contains: 'x' },
      { facet: 'user', contains: '%' },
    ];
    const answer = await ask('facets', { facets });
    const selected = selectedBy({});
    const expected = [
      [counted('model', selected), 2],
      [counted('name', selected, 'run'), 3],
      [counted('user', selected, 'ada'), 10],
      [counted('tag', selected, 'käs'), 10],
      [[], 10],
      [[], 10],
    ] as const;
    for (const [index, [values, limit]] of expected.entries()) {
      expect(answer.facets[index]).toMatchObject({ values: values.slice(0, limit), distinct: values.length });
    }
    expect(expected[2][0]).toHaveLength(2);
  });

  test('leaves out the keys of properties that are hidden', async () => {
    const asked = { facets: [{ facet: 'property_keys' }] };
    const before = (await ask('facets', asked)).facets[0];
    expect(before.values.map(({ value }: { value: string }) => value)).toContain('Build');
    await api.server.call({ path: '/v1/property/hide', body: { key: 'build' }, key: 'acme:rw' });
    const hidden = (await ask('facets', asked)).facets[0];
    expect(hidden.values.map(({ value }: { value: string }) => value)).not.toContain('Build');
    expect(hidden.distinct).toBe(before.distinct - 1);
    await api.server.call({ path: '/v1/property/restore', body: { key: 'build' }, key: 'acme:rw' });
  });

  test('says how figures are distributed, exactly, and null where nothing is selected', async () => {
    const { ranges } = await ask('facets', { facets: [], ranges: SESSION_RANGES });
    const selected = selectedBy({});
    expect(Object.keys(ranges).sort()).toEqual([...SESSION_RANGES].sort());
    for (const [name, of] of Object.entries(FIGURES)) {
      for (const [level, p] of Object.entries(LEVELS)) {
        expect(ranges[name][level]).toBeCloseTo(quantile(selected.map(of), p), 9);
      }
    }
    const none = await ask('facets', { search: 'nowhere', facets: [{ facet: 'name' }], ranges: ['cost'] });
    expect(none).toEqual({
      sessions: 0,
      facets: [{ facet: 'name', property: null, values: [], distinct: 0, incomplete_sessions: 0 }],
      ranges: { cost: null },
    });
  });

  test.each([
    [{ facets: Array.from({ length: 21 }, () => ({ facet: 'name' })) }, 422],
    [{ facets: [{ facet: 'property' }] }, 422],
    [{ facets: [{ facet: 'name', property: 'env' }] }, 422],
    [{ facets: [{ facet: 'toString' }] }, 422],
    [{ facets: [{ facet: 'name', limit: 101 }] }, 400],
    [{ facets: [{ facet: 'name', limit: 0 }] }, 400],
    [{ facets: [], timezoneDifference: 1441 }, 400],
  ])('refuses %j', async (asked, status) => {
    await expect(ask('facets', asked)).rejects.toThrow(String(status));
  });
});

describe('POST /v1/session/over-time/query', () => {
  const pointOf = (sessions: readonly SessionRow[]) => ({
    sessions: sessions.length,
    failing_sessions: sessions.filter(({ error_count }) => error_count > 0).length,
    requests: sum(sessions, (s) => s.total_requests),
    errors: sum(sessions, (s) => s.error_count),
    cost: picoToUsd(sessions.reduce((total, s) => total + s.total_cost_pico, 0n)),
    prompt_tokens: sum(sessions, (s) => Number(s.prompt_tokens)),
    completion_tokens: sum(sessions, (s) => Number(s.completion_tokens)),
    avg_duration_ms: sessions.length === 0 ? 0 : sum(sessions, FIGURES.duration_ms!) / sessions.length,
  });
  const sum = (sessions: readonly SessionRow[], of: (session: SessionRow) => number) =>
    sessions.reduce((total, session) => total + of(session), 0);

  test.each([
    ['hour', 1, 0],
    ['hour', 6, 0],
    ['hour', 6, 330],
    ['min', 15, -60],
    ['day', 1, 120],
    ['day', 2, 0],
    ['week', 1, 0],
    ['month', 1, -720],
  ])(
    'has a point for every %s × %i at %i minutes, and each session in one of them or before',
    async (dbIncrement, every, timezoneDifference) => {
      const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
      await fc.assert(
        fc.asyncProperty(
          filterTrees,
          fc.integer({ min: -40, max: 70 }),
          fc.integer({ min: 1, max: 60 }),
          async (filter, from, hours) => {
            const start = FIXTURES_AT + from * 3_600_000 + 1234;
            const timeFilter = { startTimeUnixMs: start, endTimeUnixMs: start + hours * 3_600_000 };
            const asked = { filter, timeFilter, timezoneDifference, dbIncrement, every };
            const { before, points } = await ask('over-time', asked);
            const selected = selectedBy(asked);
            const starts: number[] = points.map(({ time }: { time: string }) => Date.parse(time));
            expect(starts[0]).toBeLessThanOrEqual(start + 1);
            expect(starts.at(-1)).toBeLessThan(timeFilter.endTimeUnixMs);
            expect(before).toEqual(pointOf(selected.filter((s) => s.created_at < starts[0]!)));
            for (const [index, { time: _, ...point }] of points.entries()) {
              const end = starts[index + 1] ?? Number.POSITIVE_INFINITY;
              const began = selected.filter((s) => s.created_at >= starts[index]! && s.created_at < end);
              expect(point).toEqual(pointOf(began));
            }
          },
        ),
        { numRuns: 6, seed },
      );
    },
  );

  test('cuts time by the wall clock that the list shows', async () => {
    const timeFilter = { startTimeUnixMs: FIXTURES_AT, endTimeUnixMs: FIXTURES_AT + DAY };
    const asked = { timeFilter, dbIncrement: 'hour', every: 6, timezoneDifference: 330 };
    const { points } = await ask('over-time', asked);
    expect(points.map(({ time }: { time: string }) => time)).toEqual([
      '2026-09-10T12:00:00.000+05:30',
      '2026-09-10T18:00:00.000+05:30',
      '2026-09-11T00:00:00.000+05:30',
      '2026-09-11T06:00:00.000+05:30',
      '2026-09-11T12:00:00.000+05:30',
    ]);
  });

  test.each([
    { dbIncrement: 'second' },
    { dbIncrement: 'month', every: 2 },
    { dbIncrement: 'hour', every: 0 },
    { dbIncrement: 'hour', every: 1.5 },
    { dbIncrement: 'hour', timezoneDifference: 0.5 },
    { dbIncrement: 'min', timeFilter: { startTimeUnixMs: 0, endTimeUnixMs: NOW } },
  ])('refuses %j', async (asked) => {
    await expect(ask('over-time', asked)).rejects.toThrow('400');
  });
});
