import { describe, expect, jest, test } from '@jest/globals';
import { encodeRows } from '@throughline/analytics/tables';
import { picoToUsd } from '@throughline/contracts/money';
import type { RequestRow } from '@throughline/contracts/request-row';
import { packVersion } from '@throughline/contracts/version';
import type { SessionState } from '@throughline/session-totals/session-state';
import { type Fixtures, fixturesOf, sessionIdOf, variedRequests } from '../fixtures.ts';
import { store } from '../query-server.ts';
import { compareText } from '../selected-sessions.ts';
import { useQueryServer } from '../use-query-server.ts';

jest.setTimeout(120_000);

let acme: Fixtures;

const api = useQueryServer(async (analytics) => {
  acme = fixturesOf(
    variedRequests('acme', 30, 0).map((row, index) => ({
      ...row,
      scores: index % 3 === 0 ? [['__proto__', 0.5] as const, ['words', index] as const] : [],
      error_message: row.is_error ? `"quoted" \\ näher\n${'😀'.repeat(150)}${'x'.repeat(100)}` : '',
      ...(index % 5 === 0 && { request_bytes: 0, response_bytes: 0 }),
    })),
  );
  await store(analytics, acme);
  await store(analytics, fixturesOf(variedRequests('rival', 30, 10_000)));
});

// biome-ignore lint/suspicious/noExplicitAny: answers are asserted on, field by field
async function steps(sessionId: string, since?: string): Promise<any> {
  const query = since === undefined ? '' : `?since=${since}`;
  const answer = await api.server.call({
    path: `/v1/session/${encodeURIComponent(sessionId)}/steps${query}`,
    key: 'acme:m',
  });
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return answer.json.data;
}

/** The steps of some rows, column by column, in the order in which they are answered. */
function columnsOf(rows: readonly RequestRow[]) {
  const sorted = rows.toSorted(
    (a, b) =>
      a.ordered_at - b.ordered_at || compareText(a.request_id, b.request_id) || a.source_offset - b.source_offset,
  );
  const column = <T>(of: (row: RequestRow) => T) => sorted.map(of);
  return {
    position: column((row) => row.source_offset),
    request_id: column((row) => row.request_id),
    path: column((row) => row.session_path),
    started_at: column((row) => row.ordered_at),
    latency_ms: column((row) => row.latency_ms),
    time_to_first_token_ms: column((row) => row.time_to_first_token_ms),
    status: column((row) => row.status),
    is_error: column((row) => row.is_error),
    error_type: column((row) => row.error_type),
    error_message: column((row) => [...row.error_message].slice(0, 200).join('')),
    step_kind: column((row) => row.step_kind),
    model: column((row) => row.model),
    provider: column((row) => row.provider),
    streamed: column((row) => row.streamed),
    finish_reason: column((row) => row.finish_reason),
    prompt_tokens: column((row) => row.prompt_tokens),
    completion_tokens: column((row) => row.completion_tokens),
    reasoning_tokens: column((row) => row.reasoning_tokens),
    prompt_cache_read_tokens: column((row) => row.prompt_cache_read_tokens),
    prompt_cache_write_tokens: column((row) => row.prompt_cache_write_tokens),
    usage_complete: column((row) => row.usage_complete),
    cost: column((row) => (row.cost_pico === null ? null : picoToUsd(row.cost_pico))),
    cost_source: column((row) => row.cost_source),
    user_id: column((row) => row.user_id),
    request_bytes: column((row) => row.request_bytes),
    response_bytes: column((row) => row.response_bytes),
    has_bodies: column((row) => row.request_bytes + row.response_bytes > 0),
    scores: column((row) => (row.scores.length === 0 ? null : Object.fromEntries(row.scores))),
  };
}

const rowsOf = (sessionId: string) => acme.requests.filter((row) => row.session_id === sessionId);

