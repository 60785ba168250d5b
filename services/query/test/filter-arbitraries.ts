import fc from 'fast-check';
import { FIXTURES_AT } from './fixtures.ts';

/** A leaf about a request. */
export const onRequest = (column: string, condition: unknown) => ({ request_response_rmt: { [column]: condition } });
/** A leaf about a session. */
export const onSession = (column: string, condition: unknown) => ({
  sessions_request_response_rmt: { [column]: condition },
});
const iso = (after: number) => new Date(FIXTURES_AT + after).toISOString();

/** At least one of every kind of column, at both levels, with every operator that it takes. */
const LEAVES: readonly unknown[] = [
  'all',
  {},
  onRequest('model', { equals: 'gpt-4o' }),
  onRequest('model', { 'not-equals': 'gpt-4o' }),
  onRequest('model', { like: 'gpt%' }),
  onRequest('model', { ilike: 'GPT-4o_%' }),
  onRequest('model', { contains: 'MINI' }),
  onRequest('model', { 'not-contains': 'gpt' }),
  onRequest('user_id', { equals: '__empty__' }),
  onRequest('status', { gte: 400 }),
  onRequest('status', { equals: '-3' }),
  onRequest('latency', { lt: 1_000 }),
  onRequest('time_to_first_token', { lte: 900.5 }),
  onRequest('prompt_tokens', { 'not-equals': 0 }),
  onRequest('total_tokens', { gt: 1_500 }),
  onRequest('cost', { gt: 0.015, lte: 0.025 }),
  onRequest('request_created_at', { gte: iso(5 * 3_600_000), lt: iso(20 * 3_600_000) }),
  onRequest('response_created_at', { lte: iso(15 * 3_600_000) }),
  onRequest('properties', { env: { equals: 'prod' }, build: { 'not-equals': 'b1' } }),
  onRequest('properties', { ENV: { contains: '' } }),
  onRequest('properties', { 'Helicone-Session-Name': { equals: 'Course outline' } }),
  onRequest('properties', { 'helicone-session-path': { like: '/plan%' } }),
  onRequest('property_key', { equals: '__proto__' }),
  onRequest('cached', { equals: false }),
  { properties: { Build: { equals: 'b2' } } },
  { response: { status: { equals: 500 } } },
  onSession('session_session_name', { equals: 'Support/Chat' }),
  onSession('session_session_name', { 'not-contains': 'run' }),
  onSession('session_session_id', { contains: 'TEAM' }),
  onSession('session_model', { equals: 'claude-sonnet' }),
  onSession('session_user_id', { equals: 'Ada' }),
  onSession('session_provider', { 'not-equals': 'OPENAI' }),
  onSession('session_total_cost', { gte: 0.03 }),
  onSession('session_total_requests', { lte: 2 }),
  onSession('session_total_tokens', { gt: 4_000 }),
  onSession('session_duration_ms', { lt: 3_600_000 }),
  onSession('session_span_seconds', { gte: 2, lte: 600 }),
  onSession('session_avg_latency', { gte: 2_500 }),
  onSession('session_p95_latency', { gt: 4_000 }),
  onSession('session_error_count', { equals: 0 }),
  onSession('session_success_rate', { lt: 0.5 }),
  onSession('session_created_at', { gt: iso(10 * 3_600_000) }),
  onSession('session_latest_request_created_at', { lte: iso(12 * 3_600_000) }),
  onSession('session_cost_complete', { equals: true }),
  onSession('session_live', { equals: false }),
  onSession('session_tag', { 'not-equals': 'x' }),
];

const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 2, arbitrary: fc.constantFrom(...LEAVES) },
    {
      weight: 3,
      arbitrary: fc.record({ left: tie('tree'), operator: fc.constantFrom('and', 'or'), right: tie('tree') }),
    },
  ),
}));

/** Trees of them, conditions about requests and sessions mixed. */
export const filterTrees: fc.Arbitrary<unknown> = tree;

const instant = fc.integer({ min: -2, max: 40 }).map((hours) => FIXTURES_AT + hours * 3_600_000);
/** Time windows of the session endpoints, among the times of the fixtures. */
export const windows = fc
  .tuple(instant, instant)
  .map(([a, b]) => ({ startTimeUnixMs: Math.min(a, b), endTimeUnixMs: Math.max(a, b) + 1 }));
