import { sampleRequestRow } from '@throughline/analytics/sample-rows';
import type { RequestBodyRow, RequestRow } from '@throughline/contracts/request-row';
import type { SessionRow } from '@throughline/contracts/session-row';
import { createSessionFolder } from '@throughline/session-aggregator/session/fold-session';
import { sessionRow } from '@throughline/session-totals/describe-session';
import type { SessionState } from '@throughline/session-totals/session-state';

/** When the first session of the fixtures begins, epoch ms. */
export const FIXTURES_AT = Date.UTC(2026, 8, 10, 12);

/** Requests with the sessions that the aggregator would have folded from them. */
export interface Fixtures {
  readonly requests: readonly RequestRow[];
  readonly bodies: readonly RequestBodyRow[];
  readonly states: readonly SessionState[];
  readonly sessions: readonly SessionRow[];
}

/** Everything that follows from some requests: what the aggregator stores of them. */
export function fixturesOf(requests: readonly RequestRow[], bodies: readonly RequestBodyRow[] = []): Fixtures {
  const folders = new Map<string, ReturnType<typeof createSessionFolder>>();
  for (const row of requests) {
    if (row.session_id === '') continue;
    const key = JSON.stringify([row.tenant_id, row.session_id]);
    const folder = folders.get(key) ?? createSessionFolder(undefined);
    folders.set(key, folder);
    folder.add(row);
  }
  const states = [...folders.values()].map((folder) => folder.result());
  const sessions = states.map((state) => sessionRow(state, { epoch: 1, updatedAt: FIXTURES_AT }));
  return { requests, bodies, states, sessions };
}

/**
 * Sessions that differ in everything that a query asks for: models, errors, prices, names, users, properties, paths,
 * times, some of them equal. The same ids in every tenant, with other numbers.
 *
 * @param offsetFrom first log offset, so that tenants do not share positions.
 */
export function variedRequests(tenantId: string, sessions: number, offsetFrom: number): RequestRow[] {
  const random = seededRandom(offsetFrom + 1);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const rows: RequestRow[] = [];
  for (let session = 0; session < sessions; session++) {
    const count = 1 + Math.floor(random() * 6);
    // Two in a row begin together, so that equal times are met.
    let at = FIXTURES_AT + Math.floor(session / 2) * 3_600_000;
    for (let i = 0; i < count; i++) {
      const status = pick([200, 200, 200, 429, 500, -3]);
      const latency = Math.floor(random() * 5_000);
      const unpriced = random() < 0.15;
      rows.push(
        sampleRequestRow(offsetFrom + rows.length, {
          tenant_id: tenantId,
          session_id: sessionIdOf(session),
          session_name: pick(['', 'Course outline', 'Support/Chat', `run ${session % 5}`]),
          session_path: pick(['', '/plan', '/plan/search', '/write/chapter/1', 'write/chapter/1/']),
          user_id: pick(['', 'ada', 'grace', 'Ada']),
          properties: [
            ['env', pick(['prod', 'staging', ''])],
            ['Build', `b${session % 4}`],
            ...(random() < 0.3 ? ([['__proto__', 'yes']] as const) : []),
          ],
          request_at: at,
          ordered_at: at,
          response_at: at + latency,
          received_at: at + latency + 3,
          latency_ms: latency,
          time_to_first_token_ms: random() < 0.5 ? null : Math.floor(latency / 2),
          model: pick(['gpt-4o', 'gpt-4o-mini', 'claude-sonnet', 'unknown']),
          provider: pick(['OPENAI', 'ANTHROPIC']),
          status,
          is_error: status !== 200,
          error_type: status === 200 ? '' : 'failed',
          prompt_tokens: random() < 0.1 ? null : Math.floor(random() * 2_000),
          completion_tokens: random() < 0.1 ? null : Math.floor(random() * 500),
          reasoning_tokens: Math.floor(random() * 50),
          cost_pico: unpriced ? null : BigInt(Math.floor(random() * 3e10)),
          cost_source: unpriced ? 'none' : 'table',
        }),
      );
      at += Math.floor(random() * 7_200_000);
    }
  }
  return rows;
}

/** Ids as callers make them: plain, with slashes and spaces, with what SQL and JSON could trip over. */
export function sessionIdOf(index: number): string {
  const forms = [`run-${index}`, `team/chat ${index}`, `Käse's "${index}"`, `__proto__${index}`, `100%_${index}\\`];
  return forms[index % forms.length]!;
}

/** Mulberry32: the same numbers on every machine. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
