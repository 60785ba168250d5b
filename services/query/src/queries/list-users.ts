import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL, WITH_TOMBSTONES } from '@throughline/analytics/read-settings';
import type { UserSortKey } from '@throughline/contracts/api/user-query';
import { decimalToPico } from '@throughline/contracts/money';
import { NOT_DELETED } from './not-deleted.ts';
import { selectUsers, type UserSelection } from './select-users.ts';

/** What the counted requests of a user come to. Times are epoch ms. */
export interface UserFigures {
  readonly userId: string;
  readonly activeDays: number;
  readonly firstActiveMs: number;
  readonly lastActiveMs: number;
  readonly requests: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly costPico: bigint;
  readonly rateLimited: number;
  readonly errors: number;
  readonly sessions: number;
}

export interface UserPage {
  readonly by: UserSortKey;
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
  readonly offset: number;
}

interface Row {
  readonly user_id: string;
  readonly active_days: string;
  readonly first_ms: string;
  readonly last_ms: string;
  readonly requests: string;
  readonly prompt: string;
  readonly completion: string;
  readonly cost_text: string;
  readonly rate_limited: string;
  readonly errors: string;
  readonly sessions: string;
  readonly selected: string;
}

const SORT: Readonly<Record<UserSortKey, string>> = {
  id: 'u.user_id',
  user_id: 'u.user_id',
  active_for: 'u.active_days',
  first_active: 'u.first_active',
  last_active: 'u.last_active',
  total_requests: 'u.requests',
  average_requests_per_day_active: '(u.requests / u.active_days)',
  average_tokens_per_request: '((u.prompt_tokens + u.completion_tokens) / u.requests)',
  total_completion_tokens: 'u.completion_tokens',
  total_prompt_tokens: 'u.prompt_tokens',
  cost: 'u.cost',
  rate_limited_count: 'u.rate_limited',
  total_errors: 'u.errors',
  total_sessions: 'u.sessions',
};

/** A page of the selected users, equal ones by id, and how many there are. */
export async function listUsers(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: UserSelection,
  page: UserPage,
): Promise<{ users: UserFigures[]; count: number }> {
  const source = selectUsers(selection);
  const rows = await analytics.query<Row>({
    sql: `
SELECT u.user_id AS user_id, u.active_days AS active_days, toUnixTimestamp64Milli(u.first_active) AS first_ms,
  toUnixTimestamp64Milli(u.last_active) AS last_ms, u.requests AS requests, u.prompt_tokens AS prompt,
  u.completion_tokens AS completion, toString(u.cost) AS cost_text, u.rate_limited AS rate_limited,
  u.errors AS errors, u.sessions AS sessions, count() OVER () AS selected
FROM ${source.sql}
ORDER BY ${SORT[page.by]} ${page.direction === 'asc' ? 'ASC' : 'DESC'}, u.user_id ASC
LIMIT {limit:UInt32} OFFSET {offset:UInt64}`,
    params: { ...source.params, limit: page.limit, offset: page.offset },
    settings: FINAL,
  });
  const users = rows.map((row) => ({
    userId: row.user_id,
    activeDays: Number(row.active_days),
    firstActiveMs: Number(row.first_ms),
    lastActiveMs: Number(row.last_ms),
    requests: Number(row.requests),
    promptTokens: Number(row.prompt),
    completionTokens: Number(row.completion),
    costPico: decimalToPico(row.cost_text),
    rateLimited: Number(row.rate_limited),
    errors: Number(row.errors),
    sessions: Number(row.sessions),
  }));
  const first = rows[0];
  if (first !== undefined) return { users, count: Number(first.selected) };
  // Nobody, or a page behind the last.
  const isWhole = page.offset === 0 && page.limit > 0;
  return { users, count: isWhole ? 0 : await countUsers(analytics, selection) };
}

async function countUsers(analytics: Pick<AnalyticsStore, 'query'>, selection: UserSelection): Promise<number> {
  const source = selectUsers(selection);
  const [row] = await analytics.query<{ selected: string }>({
    sql: `SELECT count() AS selected FROM ${source.sql}`,
    params: source.params,
    settings: FINAL,
  });
  return Number(row!.selected);
}

/** Whether any request of the tenant has a user. Without FINAL: versions of a request agree on that. */
export async function hasUsers(analytics: Pick<AnalyticsStore, 'query'>, tenantId: string): Promise<boolean> {
  const rows = await analytics.query({
    sql: `SELECT 1 AS one FROM requests WHERE tenant_id = {tenant:String} AND user_id != '' AND ${NOT_DELETED} LIMIT 1`,
    params: { tenant: tenantId },
    settings: WITH_TOMBSTONES,
  });
  return rows.length > 0;
}
