import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Exchange, receivedHeader } from '@throughline/testkit/fake-provider/exchange';
import type { FakeScript } from '@throughline/testkit/fake-provider/script';
import { runThroughline } from '@throughline/testkit/process/service-process';
import { rawCall } from '@throughline/testkit/raw-call';
import { waitFor } from '@throughline/testkit/wait-for';
import { type Instance, leaksOf, SETUP_MS_MAX, startInstance } from './support/instance.ts';
import { replayEvents } from './support/replaying.ts';
import { searchDataDir } from './support/search-data-dir.ts';

const PROVIDER_KEY = 'sk-provider-of-the-replay-4711';
const KEYS = { OPENAI: PROVIDER_KEY, ANTHROPIC: 'sk-ant-of-the-replay-4712' };

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
}, SETUP_MS_MAX);
afterAll(() => instance.stop(), SETUP_MS_MAX);
beforeEach(() => instance.provider.setDefault({}));

/** A call that is recorded as a step. */
async function chat(
  sessionId: string,
  path: string,
  given: { messages?: object[]; script?: FakeScript; more?: object; headers?: Record<string, string> } = {},
): Promise<Record<string, unknown>> {
  if (given.script) instance.provider.enqueue(given.script);
  const answer = await rawCall({
    url: `${instance.openaiUrl}/chat/completions`,
    method: 'POST',
    headers: {
      ...instance.session(sessionId, path),
      authorization: 'Bearer sk-recorded-with',
      'content-type': 'application/json',
      ...given.headers,
    },
    body: JSON.stringify({
      model: 'gpt-4o-mini',
      messages: given.messages ?? [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: `About ${path}` },
      ],
      ...given.more,
    }),
  });
  const text = answer.body.toString();
  return text.startsWith('{') ? JSON.parse(text) : {};
}

async function tool(sessionId: string, path: string, took = 3): Promise<void> {
  const now = Date.now();
  const at = (ms: number) => ({ seconds: Math.floor(ms / 1000), milliseconds: ms % 1000 });
  const answer = await rawCall({
    url: `${instance.throughline.url}/custom/v1/log`,
    method: 'POST',
    headers: { ...instance.session(sessionId, path), 'content-type': 'application/json' },
    body: JSON.stringify({
      providerRequest: {
        url: 'custom-model-nopath',
        json: { _type: 'tool', toolName: 'search', input: { n: 1 } },
        meta: {},
      },
      providerResponse: { json: { found: [1, 2] }, status: 200, headers: {} },
      timing: { startTime: at(now), endTime: at(now + took) },
    }),
  });
  expect(answer.status).toBe(200);
}

/** What has arrived since, as JSON. */
function arrived(from: number): (Record<string, unknown> & { messages: { role: string; content: string }[] })[] {
  return since(from).map(({ requestBody }) => JSON.parse(requestBody.toString()));
}

function since(from: number): readonly Exchange[] {
  return instance.provider.exchanges.filter(({ id }) => id > from);
}

const lastExchange = () => instance.provider.exchanges.at(-1)?.id ?? 0;

