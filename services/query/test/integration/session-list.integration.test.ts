import { describe, expect, jest, test } from '@jest/globals';
import { SESSION_SORT_FIELDS } from '@throughline/contracts/api/session-query';
import { picoToUsd } from '@throughline/contracts/money';
import type { RequestRow } from '@throughline/contracts/request-row';
import fc from 'fast-check';
import { filterTrees, onSession, windows } from '../filter-arbitraries.ts';
import { FIXTURES_AT, type Fixtures, fixturesOf, sessionIdOf, variedRequests } from '../fixtures.ts';
import { NOW, store } from '../query-server.ts';
import { compareText, selectedSessions } from '../selected-sessions.ts';
import { useQueryServer } from '../use-query-server.ts';

// Hundreds of queries, on a machine that may be busy.
jest.setTimeout(300_000);

const DAY = 86_400_000;
const ALWAYS = { startTimeUnixMs: FIXTURES_AT - DAY, endTimeUnixMs: NOW };

let acme: Fixtures;
let rival: Fixtures;
/** How often something has arrived at the tenant that grows. */
let arrivals = 0;

const api = useQueryServer(async (analytics) => {
  acme = fixturesOf(variedRequests('acme', 60, 0));
  await store(analytics, acme);
  rival = fixturesOf(variedRequests('rival', 60, 10_000));
  await store(analytics, rival);
});

interface Asked {
  readonly filter?: unknown;
  readonly search?: string;
  readonly nameEquals?: string;
  readonly timeFilter?: { startTimeUnixMs: number; endTimeUnixMs: number };
  readonly [more: string]: unknown;
}

const bodyOf = (asked: Asked) => ({ search: '', timeFilter: ALWAYS, timezoneDifference: 0, filter: {}, ...asked });