describe('GET /v1/session/{sessionId}/steps', () => {
  test('has every request of every session, by its start, with the figures that its row has', async () => {
    for (const { sessionId } of acme.states) {
      const rows = rowsOf(sessionId);
      expect(await steps(sessionId)).toEqual({
        count: rows.length,
        complete: true,
        truncated: false,
        next: expect.any(String),
        columns: columnsOf(rows),
      });
    }
  });

  test('is 404 of a session that nobody has, and refuses what is no cursor of its own', async () => {
    const path = `/v1/session/${encodeURIComponent(sessionIdOf(0))}`;
    expect((await api.server.call({ path: '/v1/session/nobodys/steps', key: 'acme:r' })).status).toBe(404);
    const { json } = await api.server.call({ path: `${path}/requests?limit=1`, key: 'acme:r' });
    const cursors = [json.next_cursor ?? 'x', 'x', Buffer.from('["session-steps","0","-1","0"]').toString('base64url')];
    for (const cursor of cursors) {
      const { status } = await api.server.call({ path: `${path}/steps?since=${cursor}`, key: 'acme:r' });
      expect(status).toBe(400);
    }
  });
});

describe('what came since', () => {
  const id = 'growing';
  const call = (offset: number, more: Partial<RequestRow> = {}): RequestRow => ({
    ...variedRequests('acme', 1, 50_000)[0]!,
    session_id: id,
    source_offset: offset,
    request_id: `call-${offset}`,
    ordered_at: 1_790_000_000_000 + offset * 1000,
    version: packVersion(offset, 1),
    ...more,
  });
  const totals = (rows: readonly RequestRow[], more: Partial<SessionState> = {}) => {
    const [state] = fixturesOf(rows).states;
    api.server.live.set(JSON.stringify(['acme', id]), { ...state!, ...more });
  };
  const write = (...rows: RequestRow[]) => api.analytics.insert(encodeRows('requests', rows));

  test('is what was added, late ones and changed ones among them, and everything once something was deleted', async () => {
    const first = [call(50_001), call(50_004)];
    await write(...first);
    totals(first);
    let answer = await steps(id);
    expect([answer.complete, answer.columns.request_id]).toEqual([true, ['call-50001', 'call-50004']]);

    // Nothing yet.
    answer = await steps(id, answer.next);
    expect([answer.complete, answer.count]).toEqual([false, 0]);

    // Its row is there before it is totalled: it comes with everything, and once more when it is.
    const third = call(50_006);
    await write(third);
    totals(first, { latestRequestAt: third.ordered_at });
    expect((await steps(id, answer.next)).count).toBe(0);
    answer = await steps(id);
    expect([answer.complete, answer.columns.position]).toEqual([true, [50_001, 50_004, 50_006]]);
    totals([...first, third]);
    answer = await steps(id, answer.next);
    expect([answer.complete, answer.columns.position]).toEqual([false, [50_006]]);
    answer = await steps(id, answer.next);
    expect(answer.count).toBe(0);

    // One that began before all others, and a score of the first.
    const late = call(50_008, { ordered_at: 1_789_999_000_000 });
    const scored: RequestRow = { ...first[0]!, scores: [['good', 1]], version: packVersion(50_009, 1) };
    await write(late, scored);
    totals([...first, third, late], { applied: 50_009 });
    answer = await steps(id, answer.next);
    expect([answer.complete, answer.columns.position]).toEqual([false, [50_008, 50_001]]);
    expect(answer.columns.scores).toEqual([null, { good: 1 }]);
    answer = await steps(id, answer.next);
    expect(answer.count).toBe(0);

    // A deletion: of the totals first, then of the rows.
    const before = answer.next;
    totals([first[0]!, third, late], { applied: 50_009 });
    answer = await steps(id, before);
    expect([answer.complete, answer.count]).toEqual([true, 4]);
    await write({ ...first[1]!, is_deleted: 1, version: packVersion(50_010, 1) });
    for (const since of [before, answer.next]) {
      answer = await steps(id, since);
      expect([answer.complete, answer.columns.position]).toEqual([true, [50_008, 50_001, 50_006]]);
    }
    answer = await steps(id, answer.next);
    expect([answer.complete, answer.count]).toEqual([false, 0]);
  });

  test('is everything where the totals are of another partition, or were made anew from less', async () => {
    const { next } = await steps(id);
    const rows = [call(50_001), call(50_006), call(50_008, { ordered_at: 1_789_999_000_000 })];
    totals(rows, { partition: 7 });
    expect((await steps(id, next)).complete).toBe(true);
    totals(rows, { applied: 50_001 });
    expect((await steps(id, next)).complete).toBe(true);
  });
});