test('a session is sent once more with another model, into a session of its own that names the old one', async () => {
  await chat('first', '/plan', { headers: { 'Helicone-Property-env': 'prod', 'Helicone-User-Id': 'ada' } });
  await tool('first', '/plan/search');
  await chat('first', '/write', { more: { stream: true, stream_options: { include_usage: true } } });
  const recorded = await instance.storedSession('first', 3);
  const from = lastExchange();

  const { started, steps, finished } = await replayEvents(instance, 'first', {
    sessionId: 'second',
    overrides: { model: 'gpt-4o', temperature: 0.5, systemPrompt: 'Be long.' },
    providerKeys: KEYS,
  });
  expect(started).toMatchObject({
    session_id: 'first',
    session_ids: ['second'],
    steps: 3,
    sends: 2,
    copies: 1,
    status: 'running',
  });
  expect(steps.map(({ path, action, status, error }) => [path, action, status, error])).toEqual([
    ['/plan', 'send', 200, null],
    ['/plan/search', 'copy', 200, null],
    ['/write', 'send', 200, null],
  ]);
  expect(finished).toMatchObject({ status: 'completed', reason: null, done: 3, errors: 0, unpriced: 0 });

  const bodies = arrived(from);
  expect(bodies.map(({ model, temperature, stream }) => [model, temperature, stream])).toEqual([
    ['gpt-4o', 0.5, undefined],
    ['gpt-4o', 0.5, true],
  ]);
  expect(bodies.map(({ messages }) => messages.map(({ content }) => content))).toEqual([
    ['Be long.', 'About /plan'],
    ['Be long.', 'About /write'],
  ]);
  for (const exchange of since(from)) {
    expect(receivedHeader(exchange, 'authorization')).toBe(`Bearer ${PROVIDER_KEY}`);
    expect(leaksOf(exchange, instance.throughline.key)).toEqual([]);
  }

  const made = await instance.storedSession('second', 3);
  expect(made.map(({ session_path }) => session_path)).toEqual(['/plan', '/plan/search', '/write']);
  expect(made.map(({ step_kind, session_name }) => [step_kind, session_name])).toEqual([
    ['llm', 'End to end'],
    ['tool', 'End to end'],
    ['llm', 'End to end'],
  ]);
  expect(made.map(({ properties }) => properties['throughline-replay-of'])).toEqual(['first', 'first', 'first']);
  expect(made.map(({ properties }) => properties['throughline-replay-step'])).toEqual(
    recorded.map(({ request_id }) => request_id),
  );
  expect(made.map(({ request_id }) => request_id)).toEqual(steps.map(({ request_id }) => request_id));
  expect(made[0]).toMatchObject({ request_user_id: 'ada', properties: { env: 'prod' } });
  expect(made[1]!.delay_ms).toBe(recorded[1]!.delay_ms);
  const copied = await instance.api.request(made[1]!.request_id);
  expect(copied).toMatchObject({
    request_body: { _type: 'tool', toolName: 'search', input: { n: 1 } },
    response_body: { found: [1, 2] },
  });
  const session = await instance.api.session('second');
  expect(finished.cost).toBeCloseTo(session!.total_cost, 12);
  expect(session!.total_cost).toBeGreaterThan(0);
});

test('a dry run sends nothing, and says what the recorded tokens would cost with the other model', async () => {
  await chat('estimated', '/a');
  await chat('estimated', '/b');
  const recorded = await instance.storedSession('estimated', 2);
  const from = lastExchange();
  const plan = async (body: object) =>
    (
      await instance.api.call<{ data: Record<string, never> }>('POST', '/v1/session/estimated/replay', {
        dryRun: true,
        ...body,
      })
    ).body.data;

  const same = await plan({});
  const cost = recorded.reduce((sum, request) => sum + request.cost!, 0);
  expect(same).toMatchObject({
    steps: 2,
    sends: 2,
    copies: 0,
    unpriced_steps: 0,
    needs_keys: ['OPENAI'],
    problems: [],
  });
  expect(same.estimated_cost).toBeCloseTo(cost, 12);
  const dearer = await plan({ overrides: { model: 'gpt-4o' }, times: 3, providerKey: PROVIDER_KEY });
  // Input and output of gpt-4o cost 50/3 times as much as those of gpt-4o-mini.
  expect(dearer.estimated_cost).toBeCloseTo((3 * cost * 50) / 3, 9);
  expect(dearer).toMatchObject({ steps: 6, needs_keys: [] });
  expect(await plan({ overrides: { model: 'nobody-knows-it' } })).toMatchObject({
    estimated_cost: null,
    unpriced_steps: 2,
    // Where it really goes.
    plan: [{ target: instance.provider.origin }, { target: instance.provider.origin }],
  });
  expect(since(from)).toEqual([]);
  expect(await instance.api.session(String(same.session_ids![0]))).toBeUndefined();
});

