import { randomUUID } from 'node:crypto';
import { HeliconeManualLogger } from '@helicone/helpers';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
}, SETUP_MS_MAX);
afterAll(() => instance?.stop(), SETUP_MS_MAX);

const request = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Which step was slow?' }] };
const usage = { prompt_tokens: 1_000, completion_tokens: 500, total_tokens: 1_500 };
const completion = {
  id: 'c',
  model: 'gpt-4o-mini',
  choices: [{ index: 0, message: { role: 'assistant', content: 'The third.' }, finish_reason: 'stop' }],
  usage,
};
// USD per million tokens of gpt-4o-mini: 0.15 in, 0.60 out.
const COST = (1_000 * 0.15 + 500 * 0.6) / 1e6;
const chunks = [
  { model: 'gpt-4o-mini', choices: [{ index: 0, delta: { content: 'The ' } }] },
  { model: 'gpt-4o-mini', choices: [{ index: 0, delta: { content: 'third.' }, finish_reason: 'stop' }] },
  { model: 'gpt-4o-mini', choices: [], usage },
];

/** A logger as an application would make it, in a session of its own. */
function logger(endpoint = '', headers: Record<string, string> = {}) {
  const sessionId = `helpers-${randomUUID()}`;
  const { url, key } = instance.throughline;
  return {
    sessionId,
    log: new HeliconeManualLogger({
      apiKey: key,
      headers: {
        'Helicone-Session-Id': sessionId,
        'Helicone-Session-Name': 'Helpers',
        'Helicone-Session-Path': '/plan',
        ...headers,
      },
      loggingEndpoint: `${url}${endpoint}`,
    }),
  };
}

const withBodies = async (id: string, count: number) => {
  const requests = await instance.storedSession(id, count);
  return Promise.all(requests.map(async ({ request_id }) => (await instance.api.request(request_id))!));
};

function byteStream(texts: readonly string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const text of texts) controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    },
  });
}

/** A stream as the `openai` package has it. */
function sdkStream(parts: readonly object[], failure?: Error) {
  const iterate = async function* () {
    yield* parts;
    if (failure) throw failure;
  };
  const stream = {
    [Symbol.asyncIterator]: iterate,
    tee: () => [sdkStream(parts, failure), sdkStream(parts, failure)] as [typeof stream, typeof stream],
    toReadableStream: () => byteStream(parts.map((part) => `${JSON.stringify(part)}\n`)) as ReadableStream,
  };
  return stream;
}

const LLM = {
  model: 'gpt-4o-mini',
  prompt_tokens: 1_000,
  completion_tokens: 500,
  usage_complete: true,
  cost_source: 'table',
  step_kind: 'llm',
};

test.each([
  ['', undefined, 'CUSTOM'],
  ['/', 'OPENAI', 'OPENAI'],
  ['/custom/v1/log', undefined, 'CUSTOM'],
  ['/custom/v1/log', 'OPENAI', 'OPENAI'],
  ['/v1/trace', undefined, 'CUSTOM'],
  ['/v1/trace', 'OPENAI', 'OPENAI'],
])('logRequest to %j with provider %j is a priced step of %s', async (endpoint, provider, stored) => {
  const { sessionId, log } = logger(endpoint, { 'Helicone-User-Id': 'ada', 'Helicone-Property-Tier': 'gold' });
  const operation = async (recorder: { appendResults(data: object): void }) => {
    recorder.appendResults(completion);
    return 'result';
  };
  expect(await log.logRequest(request, operation, { 'Helicone-Session-Path': '/plan/search' }, provider)).toBe(
    'result',
  );
  const [step] = await withBodies(sessionId, 1);
  expect(step).toMatchObject({
    ...LLM,
    provider: stored,
    session_name: 'Helpers',
    session_path: '/plan/search',
    request_user_id: 'ada',
    response_status: 200,
    request_body: request,
    response_body: completion,
  });
  expect(step!.request_properties).toMatchObject({ tier: 'gold', 'Helicone-Session-Id': sessionId });
  expect(step!.cost).toBeCloseTo(COST, 12);
});

test('an operation that throws logs nothing', async () => {
  const { sessionId, log } = logger();
  const said = jest.spyOn(console, 'error').mockImplementation(() => {});
  const fail = () => log.logRequest(request, () => Promise.reject(new Error('no')));
  await expect(fail()).rejects.toThrow('no');
  said.mockRestore();
  await log.logSingleRequest(request, JSON.stringify(completion), {});
  expect(await instance.storedSession(sessionId, 1)).toHaveLength(1);
});

test('logSingleRequest takes its latency from what it is told', async () => {
  const { sessionId, log } = logger();
  await log.logSingleRequest(request, JSON.stringify(completion), {
    additionalHeaders: { 'Helicone-Session-Path': '/one' },
    latencyMs: 1_234,
  });
  const [step] = await withBodies(sessionId, 1);
  expect(step).toMatchObject({ ...LLM, session_path: '/one', delay_ms: 1_234, response_body: completion });
});