async function ask(path: string, asked: Asked, key = 'acme:r') {
  const answer = await api.server.call({ path, body: bodyOf(asked), key });
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text} for ${JSON.stringify(asked)}`);
  return answer.json;
}

/** What the list means, computed from the requests themselves: newest first, then by id. */
function expected(asked: Asked): { id: string; createdAt: number; matching: readonly RequestRow[] }[] {
  const { filter, search, nameEquals = '', timeFilter } = bodyOf(asked);
  return selectedSessions(acme, { filter, timeFilter })
    .filter(({ session, names }) => {
      const texts = [session.session_id, ...names].map((text) => text.toUpperCase());
      return (
        (nameEquals === '' || names.includes(nameEquals)) &&
        (search === '' || texts.some((text) => text.includes(search.toUpperCase())))
      );
    })
    .map(({ session, matching }) => ({ id: session.session_id, createdAt: session.created_at, matching }))
    .sort((a, b) => b.createdAt - a.createdAt || compareText(a.id, b.id));
}

const sum = (rows: readonly RequestRow[], of: (row: RequestRow) => number) => rows.reduce((to, row) => to + of(row), 0);
const costOf = (rows: readonly RequestRow[]) =>
  picoToUsd(rows.reduce((to, { cost_pico }) => to + (cost_pico ?? 0n), 0n));

function requestsOf(id: string): RequestRow[] {
  return acme.requests.filter((row) => row.session_id === id);
}

describe('POST /v1/session/query', () => {
  test('lists every session of the tenant, newest first, with exact totals of all its requests', async () => {
    const { data, next_cursor: next, error } = await ask('/v1/session/query', { limit: 1000 });
    expect(error).toBeNull();
    expect(next).toBeNull();
    expect(data.map((row: { session_id: string }) => row.session_id)).toEqual(expected({}).map(({ id }) => id));
    for (const row of data) {
      const rows = requestsOf(row.session_id);
      const errors = rows.filter(({ is_error }) => is_error).length;
      const unpriced = rows.filter(({ cost_pico }) => cost_pico === null).length;
      const first = Math.min(...rows.map(({ ordered_at }) => ordered_at));
      const names = [...new Set(rows.map(({ session_name }) => session_name))].filter((name) => name !== '').sort();
      expect(row).toMatchObject({
        created_at: new Date(first).toISOString(),
        latest_request_created_at: new Date(Math.max(...rows.map(({ ordered_at }) => ordered_at))).toISOString(),
        session_names: names,
        total_cost: costOf(rows),
        cost_complete: unpriced === 0,
        unpriced_requests: unpriced,
        total_requests: rows.length,
        error_count: errors,
        success_rate: (rows.length - errors) / rows.length,
        prompt_tokens: sum(rows, ({ prompt_tokens }) => prompt_tokens ?? 0),
        completion_tokens: sum(rows, ({ completion_tokens }) => completion_tokens ?? 0),
        total_tokens: sum(rows, (r) => (r.prompt_tokens ?? 0) + (r.completion_tokens ?? 0)),
        reasoning_tokens: sum(rows, ({ reasoning_tokens }) => reasoning_tokens),
        avg_latency: sum(rows, ({ latency_ms }) => latency_ms) / rows.length,
        duration_ms: Math.max(...rows.map((r) => r.ordered_at + r.latency_ms)) - first,
        tag: null,
        feedback: null,
        live: false,
        truncated_fields: [],
      });
    }
  });

  test('shows the wall clock of the zone asked for, and selects by the same instants', async () => {
    const plain = await ask('/v1/session/query', { limit: 1000 });
    const shifted = await ask('/v1/session/query', { limit: 1000, timezoneDifference: '-330' });
    expect(shifted.data[0].created_at).toMatch(/-05:30$/);
    expect(shifted.data.map((row: { created_at: string }) => Date.parse(row.created_at))).toEqual(
      plain.data.map((row: { created_at: string }) => Date.parse(row.created_at)),
    );
  });

  test('bounds the window exclusively, to the millisecond', async () => {
    const at = acme.sessions[7]!.created_at;
    const windows: [number, number][] = [
      [at - 1, at + 1],
      [at, at + 1],
      [at - 1, at],
      [at - 0.5, at + 0.5],
      [at + 1, at - 1],
      [-1e300, 1e300],
    ];
    for (const [startTimeUnixMs, endTimeUnixMs] of windows) {
      const asked = { limit: 1000, timeFilter: { startTimeUnixMs, endTimeUnixMs } };
      const { data } = await ask('/v1/session/query', asked);
      expect(data.map((row: { session_id: string }) => row.session_id)).toEqual(expected(asked).map(({ id }) => id));
    }
  });

  test('finds a session that spans the window only where some request lies inside', async () => {
    const spanning = acme.sessions.find(({ total_requests }) => total_requests >= 3)!;
    const times = requestsOf(spanning.session_id)
      .map(({ ordered_at }) => ordered_at)
      .sort((a, b) => a - b);
    const within = { startTimeUnixMs: times[0]!, endTimeUnixMs: times.at(-1)! };
    const between = { startTimeUnixMs: times[0]!, endTimeUnixMs: times[0]! + 1 };
    for (const timeFilter of [within, between]) {
      const { data } = await ask('/v1/session/query', { timeFilter, limit: 1000 });
      expect(data.map((row: { session_id: string }) => row.session_id)).toEqual(
        expected({ timeFilter }).map(({ id }) => id),
      );
    }
  });

  test.each<Asked>([
    { search: 'TEAM/' },
    { search: "käse's" },
    { search: '%' },
    { search: '\\' },
    { search: 'no such thing' },
    { nameEquals: 'Support/Chat' },
    { nameEquals: 'support/chat' },
    { nameEquals: 'run 3', search: 'run' },
    { nameEquals: 'run 3', filter: { request_response_rmt: { model: { equals: 'gpt-4o' } } } },
  ])('honours %j', async (asked) => {
    const { data } = await ask('/v1/session/query', { ...asked, limit: 1000 });
    expect(data.map((row: { session_id: string }) => row.session_id)).toEqual(expected(asked).map(({ id }) => id));
  });

  test('agrees with the definition, in list, count and partial totals, for any filter and window', async () => {
    await fc.assert(
      fc.asyncProperty(filterTrees, windows, async (filter, timeFilter) => {
        const asked = { filter, timeFilter };
        const selected = expected(asked);
        const list = await ask('/v1/session/query', { ...asked, limit: 1000 });
        expect(list.data.map((row: { session_id: string }) => row.session_id)).toEqual(selected.map(({ id }) => id));

        const { data: count } = await ask('/v1/session/count', asked);
        const whole = selected.flatMap(({ id }) => requestsOf(id));
        expect(count).toMatchObject({ count: selected.length, total_cost: costOf(whole) });

        const paged: unknown[] = [];
        let cursor: string | undefined;
        do {
          const page = await ask('/v1/session/query', { ...asked, limit: 25, cursor });
          paged.push(...page.data);
          cursor = page.next_cursor ?? undefined;
        } while (cursor !== undefined);
        expect(paged).toEqual(list.data);

        const over = { ...asked, aggregateOver: 'matching', limit: 1000 };
        const partial = await ask('/v1/session/query', over);
        const byId = new Map(selected.map(({ id, matching }) => [id, matching]));
        expect(partial.data).toHaveLength(selected.length);
        for (const row of partial.data) {
          const rows = byId.get(row.session_id)!;
          expect(row).toMatchObject({
            total_requests: rows.length,
            total_cost: costOf(rows),
            p95_latency: fixturesOf(rows).sessions[0]!.p95_latency_ms,
            models: fixturesOf(rows).sessions[0]!.models,
            duration_ms:
              Math.max(...rows.map((r) => r.ordered_at + r.latency_ms)) - Math.min(...rows.map((r) => r.ordered_at)),
          });
        }
        const { data: partialCount } = await ask('/v1/session/count', over);
        const matching = selected.flatMap((session) => session.matching);
        expect(partialCount).toMatchObject({
          count: selected.length,
          total_cost: costOf(matching),
          avg_requests: selected.length === 0 ? 0 : matching.length / selected.length,
        });
      }),
      { numRuns: 50 },
    );
  });

  test('pages by cursor through every order without repeats or gaps', async () => {
    for (const over of ['session', 'matching']) {
      for (const field of SESSION_SORT_FIELDS) {
        for (const direction of ['asc', 'desc']) {
          const asked = { sort: { [field]: direction }, aggregateOver: over };
          const whole = await ask('/v1/session/query', { ...asked, limit: 1000 });
          const paged: unknown[] = [];
          let cursor: string | undefined;
          do {
            const page = await ask('/v1/session/query', { ...asked, limit: 17, cursor });
            paged.push(...page.data);
            cursor = page.next_cursor ?? undefined;
          } while (cursor !== undefined);
          expect(paged).toEqual(whole.data);
          const values = whole.data.map((row: Record<string, unknown>) => row[field]);
          const sorted = values.toSorted((a: never, b: never) => (a < b ? -1 : a > b ? 1 : 0));
          expect(values).toEqual(direction === 'asc' ? sorted : sorted.toReversed());
        }
      }
    }
  });

  test('pages by offset, and clamps what is out of range', async () => {
    const whole = await ask('/v1/session/query', { limit: 1000 });
    const middle = await ask('/v1/session/query', { limit: '10', offset: 20.9 });
    expect(middle.data).toEqual(whole.data.slice(20, 30));
    const usual = await ask('/v1/session/query', { limit: 0, offset: -5 });
    expect(usual.data).toEqual(whole.data.slice(0, 50));
    const beyond = await ask('/v1/session/query', { offset: 1e15 });
    expect(beyond.data).toEqual([]);
  });

  test.each([
    [{}],
    [{ filter: { request_response_rmt: { status: { equals: 200 } } } }],
    [{ aggregateOver: 'matching', search: 'TEAM' }],
    [{ sort: { created_at: 'asc' } }],
  ])('skips and repeats nothing while sessions arrive and go on, asked for %j', async (asked) => {
    const tenant = 'rival';
    const idsOf = (rows: readonly { session_id: string }[]) => rows.map(({ session_id }) => session_id);
    const before = idsOf((await ask('/v1/session/query', { ...asked, limit: 1000 }, `${tenant}:r`)).data);
    const growing = rival.requests.filter((row) => row.source_offset % 9 === 0);
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let pages = 1; ; pages++) {
      const page = await ask('/v1/session/query', { ...asked, limit: 7, cursor }, `${tenant}:r`);
      seen.push(...idsOf(page.data));
      if (page.next_cursor === null) break;
      cursor = page.next_cursor;
      if (pages > 5) continue;
      const round = arrivals++;
      const offset = 20_000 + round * 100;
      const arriving = variedRequests(tenant, 3, offset).map((row) => ({
        ...row,
        session_id: `new ${offset} ${row.session_id}`,
        // Newer than all before.
        ordered_at: row.ordered_at + 10 * DAY + round * 2 * 3_600_000,
      }));
      // Old sessions go on, those on pages already read and those to come: their totals change, their place does not.
      const further = growing.slice(round % 5, (round % 5) + 6).map((row, i) => ({
        ...row,
        request_id: `further ${offset} ${i}`,
        event_id: `further ${offset} ${i}`,
        ordered_at: row.ordered_at + DAY,
        source_offset: offset + 50 + i,
        version: row.version + BigInt(offset),
      }));
      rival = fixturesOf([...rival.requests, ...arriving, ...further]);
      const touched = new Set([...arriving, ...further].map(({ session_id }) => session_id));
      await store(api.analytics, {
        ...rival,
        requests: [...arriving, ...further],
        sessions: rival.sessions.filter(({ session_id }) => touched.has(session_id)),
      });
    }
    expect(seen.length).toBe(new Set(seen).size);
    expect(seen.filter((id) => before.includes(id))).toEqual(before);
    if (!('sort' in asked)) expect(seen.filter((id) => id.startsWith('new ') && !before.includes(id))).toEqual([]);
  });

  test("answers a tenant from its own data alone, though another's sessions have the same ids", async () => {
    const filter = onSession('session_session_id', { equals: sessionIdOf(0) });
    const own = await ask('/v1/session/query', { filter });
    const other = await ask('/v1/session/query', { filter }, 'rival:r');
    expect(own.data[0].session_id).toBe(sessionIdOf(0));
    expect(other.data[0].session_id).toBe(sessionIdOf(0));
    expect(own.data[0].total_cost).toBe(costOf(requestsOf(sessionIdOf(0))));
    expect(own.data[0].total_cost).not.toBe(other.data[0].total_cost);
    const widened = { request_response_rmt: { organization_id: { equals: 'rival' } } };
    expect((await ask('/v1/session/count', { filter: widened })).data.count).toBe(0);
  });
});