test('what a threat or a rate limit kept from the provider stays from it', async () => {
  const limit = { 'Helicone-RateLimit-Policy': '1;w=60;s=user', 'Helicone-User-Id': 'ada' };
  for (const path of ['/first', '/second']) await chat('kept', path, { headers: limit });
  await chat('kept', '/harmful', { headers: { 'Helicone-LLM-Security-Enabled': 'true' } });
  await chat('kept', '/harmful too', { headers: { 'Helicone-Moderations-Enabled': 'true' } });
  const recorded = await instance.storedSession('kept', 4);
  expect(recorded.map((request) => request.response_status)).toEqual([200, 429, -4, 400]);
  const from = lastExchange();
  const { finished } = await replayEvents(instance, 'kept', { sessionId: 'kept again', providerKey: PROVIDER_KEY });
  expect(finished).toMatchObject({ status: 'completed', steps: 1, done: 1, left_out: 3, blocked: 3 });
  expect(arrived(from).map(({ messages }) => messages[1]!.content)).toEqual(['About /first']);
  const { THROUGHLINE_API_KEY, url } = { THROUGHLINE_API_KEY: instance.throughline.key, url: instance.throughline.url };
  const { stdout } = await runThroughline(['replay', 'kept', '--dry-run', '--url', url], { THROUGHLINE_API_KEY });
  expect(stdout).toContain('  2  leave-out  /second  its rate limit was reached, and it was not sent\n');
  expect(stdout).toContain(
    '\n1 call, 0 copies, 3 left out (3 that moderation or a rate limit had kept from the provider),',
  );
});

test('steps overlap as they were recorded to, and wait for those that they had waited for', async () => {
  const slow = { delayMs: 150 };
  await chat('overlapping', '/plan', { script: slow });
  // Each its own time, so that the order in which they end is another one than that in which they began.
  await Promise.all(['/a', '/b', '/c'].map((path) => chat('overlapping', path, { script: slow })));
  await chat('overlapping', '/sum');
  await instance.storedSession('overlapping', 5);
  const from = lastExchange();
  const openAtOnce: number[] = [];
  instance.provider.setDefault({ delayMs: 250 });
  const watching = setInterval(
    () => openAtOnce.push(since(from).filter(({ outcome }) => outcome === 'open').length),
    5,
  );
  const { finished } = await replayEvents(instance, 'overlapping', { providerKey: PROVIDER_KEY });
  clearInterval(watching);
  expect(finished).toMatchObject({ status: 'completed', done: 5 });
  const asked = arrived(from).map(({ messages }) => messages[1]!.content.replace('About ', ''));
  expect([asked[0], asked.slice(1, 4).sort(), asked[4]]).toEqual(['/plan', ['/a', '/b', '/c'], '/sum']);
  expect(Math.max(...openAtOnce)).toBe(3);
});

test('an error of the provider is a step of the new session, and ends it only where that is asked for', async () => {
  for (const path of ['/a', '/b', '/c']) await chat('failing', path);
  await instance.storedSession('failing', 3);
  const failSecond = () => instance.provider.enqueue({}, { status: 500 }, {});
  failSecond();
  const on = await replayEvents(instance, 'failing', { sessionId: 'went on', providerKey: PROVIDER_KEY });
  expect(on.steps.map(({ status }) => status)).toEqual([200, 500, 200]);
  expect(on.finished).toMatchObject({ status: 'completed', done: 3, errors: 1 });
  const made = await instance.storedSession('went on', 3);
  expect(made.map(({ response_status }) => response_status)).toEqual([200, 500, 200]);

  instance.provider.enqueue({}, { status: 500 });
  const ended = await replayEvents(instance, 'failing', { stopOnError: true, providerKey: PROVIDER_KEY });
  expect(ended.steps.map(({ status }) => status)).toEqual([200, 500]);
  expect(ended.finished).toMatchObject({
    status: 'stopped',
    done: 2,
    reason: expect.stringContaining('step 2 failed'),
  });
});

test('a cap on what it costs stops it cleanly', async () => {
  for (const path of ['/a', '/b', '/c']) await chat('capped', path);
  const recorded = await instance.storedSession('capped', 3);
  const maxCostUsd = recorded[0]!.cost! * 1.5;
  const { steps, finished } = await replayEvents(instance, 'capped', {
    sessionId: 'capped again',
    maxCostUsd,
    providerKey: PROVIDER_KEY,
  });
  expect(finished).toMatchObject({
    status: 'stopped',
    done: steps.length,
    reason: expect.stringContaining('it has cost'),
  });
  expect(steps.length).toBeLessThan(3);
  expect(finished.cost).toBeGreaterThanOrEqual(maxCostUsd);
  await instance.storedSession('capped again', steps.length);
});

