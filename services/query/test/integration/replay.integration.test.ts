import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import { sampleBodyRow, sampleRequestRow } from '@throughline/analytics/sample-rows';
import type { RequestBodyRow, RequestRow } from '@throughline/contracts/request-row';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { waitFor } from '@throughline/testkit/wait-for';
import type { GatewayAnswer, GatewayCall, GatewayCaller } from '../../src/replay/replay-ports.ts';
import { TENANT_REPLAYS_MAX } from '../../src/replay/replay-register.ts';
import { fixturesOf } from '../fixtures.ts';
import { type QueryServer, startQueryServer, store } from '../query-server.ts';

jest.setTimeout(120_000);

/** A step of a session, and what is stored of its bodies. */
interface Step {
  readonly row?: Partial<RequestRow>;
  readonly body?: Partial<RequestBodyRow> | null;
}

let analytics: AnalyticsStore;
let server: QueryServer;
const stopping = new AbortController();
const closing = new AsyncDisposableStack();
/** What the gateway is asked, and how it answers. */
const asked: GatewayCall[] = [];
let answer: (call: GatewayCall) => Promise<GatewayAnswer>;
const gateway: GatewayCaller = {
  call: (call) => {
    asked.push(call);
    return answer(call);
  },
};

beforeAll(async () => {
  const dir = closing.adopt(await createTempDir('replay'), (one) => one.remove());
  analytics = closing.adopt(await openEmbeddedAnalytics({ dir: dir.path }), (one) => one.close());
  server = closing.adopt(
    await startQueryServer(analytics, {
      replayGateway: gateway,
      live: {
        partitions: 1,
        totals: { loadPartition: async () => undefined, read: async () => undefined },
        progress: () => ({ totals: -1, snapshots: -1 }),
        stopping: stopping.signal,
      },
    }),
    (one) => one.close(),
  );
  await stored('whole', 0, [{}, {}, {}]);
  await stored('lost', 100, [
    {},
    { body: { request_body: Buffer.alloc(0), request_encoding: 'deleted' } },
    { body: { request_body: Buffer.alloc(0), request_encoding: 'missing' } },
    { row: { request_truncated: true } },
    { body: { request_body: Buffer.from('{"model":"gpt-4o-mini"}'), request_encoding: 'omitted' } },
    { body: null },
    { body: { response_body: Buffer.from('{"model":"gpt-4o-mini"}'), response_encoding: 'omitted' } },
    {
      row: { step_kind: 'tool', provider: 'CUSTOM', target_url: 'tool' },
      body: {
        request_body: Buffer.from('{"_type":"tool","toolName":"look"}'),
        response_body: Buffer.from('{"model":"a tool may say so"}'),
      },
    },
    { row: { request_bytes: 0, response_bytes: 0, step_kind: 'tool' }, body: null },
  ]);
});

const UNPAID = { is_error: true, prompt_tokens: null, completion_tokens: null, cost_pico: 0n } as const;

afterAll(() => closing.disposeAsync());

/** Steps that were taken one after the other. */
async function stored(session: string, offset: number, steps: readonly Step[]): Promise<void> {
  const rows = steps.map(({ row }, at) => {
    const { request_at: first } = sampleRequestRow(offset);
    const begun = first + at * 10_000;
    return sampleRequestRow(offset + at, {
      tenant_id: 'acme',
      session_id: session,
      session_path: `/${at + 1}`,
      request_at: begun,
      ordered_at: begun,
      response_at: begun + 900,
      ...row,
    });
  });
  const bodies = steps.flatMap(({ body }, at) => {
    const { ordered_at } = rows[at]!;
    if (body === null) return [];
    return [sampleBodyRow(offset + at, { tenant_id: 'acme', session_id: session, ordered_at, ...body })];
  });
  await store(analytics, fixturesOf(rows, bodies));
}

function answered(
  status: number,
  body: object,
  headers: Record<string, string> = { 'helicone-id': 'made' },
): GatewayAnswer {
  return {
    status,
    headers: new Map(Object.entries({ 'content-type': 'application/json', ...headers })),
    body: Buffer.from(JSON.stringify(body)),
    isTruncated: false,
  };
}

const PAID = { model: 'gpt-4o-mini', choices: [], usage: { prompt_tokens: 45, completion_tokens: 0 } };
/** What a call costs that is answered so: tokens of gpt-4o-mini are 0.15 USD a million. */
const PAID_USD = 0.00000675;