test('logSingleStream and logStream keep events and chunks, with their usage', async () => {
  const { sessionId, log } = logger('/custom/v1/log');
  const events = [...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), 'data: [DONE]\n\n'];
  await log.logSingleStream(request, byteStream(events));
  await log.logStream(request, async (recorder) => {
    recorder.attachStream(byteStream(chunks.map((chunk) => `${JSON.stringify(chunk)}\n`)));
    return 'result';
  });
  const steps = await instance.storedSession(sessionId, 2);
  for (const step of steps) {
    expect(step).toMatchObject(LLM);
    expect(step.time_to_first_token).toEqual(expect.any(Number));
  }
});

test('logBuilder logs a response, a stream, an error and what was cancelled', async () => {
  const { sessionId, log } = logger('/v1/trace');
  const path = (name: string) => ({ 'Helicone-Session-Path': name });

  const single = log.logBuilder(request, path('/1-response'));
  single.addAdditionalHeaders({ 'Helicone-Property-Step': 'one' });
  single.setResponse(JSON.stringify(completion));
  await single.sendLog();

  const streamed = log.logBuilder(request, path('/2-stream'));
  const reader = streamed.toReadableStream(sdkStream(chunks)).getReader();
  while (!(await reader.read()).done);
  await streamed.sendLog();

  const attached = log.logBuilder(request, path('/3-attached'));
  await attached.attachStream(sdkStream(chunks));
  await attached.sendLog();

  const failed = log.logBuilder(request, path('/4-error'));
  failed.setError(new Error('the model is asleep'));
  await failed.sendLog();

  const cancelled = log.logBuilder(request, path('/5-cancelled'));
  const left = cancelled.toReadableStream(sdkStream(chunks)).getReader();
  await left.read();
  await left.cancel();
  await cancelled.sendLog();

  const stored = await withBodies(sessionId, 5);
  const [response, stream, attach, error, cancel] = stored.sort((a, b) =>
    a.session_path!.localeCompare(b.session_path!),
  );
  expect(response).toMatchObject({ ...LLM, response_body: completion });
  expect(response!.request_properties).toMatchObject({ step: 'one' });
  expect(stream).toMatchObject({ ...LLM, time_to_first_token: expect.any(Number) });
  expect(attach).toMatchObject(LLM);
  expect(error).toMatchObject({ response_status: 500, cost: 0 });
  expect(error!.error).not.toBeNull();
  expect(JSON.stringify(error!.response_body)).toContain('the model is asleep');
  expect(cancel).toMatchObject({ response_status: -3, error: { type: 'cancelled' }, usage_complete: false });
  expect(await instance.api.session(sessionId)).toMatchObject({ total_requests: 5, error_count: 2 });
});

test('tools, vector databases and data are steps of their own kind, free of charge', async () => {
  const { sessionId, log } = logger();
  const now = Date.now();
  const options = { startTime: now - 40, endTime: now };
  await log.sendLog({ _type: 'tool', toolName: 'search', input: { q: 'x' } }, { found: 3 }, options);
  await log.sendLog(
    { _type: 'vector_db', operation: 'search', text: 'x', topK: 3, databaseName: 'chapters' },
    { status: 'ok', matches: [{ id: '1', score: 0.9 }] },
    { ...options, status: 404 },
  );
  await log.sendLog({ _type: 'data', name: 'load', meta: { rows: 3 } }, 'plain words', options);
  const stored = await withBodies(sessionId, 3);
  const byModel = new Map(stored.map((step) => [step.model, step]));
  expect(byModel.get('tool:search')).toMatchObject({
    step_kind: 'tool',
    cost: 0,
    delay_ms: 40,
    response_body: { found: 3, _type: 'tool', toolName: 'search' },
  });
  expect(byModel.get('vector_db')).toMatchObject({ step_kind: 'vector_db', response_status: 404 });
  expect(byModel.get('data:load')).toMatchObject({ step_kind: 'data', cost: 0 });
  expect(await instance.api.session(sessionId)).toMatchObject({ total_requests: 3, error_count: 1, total_cost: 0 });
});

test('the same request id again in a session is counted once', async () => {
  const { sessionId, log } = logger('', { 'Helicone-Request-Id': randomUUID() });
  const now = Date.now();
  for (let i = 0; i < 3; i++) await log.sendLog(request, completion, { startTime: now, endTime: now });
  await log.sendLog(request, completion, {
    startTime: now,
    endTime: now,
    additionalHeaders: { 'Helicone-Request-Id': randomUUID() },
  });
  await instance.storedSession(sessionId, 2);
  const session = await instance.api.session(sessionId);
  expect(session).toMatchObject({ total_requests: 2 });
});
