import { describe, expect, jest, test } from '@jest/globals';
import { encodeRows } from '@throughline/analytics/tables';
import { picoToUsd } from '@throughline/contracts/money';
import type { RequestRow } from '@throughline/contracts/request-row';
import fc from 'fast-check';
import { FIXTURES_AT, fixturesOf, variedRequests } from '../fixtures.ts';
import { linksOf, reachedOf, stepsOf } from '../pattern-reference.ts';
import { NOW, store } from '../query-server.ts';
import { selectedSessions } from '../selected-sessions.ts';
import { useQueryServer } from '../use-query-server.ts';

jest.setTimeout(120_000);

const PATHS = [
  '',
  '/plan',
  'plan/',
  '/plan/search',
  '/plan/search/web',
  '/write',
  '/write/chapter/1',
  '/write/chapter/2',
  '/write/0123456789abcdef/7',
  '/write/6F9619FF-8B86-D011-B42D-00CF4FC964FF/12',
  '/review',
  '/…',
];

/** Sessions with ways back, repeats, equal times and one that is longer than what is kept of it. */
function requests(): RequestRow[] {
  const rows = variedRequests('acme', 60, 0);
  const [ways] = fc.sample(
    fc.array(fc.array(fc.nat(PATHS.length - 1), { minLength: 1, maxLength: 14 }), { minLength: 80, maxLength: 80 }),
    {
      seed: 7,
      numRuns: 1,
    },
  );
  const more = ways!.flatMap((way, session) =>
    way.map((path, step) => made(session, step, PATHS[path]!, 1_000_000 + session * 200 + step)),
  );
  const long = Array.from({ length: 150 }, (_, step) => made(90, step, '/poll', 2_000_000 + step));
  return [...rows, ...more, ...long];
}

function made(session: number, step: number, path: string, offset: number): RequestRow {
  const [row] = variedRequests('acme', 1, offset);
  const at = FIXTURES_AT + session * 60_000 + Math.floor(step / 2) * 1_000;
  return {
    ...row!,
    session_id: `way-${session}`,
    session_name: session % 2 === 0 ? 'ways' : 'Ways/odd',
    session_path: path,
    request_id: `way-${session}-${step}`,
    event_id: `way-${session}-${step}`,
    request_at: at,
    ordered_at: at,
    source_offset: offset,
  };
}

const fixtures = fixturesOf(requests());
const [template] = fixtures.sessions;
/** As a service of before steps were kept has left one. */
const OLD = {
  ...template!,
  session_id: 'from before',
  session_name: 'old',
  session_names: ['old'],
  steps: [],
  paths: [],
};
const OLD_REQUEST = {
  ...fixtures.requests[0]!,
  session_id: OLD.session_id,
  session_name: 'old',
  request_id: 'old',
  source_offset: 9_000_000,
};

const opened = useQueryServer(async (analytics) => {
  await store(analytics, fixtures);
  await analytics.insert(encodeRows('requests', [OLD_REQUEST]));
  await analytics.insert(encodeRows('sessions', [OLD]));
  const { tenant_id, session_id, created_at, version } = OLD;
  await analytics.insert(encodeRows('session_keys', [{ tenant_id, session_id, created_at, version }]));
});

const everything = { startTimeUnixMs: FIXTURES_AT - 86_400_000, endTimeUnixMs: NOW };
const errors = { request_response_rmt: { status: { gte: 400 } } };
const often = { sessions_request_response_rmt: { session_total_requests: { gte: 4 } } };

interface Asked {
  readonly timeFilter: typeof everything;
  readonly filter?: object;
}

const selections = fc.constantFrom<Asked>(
  { timeFilter: everything },
  { timeFilter: everything, filter: errors },
  { timeFilter: everything, filter: often },
  { timeFilter: everything, filter: { left: errors, operator: 'or', right: often } },
  { timeFilter: { startTimeUnixMs: FIXTURES_AT + 1_000_000, endTimeUnixMs: FIXTURES_AT + 12_000_000 } },
);

/** All but the one from before, by their definition. */
function selected(asked: Asked) {
  return selectedSessions(fixtures, asked);
}

async function ask(path: string, body: object) {
  const { status, json, text } = await opened.server.call({ path, body, key: 'acme:r' });
  if (status !== 200) throw new Error(text);
  return json.data;
}

interface Mark {
  readonly pattern?: object | null;
  readonly filter?: object | null;
}

/** The body of the list for the sessions behind a mark. */
function listBody(asked: Asked, mark: Mark): object {
  const conditions = [asked.filter, mark.filter].filter((one) => one !== undefined && one !== null);
  return {
    search: '',
    timezoneDifference: 0,
    timeFilter: asked.timeFilter,
    filter: conditions.reduce((left, right) => ({ left, operator: 'and', right }), 'all' as unknown as object),
    limit: 1_000,
    ...(mark.pattern && { pattern: mark.pattern }),
  };
}