const replay = (session: string, body: object, key = 'acme:rw') =>
  server.call({ path: `/v1/session/${session}/replay`, body, key });

async function ended(id: string) {
  return await waitFor(async () => {
    const { json } = await server.call({ path: `/v1/replay/${id}`, key: 'acme:r' });
    return json.data.status !== 'running' && json.data;
  });
}

test('what is stored of bodies decides what can be sent, and each step that cannot is named', async () => {
  const problems = async (body: object) => {
    const { json } = await replay('lost', { dryRun: true, ...body });
    return json.data.problems.map(({ path, reason }: { path: string; reason: string }) => [path, reason]);
  };
  const requests = [
    ['/2', 'its request body was deleted'],
    ['/3', 'its request body was lost before it could be stored'],
    ['/4', 'only the beginning of its request body was kept'],
    ['/5', 'its request body was not to be stored'],
    ['/6', 'its request body is not kept any more'],
  ];
  expect(await problems({})).toEqual(requests);
  expect(await problems({ thread: true })).toEqual([...requests, ['/7', 'its response body was not to be stored']]);
  const refused = await replay('lost', { providerKey: 'sk' });
  expect(refused.status).toBe(409);
  expect(refused.json.error).toBe('Steps that cannot be replayed: 5. Of the first, /2: its request body was deleted');
  expect(refused.json.steps.map(({ path }: { path: string }) => path)).toEqual(requests.map(([path]) => path));
});

test('a gateway that does not answer is an error of each step, and a refusal of its own ends the replay', async () => {
  asked.length = 0;
  answer = () => Promise.reject(Object.assign(new Error('connect sk-secret'), { code: 'ECONNREFUSED' }));
  const begun = await replay('whole', { providerKey: 'sk-secret' });
  expect(begun.status).toBe(202);
  expect(await ended(begun.json.data.replay_id)).toMatchObject({
    status: 'completed',
    done: 3,
    errors: 3,
    unpriced: 3,
  });
  expect(asked).toHaveLength(3);

  asked.length = 0;
  answer = async () =>
    answered(401, { 'helicone-error': 'unknown-key', message: 'No API key found for sk-secret' }, {});
  const refused = await replay('whole', { providerKey: 'sk-secret' });
  expect(await ended(refused.json.data.replay_id)).toMatchObject({
    status: 'failed',
    reason: 'No API key found for ***',
    done: 1,
  });
  expect(asked).toHaveLength(1);
});

test('a call that the gateway does not record is the last one', async () => {
  asked.length = 0;
  answer = async () =>
    answered(200, { choices: [] }, { 'helicone-id': 'x', 'throughline-recorded': 'no; reason=unknown-key' });
  const { json } = await replay('whole', { providerKey: 'sk' });
  expect(await ended(json.data.replay_id)).toMatchObject({
    status: 'failed',
    reason: 'it was answered, and not recorded: unknown-key',
    done: 1,
  });
  expect(asked).toHaveLength(1);
});

test('each request is sent with the key, session, user and properties of its step, and with no header of a single call', async () => {
  asked.length = 0;
  answer = async () => answered(200, { choices: [] });
  const { json } = await replay('whole', { sessionId: 'näher', paths: ['/1'], providerKey: 'sk-secret' });
  await ended(json.data.replay_id);
  const headers = Object.fromEntries(
    asked[0]!.headers.map(([name, value]) => [name, Buffer.from(value, 'latin1').toString()]),
  );
  expect(headers).toEqual({
    'Helicone-Auth': 'Bearer sk-helicone-test-acme:rw',
    'Helicone-Session-Id': 'näher',
    'Helicone-Session-Name': 'Course outline',
    'Helicone-Session-Path': '/1',
    'Helicone-User-Id': 'user-0',
    'Helicone-Property-environment': 'production',
    'Helicone-Property-build': 'b0',
    'Helicone-Property-throughline-replay-of': 'whole',
    'Helicone-Property-throughline-replay-step': sampleRequestRow(0).request_id,
    'content-type': 'application/json',
    'user-agent': 'OpenAI/JS 6.9.1',
    'Helicone-Target-URL': 'https://api.openai.com',
    Authorization: 'Bearer sk-secret',
  });
  // As it was sent, byte for byte, where nothing is to be changed.
  expect(Buffer.from(asked[0]!.body)).toEqual(Buffer.from(sampleBodyRow(0).request_body));
});

