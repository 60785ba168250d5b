import { sampleBodyRow } from '@throughline/analytics/sample-rows';
import type { RequestBodyRow, RequestRow } from '@throughline/contracts/request-row';
import { type Fixtures, fixturesOf, variedRequests } from './fixtures.ts';

/** Stands in every text of the other tenant that is its own, and nowhere else. */
export const SECRET = 'R1val-s3cret';

/** Ids that both tenants have used, and that the other one alone has. */
export const SHARED_REQUEST = requestIdOf(3);
export const THEIR_REQUEST = `request ${SECRET}`;
export const THEIR_SESSION = `session ${SECRET}`;
export const THEIR_KEY = `key ${SECRET}`;

/** The tenant that asks. Some of its sessions have more names, models … than a snapshot holds. */
export function acmeFixtures(): Fixtures {
  return withOverflow(fixturesOf(rowsOf('acme'), rowsOf('acme').map(bodyOf)));
}

/**
 * Another tenant with the same ids at the same times, the same positions in the log and the same names of properties and
 * scores, so that whatever is looked up without the tenant is found here; and other values throughout.
 */
export function rivalFixtures(): Fixtures {
  const same = rowsOf('acme').map(secretly);
  const [first] = same;
  const own = [1, 2].map((n) =>
    secretly({
      ...first!,
      request_id: `${THEIR_REQUEST}${n === 1 ? '' : n}`,
      event_id: `event ${SECRET} ${n}`,
      session_id: THEIR_SESSION,
      source_offset: 900_000 + n,
    }),
  );
  const rows = [...same, ...own];
  return withOverflow(
    fixturesOf(
      rows,
      rows.map((row) => ({
        ...bodyOf(row),
        request_body: Buffer.from(JSON.stringify({ prompt: `${SECRET} asked` })),
        response_body: Buffer.from(`${SECRET} answered`),
      })),
    ),
  );
}

/** Ids that callers of the write routes may name, too. */
export function requestIdOf(index: number): string {
  return `0198c0de-0000-7000-8000-${String(index).padStart(12, '0')}`;
}

function rowsOf(tenantId: string): RequestRow[] {
  return variedRequests(tenantId, 14, 0).map((row, index) => ({
    ...row,
    request_id: requestIdOf(index),
    request_id_chosen: true,
    ...(index % 7 === 6 && { session_id: '', session_name: '', session_path: '' }),
    scores: index % 3 === 0 ? [['helpful', index % 4] as const, ['helicone-score-feedback', index % 2] as const] : [],
  }));
}

function secretly(row: RequestRow): RequestRow {
  const latency = 54_321_000;
  return {
    ...row,
    tenant_id: 'rival',
    ...(row.session_id !== '' && { session_name: `name ${SECRET}`, session_path: `/${SECRET}/step` }),
    // Both have the users of whom both know, and one has another.
    user_id: row.source_offset % 4 === 0 ? `user ${SECRET}` : row.user_id,
    properties: [
      ...row.properties.map(([key]) => [key, `${key} ${SECRET}`] as const),
      [THEIR_KEY, SECRET],
      ['Helicone-Prompt-Id', SECRET],
    ],
    scores: [
      ['helpful', 424_242],
      ['helicone-score-feedback', 1],
      [`score ${SECRET}`, 1],
    ],
    latency_ms: latency,
    response_at: row.ordered_at + latency,
    time_to_first_token_ms: 43_210,
    provider: SECRET.toUpperCase(),
    target_url: `https://${SECRET}.example/v1`,
    path: `/${SECRET}`,
    request_headers: [['referer', `https://${SECRET}.example`]],
    status: 599,
    is_error: true,
    error_type: SECRET,
    error_message: `${SECRET} failed`,
    finish_reason: SECRET,
    model: `model ${SECRET}`,
    request_model: `model ${SECRET}`,
    response_model: `model ${SECRET}`,
    prompt_tokens: 65_432_100,
    completion_tokens: 76_543_210,
    reasoning_tokens: 8_765_432,
    prompt_cache_read_tokens: 7_654_321,
    prompt_cache_write_tokens: 6_543_219,
    cost_pico: 123_456_789_012_345_678n,
    trace_id: SECRET,
    span_id: SECRET,
    // Whoever folded rows of both would keep this one.
    version: row.version + 1n,
  };
}

function bodyOf(row: RequestRow): RequestBodyRow {
  const { tenant_id, session_id, ordered_at, request_id, source_partition, source_offset, received_at, version } = row;
  return {
    ...sampleBodyRow(source_offset),
    ...{ tenant_id, session_id, ordered_at, request_id, source_partition, source_offset, received_at, version },
  };
}

/** Sets of every third session are cut, so that what is asked of them is looked up in the requests. */
function withOverflow(fixtures: Fixtures): Fixtures {
  const sessions = fixtures.sessions.map((session, index) =>
    index % 3 === 1
      ? {
          ...session,
          session_names: session.session_names.slice(0, 1),
          models: session.models.slice(0, 1),
          truncated_fields: ['session_names', 'models', 'providers', 'user_ids'],
        }
      : session,
  );
  return { ...fixtures, sessions };
}