test('several times are several sessions, and a part of a session is a part of its steps', async () => {
  for (const path of ['/plan', '/plan/search', '/planner', '/write']) await chat('parts', path);
  const recorded = await instance.storedSession('parts', 4);
  const pathsOf = async (body: object) => {
    const { steps, started } = await replayEvents(instance, 'parts', { providerKey: PROVIDER_KEY, ...body });
    return [started.session_ids.length, steps.map(({ path }) => path)];
  };
  expect(await pathsOf({ paths: [{ path: '/plan', match: 'prefix' }] })).toEqual([1, ['/plan', '/plan/search']]);
  expect(await pathsOf({ paths: ['/plan', '/write'], times: 2 })).toEqual([2, ['/plan', '/write', '/plan', '/write']]);
  expect(await pathsOf({ fromStep: 3 })).toEqual([1, ['/planner', '/write']]);
  expect(await pathsOf({ fromStep: recorded[3]!.request_id })).toEqual([1, ['/write']]);
  const { started } = await replayEvents(instance, 'parts', {
    sessionId: 'again',
    times: 2,
    paths: ['/write'],
    providerKey: PROVIDER_KEY,
  });
  expect(started.session_ids).toEqual(['again-1', 'again-2']);
  // Each is looked for by itself: the first might show only after it was looked for, and the second before.
  for (const id of started.session_ids) await instance.storedSession(id, 1);
  const taken = await instance.api.call('POST', '/v1/session/parts/replay', {
    sessionId: 'again',
    times: 2,
    dryRun: true,
  });
  expect(taken).toMatchObject({
    status: 409,
    body: { error: expect.stringContaining('There is a session of the id "again-1" already') },
  });
});

test('a new answer takes the place of the recorded one, where the caller asks for that', async () => {
  const tools = [
    {
      type: 'function',
      function: { name: 'look', parameters: { type: 'object', properties: { at: { type: 'string' } } } },
    },
  ];
  const question = { role: 'user', content: 'What is there?' };
  const first = await chat('threaded', '/a', {
    messages: [question],
    script: { seed: 1, tools: false },
    more: { tools },
  });
  const said = (first.choices as { message: { role: string; content: string } }[])[0]!.message;
  const messages = [question, { role: 'assistant', content: said.content }, { role: 'user', content: 'And then?' }];
  await chat('threaded', '/b', { messages, script: { seed: 2, tools: false }, more: { tools } });
  await instance.storedSession('threaded', 2);
  const from = lastExchange();
  instance.provider.enqueue({ seed: 99, tools: false });
  const { finished, steps } = await replayEvents(instance, 'threaded', { thread: true, providerKey: PROVIDER_KEY });
  const answered = JSON.parse(Buffer.concat(since(from)[0]!.writes).toString()).choices[0].message.content;
  expect(answered).not.toBe(said.content);
  expect(arrived(from)[1]!.messages.map(({ content }) => content)).toEqual(['What is there?', answered, 'And then?']);
  expect(steps.map(({ threaded }) => threaded)).toEqual([0, 1]);
  expect(finished).toMatchObject({ threaded: 1, kept: 0 });
});

test('a replay is cancelled: nothing more is sent, what is under way is given up, and its state says so', async () => {
  for (const path of ['/a', '/b']) await chat('cancelled', path);
  await instance.storedSession('cancelled', 2);
  const from = lastExchange();
  instance.provider.setDefault({ delayMs: 60_000 });
  const begun = await instance.api.call<{ data: { replay_id: string; session_ids: string[] } }>(
    'POST',
    '/v1/session/cancelled/replay',
    { providerKey: PROVIDER_KEY },
  );
  expect(begun.status).toBe(202);
  const { replay_id: id } = begun.body.data;
  await waitFor(() => since(from).length === 1, { what: 'the first step' });
  expect((await instance.api.call('GET', `/v1/replay/${id}`)).body).toMatchObject({
    data: { status: 'running', done: 0 },
  });
  const watched = replayEvents(instance, '', {}, { method: 'GET', path: `/v1/replay/${id}` });
  await instance.api.call('DELETE', `/v1/replay/${id}`);
  const { started, steps, finished } = await watched;
  expect(started.replay_id).toBe(id);
  expect(steps).toMatchObject([{ path: '/a', status: -3 }]);
  expect(finished).toMatchObject({ status: 'cancelled', done: 1 });
  expect((await instance.api.call('GET', `/v1/replay/${id}`)).body).toMatchObject({ data: { status: 'cancelled' } });
  await waitFor(() => since(from)[0]!.outcome === 'client-gone', { what: 'the end of the call' });
  expect(since(from)).toHaveLength(1);
});

