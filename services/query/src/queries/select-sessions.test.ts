import { describe, expect, test } from '@jest/globals';
import { parseFilter } from '@throughline/filter-tree/parse-filter';
import { type SessionSelection, selectSessions } from './select-sessions.ts';

const row = (column: string, condition: unknown) => ({ request_response_rmt: { [column]: condition } });
const session = (column: string, condition: unknown) => ({ sessions_request_response_rmt: { [column]: condition } });
const and = (left: unknown, right: unknown) => ({ left, operator: 'and', right });
const or = (left: unknown, right: unknown) => ({ left, operator: 'or', right });

const failed = row('status', { gte: 400 });
const model = row('model', { equals: 'gpt-4o' });
const dear = session('session_total_cost', { gt: 1 });
const long = session('session_total_requests', { gt: 9 });

function planOf(tree: unknown, over: Partial<SessionSelection> = {}): string {
  const parsed = parseFilter(tree);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const window = { startMs: 1_000, endMs: 2_000 };
  const { sql } = selectSessions({
    ...{ tenantId: 't', search: '', nameEquals: '', nowMs: 0, filter: parsed.filter },
    ...window,
    ...over,
  });
  return sql.replace(/\s+/g, ' ');
}

const semiJoins = (sql: string) => sql.split('IN ( SELECT r.session_id FROM requests AS r FINAL').length - 1;
const joins = (sql: string) => sql.split('INNER JOIN').length - 1;
const looksAtSpanning = (sql: string) => sql.includes('latest_request_at >= fromUnixTimestamp64Milli({end:Int64}');

describe('the plan of a selection', () => {
  test.each<[string, unknown, number, number, boolean]>([
    ['no condition reads snapshots', {}, 0, 0, true],
    ['conditions about sessions read snapshots', and(dear, long), 0, 0, true],
    ['conditions about requests are one semi-join', and(failed, model), 1, 0, false],
    ['an or of them is one as well', or(failed, model), 1, 0, false],
    ['both in an and are asked apart', and(failed, dear), 1, 0, false],
    ['both in an or are asked apart', or(failed, dear), 1, 0, true],
    ['an or within an and is asked apart', and(long, or(failed, dear)), 1, 0, true],
    ['what one request must satisfy together is joined', and(or(failed, dear), or(model, long)), 1, 1, false],
    ['only that is joined', or(failed, and(or(failed, dear), model)), 2, 1, false],
  ])('%s', (_, tree, semiJoinCount, joinCount, spanning) => {
    const sql = planOf(tree);
    expect([semiJoins(sql), joins(sql), looksAtSpanning(sql)]).toEqual([semiJoinCount, joinCount, spanning]);
  });

  test('asks names and search of snapshots, whatever the filter asks', () => {
    const sql = planOf(failed, { search: 'x', nameEquals: 'y' });
    expect([semiJoins(sql), joins(sql)]).toEqual([1, 0]);
    expect(sql).toContain('s.session_names');
    expect(sql).not.toContain('own.session_names');
  });

  test('gives each placeholder one value', () => {
    const parsed = parseFilter(or(and(failed, dear), and(or(failed, long), model)));
    if (!parsed.ok) throw new Error('the filter is valid');
    const { sql, params } = selectSessions({
      ...{ tenantId: 't', search: 'a', nameEquals: 'b', startMs: 1, endMs: 2, nowMs: 0, filter: parsed.filter },
    });
    const named = new Set([...sql.matchAll(/\{(\w+):/g)].map(([, name]) => name!));
    expect([...named].sort()).toEqual(Object.keys(params).sort());
    expect(Object.values(params).filter((value) => value === 400)).toHaveLength(2);
  });
});
