import type { Answer, Question } from './questions.ts';
import { DOMINANT } from './request-rows-sql.ts';
import type { Window } from './window.ts';

/** Median of an answer over a million sessions, ms. */
const P50_MAX = 1_000;
const KINDS = ['path', 'model', 'provider', 'status', 'requests'];
const FUNNEL = ['/run/step-0', '/run/step-3', '/run/step-6', '/run/step-9'];

/** What is asked about patterns, over all sessions of the dominant tenant in a window. */
export function patternQuestions({ startMs, endMs }: Window): Question[] {
  const selection = { timeFilter: { startTimeUnixMs: startMs, endTimeUnixMs: endMs } };
  const rows = `requests FINAL WHERE tenant_id = '${DOMINANT}' AND session_id != ''`;
  // Steps of each session, repeats once.
  const ways = `SELECT arrayCompact(arrayMap(x -> x.2, arraySort(groupArray((ordered_at, session_path))))) AS way, way[1] AS first FROM ${rows} GROUP BY session_id`;
  const reached = `arrayFold((at, x) -> if(x = [${FUNNEL.map((path) => `'${path}'`).join(', ')}][at + 1], toUInt16(at + 1), at), way, toUInt16(0))`;
  const spent = `SELECT session_id, sum(toDecimal128(ifNull(cost, 0), 12)) AS spent, count() AS calls, countIf(is_error) AS failed, sum(latency_ms) AS took, groupUniqArray(session_path) AS paths, groupUniqArray(model) AS models FROM ${rows} GROUP BY session_id`;
  const contrast = (kinds: readonly string[]): Question => ({
    name: 'contrast, dearest 5%',
    call: { path: '/v1/session/contrast/query', body: { ...selection, groups: { dearest: 0.05 }, kinds } },
    reference: `WITH (SELECT quantileExact(0.95)(spent) FROM (${spent})) AS least
SELECT path, countIf(spent >= least), countIf(spent < least), avg(calls), avg(took), avg(failed) FROM (${spent}) ARRAY JOIN arrayConcat(paths, models) AS path GROUP BY path`,
    check: {
      sql: `SELECT toUInt32(countIf(spent >= (SELECT quantileExact(0.95)(spent) FROM (${spent})))) AS a, toUInt32(count()) - a AS b FROM (${spent})`,
      read: ({ data }) => [{ a: data.a.sessions, b: data.b.sessions }],
    },
  });
  return [
    {
      name: 'flow, 8 positions',
      call: { path: '/v1/session/flow/query', body: { ...selection, mergeBelow: 0.001 } },
      reference: `SELECT position, way[position] AS from, way[position + 1] AS to, count() FROM (${ways}) ARRAY JOIN range(1, least(length(way), 8) + 1) AS position GROUP BY position, from, to`,
      check: {
        sql: `SELECT first AS path, toUInt32(count()) AS sessions FROM (${ways}) GROUP BY first ORDER BY sessions DESC, path`,
        read: ({ data }) =>
          data.nodes
            .filter(({ kind, position }: Answer) => kind === 'path' && position === 1)
            .map(({ path, sessions }: Answer) => ({ path, sessions })),
      },
      p50Max: P50_MAX,
    },
    {
      name: 'funnel, 4 steps',
      call: { path: '/v1/session/funnel/query', body: { ...selection, steps: FUNNEL.map((path) => ({ path })) } },
      reference: `SELECT ${reached} AS reached, count() FROM (${ways}) GROUP BY reached`,
      // Of a few sessions only the first 128 calls are kept: the check is of those that are whole.
      check: {
        sql: `SELECT toUInt32(count()) AS sessions FROM (SELECT session_id FROM ${rows} GROUP BY session_id)`,
        read: ({ data }) => [{ sessions: data.sessions }],
      },
      p50Max: P50_MAX,
    },
    {
      name: 'paths, dearest first',
      call: { path: '/v1/session/path/query', body: selection },
      reference: `SELECT session_path, uniqExact(session_id), count(), countIf(is_error), sum(toDecimal128(ifNull(cost, 0), 12)) AS spent, sum(latency_ms) FROM ${rows} GROUP BY session_path ORDER BY spent DESC LIMIT 50`,
      check: {
        sql: `SELECT session_path AS path, toUInt32(uniqExact(session_id)) AS sessions, toUInt32(count()) AS requests FROM ${rows} GROUP BY path ORDER BY sum(toDecimal128(ifNull(cost, 0), 12)) DESC LIMIT 50`,
        read: ({ data }) => data.paths.map(({ path, sessions, requests }: Answer) => ({ path, sessions, requests })),
      },
      p50Max: P50_MAX,
    },
    { ...contrast(KINDS), p50Max: P50_MAX },
    // Properties are as much to read as all the rest.
    { ...contrast([...KINDS, 'property']), name: 'contrast, dearest 5%, with properties' },
  ];
}