test('whoever closes the stream cancels the replay only where that is asked for', async () => {
  for (const path of ['/a', '/b']) await chat('closed', path);
  await instance.storedSession('closed', 2);
  const { url, key } = instance.throughline;
  const closeEarly = async (sessionId: string, cancelOnClose: boolean) => {
    instance.provider.setDefault({ delayMs: 300 });
    const hangUp = new AbortController();
    const answer = await fetch(`${url}/v1/session/closed/replay`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream' },
      body: JSON.stringify({ sessionId, cancelOnClose, providerKey: PROVIDER_KEY }),
      signal: hangUp.signal,
    });
    const { value } = await answer.body!.getReader().read();
    const id = /"replay_id":"([^"]+)"/.exec(Buffer.from(value!).toString())![1];
    hangUp.abort();
    return await waitFor(async () => {
      const { body } = await instance.api.call<{ data: { status: string } }>('GET', `/v1/replay/${id}`);
      return body.data.status !== 'running' && body.data.status;
    });
  };
  expect(await closeEarly('goes on', false)).toBe('completed');
  expect(await closeEarly('ends', true)).toBe('cancelled');
  await instance.storedSession('goes on', 2);
});

test('Anthropic gets its key in its header, and its system prompt where it belongs', async () => {
  const anthropic = new Anthropic({
    apiKey: 'sk-recorded-with',
    baseURL: instance.anthropicUrl,
    defaultHeaders: instance.session('claude', '/ask'),
  });
  const asked = { model: 'claude-3-5-haiku-20241022', max_tokens: 50 };
  await anthropic.messages.create({ ...asked, system: 'Be brief.', messages: [{ role: 'user', content: 'Hello' }] });
  const stream = anthropic.messages.stream({ ...asked, messages: [{ role: 'user', content: 'Hello again' }] });
  await stream.finalMessage();
  await instance.storedSession('claude', 2);
  const from = lastExchange();
  const version = receivedHeader(instance.provider.last(), 'anthropic-version');
  const { finished } = await replayEvents(instance, 'claude', {
    overrides: { systemPrompt: 'Rhyme.' },
    providerKeys: KEYS,
  });
  expect(finished).toMatchObject({ status: 'completed', errors: 0, unpriced: 0 });
  const sent = since(from);
  expect(sent.map((exchange) => receivedHeader(exchange, 'x-api-key'))).toEqual([KEYS.ANTHROPIC, KEYS.ANTHROPIC]);
  expect(sent.map((exchange) => receivedHeader(exchange, 'authorization'))).toEqual([undefined, undefined]);
  expect(sent.map((exchange) => receivedHeader(exchange, 'anthropic-version'))).toEqual([version, version]);
  expect(arrived(from).map(({ system, stream: isStream }) => [system, isStream])).toEqual([
    ['Rhyme.', undefined],
    ['Rhyme.', true],
  ]);
});