/** How many sessions a mark leads to, in the list and in its count. */
async function behind(asked: Asked, mark: Mark): Promise<number> {
  const body = listBody(asked, mark);
  const [listed, counted, matching] = await Promise.all([
    ask('/v1/session/query', body),
    ask('/v1/session/count', body),
    ask('/v1/session/count', { ...body, aggregateOver: 'matching' }),
  ]);
  expect([counted.count, matching.count]).toEqual([listed.length, listed.length]);
  return counted.count;
}

function linkText(link: { from: string; to: string; is_loop: boolean; sessions: number }): string {
  return JSON.stringify([link.from, link.to, link.is_loop, link.sessions]);
}

describe('the flow', () => {
  test('is that of the requests, whatever is selected and however it is looked at', async () => {
    await fc.assert(
      fc.asyncProperty(
        selections,
        fc.constantFrom(1, 3, 8, 32),
        fc.option(fc.constantFrom(1, 2), { nil: undefined }),
        fc.boolean(),
        fc.option(fc.boolean(), { nil: undefined }),
        async (asked, depthMax, pathLevels, collapseRepeats, foldPaths) => {
          const view = {
            ...(pathLevels && { pathLevels }),
            collapseRepeats,
            ...(foldPaths !== undefined && { foldPaths }),
          };
          const flow = await ask('/v1/session/flow/query', { ...asked, ...view, depthMax, mergeBelow: 0.001 });
          const ways = selected(asked).map(({ requests: rows }) => rows);
          const expected = [...linksOf(ways, depthMax, view).values()];
          expect(flow.links.map(linkText).sort()).toEqual(
            expected.map(({ isLoop, ...link }) => linkText({ ...link, is_loop: isLoop })).sort(),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  test('says how often each step was called, failed and what it cost', async () => {
    const flow = await ask('/v1/session/flow/query', { timeFilter: everything, depthMax: 4, mergeBelow: 0.001 });
    for (const node of flow.nodes.filter(({ kind }: { kind: string }) => kind === 'path')) {
      const steps = selected({ timeFilter: everything })
        .map(({ requests: rows }) => stepsOf(rows)[node.position - 1])
        .filter((step) => step?.path === node.path);
      expect(node).toMatchObject({
        sessions: steps.length,
        requests: steps.reduce((sum, step) => sum + step!.requests, 0),
        errors: steps.reduce((sum, step) => sum + step!.errors, 0),
      });
    }
    const first = selected({ timeFilter: everything }).filter(({ requests: rows }) => rows.length === 1);
    expect(first.length).toBeGreaterThan(0);
    const one = await ask('/v1/session/flow/query', {
      timeFilter: everything,
      filter: { sessions_request_response_rmt: { session_total_requests: { equals: 1 } } },
      mergeBelow: 0.001,
    });
    const cost = first.reduce((sum, { requests: [row] }) => sum + (row!.cost_pico ?? 0n), 0n);
    const nodes: { cost: number }[] = one.nodes;
    expect(nodes.reduce((sum, node) => sum + node.cost, 0)).toBeCloseTo(picoToUsd(cost), 10);
  });

  test('loses no session on the way, also where paths are merged', async () => {
    for (const body of [{ mergeBelow: 0.1 }, { mergeBelow: 0.3, depthMax: 3 }, { mergeBelow: 1 }]) {
      const flow = await ask('/v1/session/flow/query', { timeFilter: everything, ...body });
      const known = flow.sessions - flow.sessions_without_steps;
      const sum = (links: { sessions: number }[]) => links.reduce((all, { sessions }) => all + sessions, 0);
      const at = (field: 'from' | 'to', id: string) =>
        sum(flow.links.filter((link: Record<string, unknown>) => link[field] === id));
      for (const { id, kind, sessions } of flow.nodes) {
        if (kind !== 'start') expect([id, at('to', id)]).toEqual([id, sessions]);
        if (kind !== 'end' && kind !== 'more') expect([id, at('from', id)]).toEqual([id, sessions]);
      }
      expect(sum(flow.nodes.filter(({ kind }: { kind: string }) => kind === 'end' || kind === 'more'))).toBe(known);
      expect(flow.nodes.some(({ kind }: { kind: string }) => kind === 'other')).toBe(true);
      for (const { kind, sessions } of flow.nodes)
        if (kind === 'path') expect(sessions).toBeGreaterThanOrEqual(body.mergeBelow * known);
    }
  });

  test('leads from each mark to its sessions', async () => {
    for (const body of [
      { mergeBelow: 0.05, depthMax: 3 },
      { mergeBelow: 0.05, depthMax: 3, foldPaths: false },
      { mergeBelow: 0.2, depthMax: 2, pathLevels: 1, collapseRepeats: false },
    ]) {
      const asked = { timeFilter: everything, filter: often };
      const flow = await ask('/v1/session/flow/query', { ...asked, ...body });
      const marks = [...flow.nodes, ...flow.links].filter(({ pattern }) => pattern !== null);
      const [some] = fc.sample(fc.shuffledSubarray(marks, { minLength: Math.min(marks.length, 40) }), 1);
      for (const mark of some!.slice(0, 40)) {
        const { count } = await ask('/v1/session/count', listBody(asked, mark));
        expect([mark, count]).toEqual([mark, mark.sessions]);
      }
    }
  });

  test('names ways back and repeats', async () => {
    const flow = await ask('/v1/session/flow/query', { timeFilter: everything, mergeBelow: 0.001, depthMax: 32 });
    const poll = flow.loops.find(({ from }: { from: string }) => from === '/poll');
    expect(poll).toMatchObject({ from: '/poll', to: '/poll', count: 127 });
    expect(await behind({ timeFilter: everything }, poll)).toBe(1);
    expect(flow.truncated_sessions).toBe(1);
    const back = flow.loops.filter(({ from, to }: { from: string; to: string }) => from !== to);
    const links = flow.links.filter(({ is_loop }: { is_loop: boolean }) => is_loop);
    const sum = (of: { count?: number; sessions?: number }[]) =>
      of.reduce((all, one) => all + (one.count ?? one.sessions!), 0);
    expect(sum(back)).toBe(sum(links));
  });

  test.each([
    { depthMax: 3 },
    { depthMax: 32 },
    { depthMax: 32, foldPaths: false },
    { depthMax: 32, collapseRepeats: false, pathLevels: 1 },
  ])('leads from each way back to the sessions that went it, seen as %j', async (view) => {
    const asked = { timeFilter: everything };
    const flow = await ask('/v1/session/flow/query', { ...asked, ...view, mergeBelow: 0.001 });
    expect(flow.loops.length).toBeGreaterThan(3);
    const ways = selected(asked).map(({ requests: rows }) => stepsOf(rows, view).slice(0, view.depthMax));
    for (const loop of flow.loops.slice(0, 30)) {
      const went = ways.filter((steps) =>
        steps.some(
          ({ path, requests: calls }, at) =>
            path === loop.to &&
            (steps[at - 1]?.path === loop.from
              ? steps.slice(0, at).some((before) => before.path === path)
              : loop.from === loop.to && calls > 1),
        ),
      );
      const { count } = await ask('/v1/session/count', listBody(asked, loop));
      expect([loop, count]).toEqual([loop, went.length]);
    }
  });

  test('leaves out sessions from before steps were kept, and says so', async () => {
    const body = { timeFilter: everything, nameEquals: 'old' };
    expect(await ask('/v1/session/flow/query', body)).toEqual({
      sessions: 1,
      sessions_without_steps: 1,
      truncated_sessions: 0,
      nodes: [],
      links: [],
      loops: [],
    });
    const funnel = await ask('/v1/session/funnel/query', { ...body, steps: [{ path: '/' }, { path: '/plan' }] });
    expect(funnel).toMatchObject({
      sessions: 1,
      sessions_without_steps: 1,
      steps: [{ sessions: 0 }, { sessions: 0, dropped: 0 }],
    });
    expect(await behind({ timeFilter: everything }, { pattern: { steps: [{ path: '/' }], droppedAfter: 0 } })).toBe(
      selected({ timeFilter: everything }).filter(({ requests: rows }) => reachedOf(rows, [{ path: '/' }]) === 0)
        .length,
    );
    expect(await ask('/v1/session/path/query', body)).toEqual({
      sessions: 1,
      sessions_without_paths: 1,
      total_cost: 0,
      paths: [],
    });
  });
});

describe('the funnel', () => {
  const steps = fc.array(
    fc.record({
      path: fc.constantFrom(
        '/',
        '/plan',
        '/plan/search',
        '/write',
        '/write/chapter/1',
        '/write/chapter/{n}',
        '/write/{id}',
        '/review',
        '/nowhere',
        '/poll',
      ),
      match: fc.constantFrom<'equals' | 'prefix'>('equals', 'prefix'),
    }),
    { minLength: 2, maxLength: 5 },
  );

  test('counts who took its steps in order, and leads to them and to those who stopped', async () => {
    await fc.assert(
      fc.asyncProperty(selections, steps, fc.boolean(), async (asked, asksFor, foldPaths) => {
        const funnel = await ask('/v1/session/funnel/query', {
          ...asked,
          steps: asksFor,
          ...(!foldPaths && { foldPaths }),
        });
        const reached = selected(asked).map(({ requests: rows }) => reachedOf(rows, asksFor, foldPaths));
        const through = (least: number) => reached.filter((places) => places >= least).length;
        expect(funnel.steps.map(({ sessions }: { sessions: number }) => sessions)).toEqual(
          asksFor.map((_, index) => through(index + 1)),
        );
        expect(funnel.steps.map(({ dropped }: { dropped: number }) => dropped)).toEqual(
          asksFor.map((_, index) => through(index) - through(index + 1)),
        );
        const last = funnel.steps.at(-1);
        expect(await behind(asked, { pattern: last.reached_pattern })).toBe(last.sessions);
        expect(await behind(asked, { pattern: last.dropped_pattern })).toBe(last.dropped);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the paths', () => {
  test('come to what the requests come to, dearest or slowest first', async () => {
    for (const [asked, pathLevels, sort, foldPaths] of [
      [{ timeFilter: everything }, undefined, 'cost', true],
      [{ timeFilter: everything }, undefined, 'cost', false],
      [{ timeFilter: everything, filter: often }, 1, 'avg_latency', true],
      [{ timeFilter: everything, filter: errors }, 2, 'errors', true],
    ] as const) {
      const answer = await ask('/v1/session/path/query', {
        ...asked,
        sort,
        limit: 200,
        ...(pathLevels && { pathLevels }),
        ...(!foldPaths && { foldPaths }),
      });
      const rows = selected(asked).flatMap(({ requests: all }) => all);
      const groups = Map.groupBy(rows, (row) => stepsOf([row], { pathLevels, foldPaths })[0]!.path);
      const expected = [...groups].map(([path, own]) => ({
        path,
        sessions: new Set(own.map(({ session_id }) => session_id)).size,
        requests: own.length,
        errors: own.filter(({ is_error }) => is_error).length,
        cost: picoToUsd(own.reduce((sum, { cost_pico }) => sum + (cost_pico ?? 0n), 0n)),
        avg_latency: own.reduce((sum, { latency_ms }) => sum + latency_ms, 0) / own.length,
      }));
      type Path = (typeof expected)[number];
      const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);
      expect(answer.paths.toSorted(byPath)).toMatchObject(expected.toSorted(byPath));
      const amounts: number[] = answer.paths.map((path: Path) => path[sort]);
      expect(amounts).toEqual(amounts.toSorted((a, b) => b - a));
      const shares: number[] = answer.paths.map(({ share_of_cost }: { share_of_cost: number }) => share_of_cost);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      for (const path of answer.paths)
        expect([path.path, await behind(asked, path)]).toEqual([path.path, path.sessions]);
    }
  });
});

test('a pattern goes with search, sorting, cursors and filters of the list', async () => {
  const pattern = { steps: [{ path: '/plan', match: 'prefix' }] };
  const expected = selected({ timeFilter: everything, filter: errors })
    .filter(({ requests: rows }) => reachedOf(rows, [{ path: '/plan', match: 'prefix' }]) === 1)
    .map(({ session }) => session.session_id)
    .sort();
  const body = { search: '', timezoneDifference: 0, timeFilter: everything, filter: errors, limit: 7, pattern };
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const { json } = await opened.server.call({
      path: '/v1/session/query',
      body: { ...body, ...(cursor && { cursor }) },
      key: 'acme:r',
    });
    found.push(...json.data.map(({ session_id }: { session_id: string }) => session_id));
    cursor = json.next_cursor ?? undefined;
  } while (cursor);
  expect(found.sort()).toEqual(expected);
});

test('a pattern holds for facets, figures over time and exports of what is selected', async () => {
  const { search, timezoneDifference, filter } = { search: '', timezoneDifference: 0, filter: 'all' };
  const selection = {
    search,
    timezoneDifference,
    filter,
    timeFilter: everything,
    pattern: { steps: [{ path: '/review' }] },
  };
  const { count } = await ask('/v1/session/count', selection);
  expect(count).toBe(
    selected({ timeFilter: everything }).filter(({ requests: rows }) => reachedOf(rows, [{ path: '/review' }]) === 1)
      .length,
  );
  const facets = await ask('/v1/session/facets/query', { ...selection, facets: [{ facet: 'name' }] });
  expect(facets.sessions).toBe(count);
  const { before, points } = await ask('/v1/session/over-time/query', { ...selection, dbIncrement: 'day' });
  expect([before, ...points].reduce((sum, { sessions }) => sum + sessions, 0)).toBe(count);
});