test('what the gateway kept from the provider is not sent to it now; what the provider refused is', async () => {
  await stored('kept', 200, [
    {},
    { row: { ...UNPAID, status: -4, error_type: 'PROMPT_THREAT_DETECTED' } },
    { row: { ...UNPAID, status: 400, error_type: 'PROMPT_FLAGGED_FOR_MODERATION' } },
    { row: { ...UNPAID, status: 429, properties: [['Helicone-Rate-Limit-Status', 'bucket_rate_limited']] } },
    { row: { ...UNPAID, status: 429, error_type: 'rate_limit_exceeded' } },
  ]);
  asked.length = 0;
  answer = async () => answered(200, PAID);
  const { json: dry } = await replay('kept', { dryRun: true });
  expect(dry.data).toMatchObject({ steps: 2, sends: 2, left_out: 3, blocked: 3, unpriced_steps: 1 });
  expect(dry.data.plan.map(({ action }: { action: string }) => action)).toEqual([
    'send',
    'leave-out',
    'leave-out',
    'leave-out',
    'send',
  ]);
  const { json } = await replay('kept', { providerKey: 'sk' });
  expect(await ended(json.data.replay_id)).toMatchObject({ status: 'completed', steps: 2, done: 2, blocked: 3 });
  const sent = asked.map(({ headers }) => new Map(headers).get('Helicone-Session-Path'));
  expect(sent).toEqual(['/1', '/5']);
  // Nothing is left of it, and no session would come of it.
  const none = await replay('kept', { paths: ['/2', '/4'], providerKey: 'sk' });
  expect([none.status, none.json.error]).toEqual([400, expect.stringContaining('all of its steps would be left out')]);
  expect(asked).toHaveLength(2);
});

test('a cap stops what is still to come, and a replay that has come to its end is complete', async () => {
  answer = async () => answered(200, PAID);
  const endOf = async (maxCostUsd: number) => {
    const { json } = await replay('whole', { maxCostUsd, providerKey: 'sk' });
    const { status, reason, done, cost } = await ended(json.data.replay_id);
    return [status, reason, done, cost];
  };
  const reason = (usd: number) => `it has cost the ${usd} USD that it may cost`;
  expect(await endOf(0)).toEqual(['stopped', reason(0), 0, 0]);
  expect(await endOf(PAID_USD)).toEqual(['stopped', reason(PAID_USD), 1, PAID_USD]);
  expect(await endOf(0.000009)).toEqual(['stopped', reason(0.000009), 2, 0.0000135]);
  // Exact, which a sum of doubles is not.
  expect(PAID_USD + PAID_USD + PAID_USD).not.toBe(0.00002025);
  expect(await endOf(0.00002)).toEqual(['completed', null, 3, 0.00002025]);
});

test.each([[{ overrides: { model: '' } }], [{ overrides: { replace: [{ find: '', replaceWith: 'x' }] } }]])(
  'what would change nothing, or into nothing, is refused: %j',
  async (body) => {
    expect((await replay('whole', { dryRun: true, ...body })).status).toBe(422);
  },
);

test('a tenant has some replays under way, and another one has its own; a process that stops cancels them', async () => {
  asked.length = 0;
  answer = ({ signal }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
  const ids: string[] = [];
  for (let n = 0; n < TENANT_REPLAYS_MAX; n++) {
    ids.push((await replay('whole', { providerKey: 'sk' })).json.data.replay_id);
  }
  const refused = await replay('whole', { providerKey: 'sk' });
  expect([refused.status, refused.json.error]).toEqual([
    429,
    expect.stringContaining(`There are ${TENANT_REPLAYS_MAX} replays`),
  ]);
  await waitFor(() => asked.length === TENANT_REPLAYS_MAX);
  const [first] = ids;
  expect((await server.call({ path: `/v1/replay/${first}`, key: 'rival:rw' })).status).toBe(404);
  expect((await server.call({ method: 'DELETE', path: `/v1/replay/${first}`, key: 'acme:rw' })).status).toBe(200);
  expect(await ended(first!)).toMatchObject({ status: 'cancelled', done: 1 });
  expect((await replay('whole', { providerKey: 'sk' })).status).toBe(202);
  stopping.abort();
  for (const id of ids) expect(await ended(id)).toMatchObject({ status: 'cancelled' });
});