describe('what cannot be done is refused before anything is sent', () => {
  const refused = async (sessionId: string, body: object) => {
    const from = lastExchange();
    const answer = await instance.api.call('POST', `/v1/session/${encodeURIComponent(sessionId)}/replay`, body);
    expect(since(from)).toEqual([]);
    return answer;
  };

  test('sessions, replays and steps that there are not', async () => {
    await chat('known', '/a');
    await instance.storedSession('known', 1);
    expect((await refused('nobodys', {})).status).toBe(404);
    expect((await refused('known', {})).body).toMatchObject({
      error: expect.stringContaining('there is no key for OPENAI'),
    });
    for (const body of [
      { fromStep: 7 },
      { fromStep: 'nobodys' },
      { paths: ['/nowhere'] },
      { sessionId: ' spaced ' },
      { providerKey: 'not a\nkey' },
      { overrides: { provider: 'nobody' } },
      { overrides: { provider: 'OPENAI', targetUrl: 'https://example.com' } },
      { overrides: { targetUrl: 'ftp://example.com' } },
      { overrides: { targetUrl: 'https://name:secret@example.com' } },
    ]) {
      const { status, body: said } = await refused('known', { providerKey: PROVIDER_KEY, ...body });
      expect([body, status]).toEqual([body, 400]);
      expect(JSON.stringify(said)).not.toContain('secret');
    }
    expect((await refused('known', { times: 21 })).status).toBe(422);
    const unknown = '0198c0de-0000-7000-8000-000000000000';
    expect((await instance.api.call('GET', `/v1/replay/${unknown}`)).status).toBe(404);
    expect((await instance.api.call('DELETE', `/v1/replay/${unknown}`)).status).toBe(404);
  });

  test('steps without their bodies, and steps that were logged by hand, are named', async () => {
    await chat('logged', '/kept');
    await tool('logged', '/tool');
    await rawCall({
      url: `${instance.throughline.url}/custom/v1/log`,
      method: 'POST',
      headers: { ...instance.session('logged', '/by hand'), 'content-type': 'application/json' },
      body: JSON.stringify({
        providerRequest: { url: 'custom-model-nopath', json: { model: 'gpt-4o', messages: [] }, meta: {} },
        providerResponse: { json: {}, status: 200, headers: {} },
      }),
    });
    const stored = await instance.storedSession('logged', 3);
    const byHand = stored.find(({ session_path }) => session_path === '/by hand')!;
    const answer = await refused('logged', { providerKey: PROVIDER_KEY });
    expect(answer).toMatchObject({
      status: 409,
      body: {
        error: expect.stringContaining('Steps that cannot be replayed: 1. Of the first, /by hand: '),
        steps: [{ request_id: byHand.request_id, path: '/by hand', reason: expect.stringContaining('logged by hand') }],
      },
    });
    // Left out, it is in nobody's way.
    const { finished } = await replayEvents(instance, 'logged', {
      paths: ['/kept', '/tool'],
      providerKey: PROVIDER_KEY,
    });
    expect(finished).toMatchObject({ status: 'completed', done: 2 });
  });

  test('a target that the gateway does not go to', async () => {
    await chat('elsewhere', '/a');
    await instance.storedSession('elsewhere', 1);
    const answer = await refused('elsewhere', {
      overrides: { targetUrl: 'http://10.1.2.3/v1/chat/completions' },
      providerKey: PROVIDER_KEY,
    });
    expect(answer).toMatchObject({
      status: 403,
      body: { error: expect.stringContaining('10.1.2.3 is not a public address') },
    });
  });

  test('a session of another tenant, and a key that may not do it', async () => {
    const { dataDir, key } = instance.throughline;
    const env = { THROUGHLINE_DATA_DIR: dataDir };
    await runThroughline(['tenant', 'create', 'acme', 'Acme Ltd.'], env);
    const keyOf = async (...args: string[]) =>
      JSON.parse((await runThroughline(['key', 'create', ...args, '--json'], env)).stdout).key as string;
    const acme = await keyOf('acme', 'theirs');
    await chat('ours', '/a');
    await instance.storedSession('ours', 1);
    const ask = (method: string, path: string, body: object | undefined, given: string) =>
      instance.api.call<{ data: { replay_id: string } }>(method, path, body, given);
    instance.provider.setDefault({ delayMs: 500 });
    const begun = await ask('POST', '/v1/session/ours/replay', { providerKey: PROVIDER_KEY }, key);
    const path = `/v1/replay/${begun.body.data.replay_id}`;
    expect((await ask('POST', '/v1/session/ours/replay', { dryRun: true }, acme)).status).toBe(404);
    expect((await ask('GET', path, undefined, acme)).status).toBe(404);
    expect((await ask('DELETE', path, undefined, acme)).status).toBe(404);
    expect((await ask('GET', path, undefined, key)).body).toMatchObject({ data: { reason: null } });
    for (const permission of ['r', 'w', 'm']) {
      const weak = await keyOf('default', permission, permission);
      expect((await ask('POST', '/v1/session/ours/replay', { dryRun: true }, weak)).status).toBe(401);
    }
  });
});

describe('throughline replay', () => {
  const run = (...args: string[]) =>
    runThroughline(['replay', ...args, '--url', instance.throughline.url, '--provider-key-env', 'PROVIDER_KEY'], {
      THROUGHLINE_API_KEY: instance.throughline.key,
      PROVIDER_KEY,
    });

  test('tells of each step, compares, and fails where a check holds', async () => {
    for (const path of ['/plan', '/plan/search', '/write']) await chat('command', path);
    await instance.storedSession('command', 3);
    const dry = await run('command', '--model', 'gpt-4o', '--dry-run');
    expect([dry.code, dry.stderr]).toEqual([0, '']);
    expect(dry.stdout).toMatch(/^ {3}1 {2}send {7}\/plan {2}gpt-4o at OPENAI \(http:\/\/127[.0-9:]+\) {2}\$0\.0/);
    expect(dry.stdout).toMatch(/\n3 calls, 0 copies, about \$0\.0\d+\n$/);
    const unknown = await run('command', '--model', 'nobodys', '--path', '/write', '--dry-run');
    expect(unknown.stdout).toMatch(/ {2}cost unknown\n1 call, 0 copies, what they cost is not known\n$/);

    const dear = await run(
      'command',
      '--model',
      'gpt-4o',
      '--path',
      '/plan/*',
      '--against',
      'command',
      '--fail-if',
      'cost > 1.1x',
      '--fail-if',
      'errors > 0',
    );
    expect(
      dear.stderr
        .trim()
        .split('\n')
        .map((line) => line.split('  ')[1]),
    ).toEqual(['/plan', '/plan/search']);
    expect(dear.stdout).toMatch(/^completed: 2 of 2 steps, 0 failed, \$0\.0\d+\nsession command-replay-/);
    expect(dear.stdout).toMatch(/\nrequests +3 +2 +-1 +0\.67x\n/);
    expect(dear.stdout).toMatch(/\nfailed: cost > 1\.1x: cost is 0\.0\d+, that of the other session 0\.0\d+\n$/);
    expect(dear.code).toBe(1);

    const same = await run(
      'command',
      '--fail-if',
      'requests != 1x',
      '--fail-if',
      'errors > 0',
      '--times',
      '2',
      '--json',
    );
    expect(same.code).toBe(0);
    const told = JSON.parse(same.stdout);
    expect(told).toMatchObject({
      status: 'completed',
      done: 6,
      failures: [],
      diffs: [{ a: { session_id: 'command' } }, {}],
    });
    expect(told.diffs.map(({ b }: { b: { session_id: string } }) => b.session_id)).toEqual(told.session_ids);
  });

  test('says in a sentence what it does not do', async () => {
    const said = async (...args: string[]) => {
      const { code, stderr } = await run(...args);
      return [code, stderr.split('\n')[0]];
    };
    expect(await said('nobodys')).toEqual([1, 'throughline: Session not found (status 404)']);
    expect(await said()).toEqual([
      2,
      'throughline replay: it takes the id of one session; see throughline replay --help',
    ]);
    expect(await said('a', '--fail-if', 'price > 1')).toEqual([2, expect.stringContaining('there is no figure price')]);
    expect(await said('a', '--times', 'x')).toEqual([2, expect.stringContaining('--times takes a number')]);
    expect(await said('a', '--provider-key-env', 'NOBODYS')).toEqual([
      2,
      expect.stringContaining('the environment has no NOBODYS'),
    ]);
  });
});

test('the key of the provider is in no row, no file, no answer and no line of the log', async () => {
  await chat('keys', '/its keys');
  await instance.storedSession('keys', 1);
  instance.provider.setDefault({ status: 401 });
  const { text, finished } = await replayEvents(instance, 'keys', { sessionId: 'keys again', providerKeys: KEYS });
  expect(finished).toMatchObject({ status: 'completed', errors: 1 });
  expect(text).not.toContain('of-the-replay');
  await instance.storedSession('keys again', 1);
  const { dataDir, stdout, stderr } = instance.throughline;
  const found = await searchDataDir(dataDir, { ...KEYS, asked: 'About /its keys' });
  expect(Object.keys(found)).toEqual(['asked']);
  expect(stdout + stderr).not.toContain('of-the-replay');
});
