import { describe, expect, jest, test } from '@jest/globals';
import { sampleBodyRow, sampleRequestRow } from '@throughline/analytics/sample-rows';
import type { DiffAnswer, DiffStep } from '@throughline/contracts/api/session-diff';
import type { RequestBodyRow, RequestRow } from '@throughline/contracts/request-row';
import { FIXTURES_AT, fixturesOf } from '../fixtures.ts';
import { store } from '../query-server.ts';
import { useQueryServer } from '../use-query-server.ts';

jest.setTimeout(120_000);

/** A step as these tests write it; bodies are JSON, or text as it is. */
interface Written {
  readonly path: string;
  readonly request?: unknown;
  readonly response?: unknown;
  readonly row?: Partial<RequestRow>;
  readonly body?: Partial<RequestBodyRow>;
  /** Nothing is stored of its bodies. */
  readonly isBodiless?: true;
}

let offset = 0;
const rows: RequestRow[] = [];
const bodies: RequestBodyRow[] = [];

function session(tenantId: string, sessionId: string, steps: readonly Written[]): void {
  for (const [index, step] of steps.entries()) {
    const bytes = (value: unknown) =>
      Buffer.from(value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value));
    const [request, response] = [bytes(step.request), bytes(step.response)];
    const at = FIXTURES_AT + index * 1_000;
    const row = sampleRequestRow(offset, {
      tenant_id: tenantId,
      session_id: sessionId,
      session_path: step.path,
      properties: [],
      request_at: at,
      ordered_at: at,
      response_at: at + 500,
      latency_ms: 500,
      status: 200,
      is_error: false,
      error_type: '',
      model: 'gpt-4o',
      provider: 'OPENAI',
      prompt_tokens: 100,
      completion_tokens: 10,
      cost_pico: 1_000_000_000n,
      cost_source: 'table',
      request_bytes: request.length,
      response_bytes: response.length,
      ...step.row,
    });
    rows.push(row);
    const { tenant_id, session_id, ordered_at, request_id, source_partition, source_offset, received_at, version } =
      row;
    if (!step.isBodiless) {
      bodies.push({
        ...sampleBodyRow(offset),
        ...{ tenant_id, session_id, ordered_at, request_id, source_partition, source_offset, received_at, version },
        request_body: request,
        request_encoding: 'utf8',
        response_body: response,
        response_encoding: 'utf8',
        ...step.body,
      });
    }
    offset++;
  }
}

/** A conversation that grows: each call holds all that was said before. Names of tool calls differ in each run. */
function conversation(run: string, turns: readonly (readonly [asked: string, answered: string])[], model = 'gpt-4o') {
  const messages: object[] = [{ role: 'system', content: 'You book flights.' }];
  return turns.map(([asked, answered], index): Written => {
    messages.push({ role: 'tool', tool_call_id: `call_${run}${index}`, content: asked });
    const request = { model, messages: [...messages], temperature: 0 };
    const message = {
      role: 'assistant',
      content: answered,
      tool_calls: [{ id: `call_${run}${index + 1}`, type: 'function', function: { name: 'book', arguments: '{}' } }],
    };
    messages.push(message);
    const response = {
      id: `chatcmpl-${run}${index}`,
      created: index,
      model,
      choices: [{ message, finish_reason: 'stop' }],
    };
    return { path: '/agent/turn', request, response, row: { model, request_id: `${run}-${index}` } };
  });
}

const TURNS = [
  ['Hello, I need a flight to Seattle.', 'When would you like to go?'],
  ['On May 20th, in economy please.', 'There are three flights. Which one?'],
  ['The cheapest one without a stop.', 'That is HAT069 at 11 in the morning.'],
  ['Pay by certificate and the rest by card.', 'It is booked.'],
] as const;

const ask = (content: string) => ({ model: 'gpt-4o', messages: [{ role: 'user', content }] });
const answer = (content: string) => ({ id: 'x', choices: [{ message: { role: 'assistant', content } }] });

/** Text as callers make it to break whatever shows it or looks for it. */
const HOSTILE = [
  `'; DROP TABLE requests; -- \\ \u0000 \u001b[31m </script> {{7*7}} $\{x}`,
  '\u202e\u0301'.repeat(50),
  '['.repeat(5_000),
  `{"messages": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
  '{"messages": [{"role": "user", "content": {"__proto__": {"polluted": true}}}], "constructor": 1}',
  'x'.repeat(50_000),
];

const api = useQueryServer(async (analytics) => {
  session('acme', 'first', conversation('a', TURNS));
  session('acme', 'again', conversation('b', TURNS));
  session('acme', 'inserted', conversation('c', [TURNS[0], ['Wait a moment.', 'Of course.'], ...TURNS.slice(1)]));
  session('acme', 'removed', conversation('d', [TURNS[0], TURNS[2], TURNS[3]]));
  session(
    'acme',
    'reworded',
    conversation(
      'e',
      [...TURNS.slice(0, 2), [TURNS[2][0], 'That is HAT136 at 7 in the evening.'], TURNS[3]],
      'gpt-4o-mini',
    ),
  );
  session('acme', 'steps', [
    { path: '/plan', request: ask('Plan.'), response: answer('A plan.') },
    {
      path: '/search/1',
      request: { _type: 'tool', toolName: 'search', input: { id: '17' } },
      response: { output: 'found' },
      row: { step_kind: 'tool' },
    },
    { path: '/write', request: ask('Write.'), response: answer('Written.') },
  ]);
  session('acme', 'reordered', [
    { path: '/write/', request: ask('Write.'), response: answer('Written.') },
    {
      path: '/plan',
      request: ask('Plan.'),
      response: answer('A plan.'),
      row: {
        status: 500,
        is_error: true,
        error_type: 'overloaded',
        cost_pico: null,
        cost_source: 'none',
        prompt_tokens: null,
      },
    },
    {
      path: '/search/2',
      request: { _type: 'tool', toolName: 'search', input: { id: '18' } },
      response: { output: 'found' },
      row: { step_kind: 'tool' },
    },
  ]);
  session('acme', 'streamed', [
    {
      path: '/plan',
      request: ask('Plan.'),
      response:
        'data: {"choices":[{"index":0,"delta":{"role":"assistant","content":"A "}}]}\n\ndata: {"choices":[{"index":0,"delta":{"content":"plan."}}]}\n\ndata: [DONE]\n\n',
    },
  ]);
  const replayed = conversation('f', [TURNS[3], TURNS[0]]);
  session(
    'acme',
    'replayed',
    replayed.map((step, index) => ({
      ...step,
      path: '/elsewhere',
      row: { ...step.row, properties: [['throughline-replay-step', index === 0 ? 'a-3' : 'a-0']] },
    })),
  );
  const bodyless = (name: string, body: Partial<RequestBodyRow>, more: Partial<Written> = {}): Written => ({
    path: `/${name}`,
    request: ask(name),
    response: answer(name),
    body,
    ...more,
  });
  const lacking = (model: string): Written[] => [
    bodyless('deleted', { request_encoding: 'deleted', request_body: Buffer.of() }),
    bodyless('lost', { response_encoding: 'missing', response_body: Buffer.of() }),
    bodyless('binary', { response_encoding: 'bytes', response_body: Buffer.from([0, 255, 254]) }),
    bodyless('gone', {}, { isBodiless: true }),
    bodyless('omitted', {
      request_encoding: 'omitted',
      request_body: Buffer.from(JSON.stringify({ model })),
    }),
    bodyless('omitted answer', {
      response_encoding: 'omitted',
      response_body: Buffer.from(JSON.stringify({ model })),
    }),
    bodyless('omitted both', {
      request_encoding: 'omitted',
      request_body: Buffer.of(),
      response_encoding: 'omitted',
      response_body: Buffer.of(),
    }),
    bodyless('only a model', {}, { request: { model: 'gpt-4o' }, response: { model: 'gpt-4o' } }),
    bodyless(
      'truncated',
      { request_body: Buffer.from('{"messages": [{"role": "user", "content": "cut') },
      { row: { request_truncated: true } },
    ),
    bodyless('none', {}, { request: undefined, response: undefined }),
    bodyless('large', {}, { request: ask(`${model} ${'large '.repeat(200_000)}`) }),
  ];
  session('acme', 'lacking', lacking('gpt-4o'));
  session('acme', 'lacking too', lacking('gpt-4o-mini'));
  session(
    'acme',
    'hostile',
    HOSTILE.map((text) => ({ path: '/x', request: text, response: `${text} one` })),
  );
  session(
    'acme',
    'hostile too',
    HOSTILE.map((text) => ({ path: '/x', request: `${text} `, response: `${text} two` })),
  );
  session('rival', 'first', conversation('r', [['Rivals say this.', 'And that.']]));
  session('rival', 'theirs', conversation('s', TURNS));
  await store(analytics, fixturesOf(rows, bodies));
});

async function diff(a: string, b: string, query = '', key = 'acme:r'): Promise<DiffAnswer> {
  const path = `/v1/session/${encodeURIComponent(a)}/diff/${encodeURIComponent(b)}${query}`;
  const reply = await api.server.call({ path, key });
  if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
  return reply.json as DiffAnswer;
}

/** Such as `a-0=b-0 changed request,response`. */
const lines = ({ data }: DiffAnswer) =>
  data.steps.map(({ a, b, changed, state }) =>
    `${a?.request_id ?? ''}=${b?.request_id ?? ''} ${state} ${changed.join()}`.trim(),
  );

const shown = (pieces: DiffStep['response']) =>
  pieces?.map(({ op, text }) => (op === 'equal' ? text : op === 'insert' ? `{+${text}+}` : `[-${text}-]`)).join('');

describe('the steps of two sessions', () => {
  test('are equal where the same was said, whatever the provider named its calls', async () => {
    const answered = await diff('first', 'again');
    expect(lines(answered)).toEqual([0, 1, 2, 3].map((index) => `a-${index}=b-${index} equal`));
    expect(answered.data.summary.steps).toEqual({ equal: 4, changed: 0, only_a: 0, only_b: 0, not_compared: 0 });
    expect(answered.data.steps[2]).toMatchObject({ compared: true, replayed: false, request: null, response: null });
  });

  test('of a session beside itself have nothing changed', async () => {
    for (const id of ['first', 'steps', 'lacking', 'hostile']) {
      const { data } = await diff(id, id);
      expect(data.steps.flatMap(({ changed }) => changed)).toEqual([]);
      expect(data.summary.change.cost).toEqual({ absolute: 0, ratio: 1 });
    }
  });

  test('are not shifted by one that is inserted, nor by one that is missing', async () => {
    expect(lines(await diff('first', 'inserted'))).toEqual([
      'a-0=c-0 equal',
      '=c-1 only_b',
      'a-1=c-2 changed request',
      'a-2=c-3 changed request',
      'a-3=c-4 changed request',
    ]);
    const removed = await diff('first', 'removed');
    expect(lines(removed)).toEqual([
      'a-0=d-0 equal',
      'a-1= only_a',
      'a-2=d-1 changed request',
      'a-3=d-2 changed request',
    ]);
    expect(removed.data.summary.steps).toEqual({ equal: 1, changed: 2, only_a: 1, only_b: 0, not_compared: 0 });
  });

  test('say what differs, with the words of it', async () => {
    const { data } = await diff('first', 'reworded');
    expect(data.steps.map(({ changed }) => changed)).toEqual([
      ['model'],
      ['model'],
      ['model', 'response'],
      ['model', 'request'],
    ]);
    expect(shown(data.steps[2]!.response)).toBe(
      '[assistant]\nThat is [-HAT069-]{+HAT136+} at [-11-]{+7+} in the [-morning-]{+evening+}.\ncall book {}',
    );
    expect(shown(data.steps[3]!.request)).toContain(
      'That is [-HAT069-]{+HAT136+} at [-11-]{+7+} in the [-morning-]{+evening+}.',
    );
    expect(data.steps[3]!.request![0]).toEqual({ op: 'equal', text: '', omitted: expect.any(Number) });
    expect(data.summary.a.models).toEqual(['gpt-4o']);
    expect(data.summary.b.models).toEqual(['gpt-4o-mini']);
  });

  test('belong to their paths in whichever order they ran, and to those that differ in a number alone', async () => {
    const answered = await diff('steps', 'reordered');
    expect(answered.data.steps.map(({ path, b, changed }) => [path, b?.path, changed])).toEqual([
      ['/plan', '/plan', ['status', 'error', 'tokens', 'cost']],
      ['/search/1', '/search/2', ['path', 'request']],
      ['/write', '/write', []],
    ]);
    const [plan, search] = answered.data.steps;
    expect(plan!.b).toMatchObject({
      started_ms: 1_000,
      status: 500,
      error: { type: 'overloaded' },
      cost: null,
      prompt_tokens: null,
    });
    expect(shown(search!.request)).toContain('"id": "[-17-]{+18+}"');
    expect(answered.data.summary.change.cost.absolute).toBeCloseTo(-0.001, 12);
    expect(answered.data.summary.b.cost_complete).toBe(false);
    expect(answered.data.summary.change.errors).toEqual({ absolute: 1, ratio: null });
  });

  test('that name the ones they repeat are theirs, wherever they are, also seen from the other side', async () => {
    const answered = await diff('first', 'replayed');
    expect(answered.data.steps.map(({ a, b, replayed }) => [a?.request_id, b?.request_id, replayed])).toEqual([
      ['a-0', 'f-1', true],
      ['a-1', undefined, false],
      ['a-2', undefined, false],
      ['a-3', 'f-0', true],
    ]);
    const back = await diff('replayed', 'first');
    expect(
      back.data.steps.filter(({ replayed }) => replayed).map(({ a, b }) => [a?.request_id, b?.request_id]),
    ).toEqual([
      ['f-0', 'a-3'],
      ['f-1', 'a-0'],
    ]);
  });

  test('have the same answer streamed and whole', async () => {
    const { data } = await diff('steps', 'streamed', '?path=plan');
    expect(data.steps.map(({ state, changed }) => [state, changed])).toEqual([['equal', []]]);
    expect(data.summary.steps).toMatchObject({ equal: 1, only_a: 0 });
  });

  test('whose bodies are not all there say so, and are no error', async () => {
    const { data } = await diff('lacking', 'lacking too');
    const said = Object.fromEntries(
      data.steps.map(({ path, a, b, changed, compared }) => [
        path,
        [a!.request, b!.response, changed.join(), compared],
      ]),
    );
    expect(said).toEqual({
      '/deleted': ['deleted', 'whole', '', false],
      '/lost': ['whole', 'lost', '', false],
      '/binary': ['whole', 'binary', '', true],
      '/gone': ['gone', 'gone', '', false],
      '/omitted': ['omitted', 'whole', '', false],
      '/omitted answer': ['whole', 'omitted', '', false],
      '/omitted both': ['omitted', 'omitted', '', false],
      '/only a model': ['whole', 'whole', '', true],
      '/truncated': ['truncated', 'whole', '', false],
      '/none': ['none', 'none', '', true],
      '/large': ['too_large', 'whole', 'request', true],
    });
    expect(data.summary.steps).toMatchObject({ equal: 10, changed: 1, not_compared: 7 });
    expect(data.steps.at(-1)!.request).toBeNull();
  });

  test('hold texts of every kind, and nothing of them is taken for anything else', async () => {
    const { data } = await diff('hostile', 'hostile too');
    expect(data.steps.map(({ changed }) => changed.includes('response'))).toEqual(HOSTILE.map(() => true));
    for (const { response } of data.steps) {
      const ends = response!.filter(({ op }) => op !== 'equal').map(({ text }) => text);
      expect(ends).toEqual(['one', 'two']);
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('what is asked for', () => {
  test('are pages, of steps that follow each other, to the last', async () => {
    const all = await diff('first', 'inserted');
    const found: string[] = [];
    let cursor: string | null = '';
    for (; cursor !== null; ) {
      const page: DiffAnswer = await diff('first', 'inserted', `?limit=2&cursor=${cursor}`);
      expect(page.data.steps.length).toBeLessThanOrEqual(2);
      expect(page.data.summary).toEqual(all.data.summary);
      found.push(...lines(page));
      cursor = page.next_cursor;
    }
    expect(found).toEqual(lines(all));
    expect(all.next_cursor).toBeNull();
  });

  test('is what has changed, one path with what is below it, one step, and no texts', async () => {
    expect(lines(await diff('first', 'removed', '?changed=true'))).toHaveLength(3);
    const below = await diff('steps', 'reordered', '?path=/search');
    expect(below.data.steps.map(({ path }) => path)).toEqual(['/search/1']);
    expect(below.data.summary.steps).toMatchObject({ equal: 0, changed: 1 });
    expect((await diff('steps', 'reordered', '?path=/sea')).data.steps).toEqual([]);
    expect(lines(await diff('first', 'again', '?request=b-2'))).toEqual(['a-2=b-2 equal']);
    const without = await diff('first', 'reworded', '?text=false');
    expect(without.data.steps[2]).toMatchObject({ changed: ['model', 'response'], request: null, response: null });
  });

  test('is refused where a parameter says nothing, and of requests and sessions that there are not', async () => {
    const status = async (path: string) => (await api.server.call({ path, key: 'acme:r' })).status;
    for (const query of [
      'limit=0',
      'limit=1001',
      'limit=1e2',
      'limit=2&limit=3',
      'cursor=zq',
      'cursor=W10&cursor=W10',
    ]) {
      expect([query, await status(`/v1/session/first/diff/again?${query}`)]).toEqual([query, 400]);
    }
    const error = async (query: string) => {
      const { json, status: code } = await api.server.call({
        path: `/v1/session/first/diff/again?${query}`,
        key: 'acme:r',
      });
      return [code, (json as { error: string }).error];
    };
    expect(await error('changed=maybe')).toEqual([400, 'The query parameter changed has to be true or false']);
    expect(await error('text=no')).toEqual([400, 'The query parameter text has to be true or false']);
    expect(await error('path=/a&path=/b')).toEqual([400, 'The query parameter path has to be given once']);
    expect(await error('request=zzz')).toEqual([404, 'Request not found']);
    expect(await error('request=c-1')).toEqual([404, 'Request not found']);
    expect(lines(await diff('first', 'again', '?request=a-1&path=/elsewhere'))).toEqual([]);
    expect(lines(await diff('first', 'again', '?changed=&text=&request=&path='))).toHaveLength(4);
    expect(await status('/v1/session/first/diff/nobodys')).toBe(404);
    expect(await status('/v1/session/nobodys/diff/first')).toBe(404);
  });
});

test('many at once are answered, or refused with what to do', async () => {
  const path = '/v1/session/first/diff/reworded';
  const answers = await Promise.all(Array.from({ length: 40 }, () => api.server.call({ path, key: 'acme:r' })));
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(18);
  expect(statuses.filter((status) => status !== 200 && status !== 429)).toEqual([]);
});

describe('who may see it', () => {
  test('sessions of another tenant are not there, also where their ids are', async () => {
    const status = async (path: string) => (await api.server.call({ path, key: 'acme:rw' })).status;
    expect(await status('/v1/session/first/diff/theirs')).toBe(404);
    expect(await status('/v1/session/theirs/diff/first')).toBe(404);
    const rivals = await diff('first', 'theirs', '', 'rival:r');
    expect(rivals.data.summary.a.figures.requests).toBe(1);
    expect(JSON.stringify(await diff('first', 'again'))).not.toContain('Rivals');
  });

  test('keys that may not read bodies see figures, and nothing of what was said', async () => {
    const { data } = await diff('first', 'reworded', '', 'acme:m');
    expect(data.steps.map(({ changed, compared, a }) => [changed.join(), compared, a!.request])).toEqual(
      TURNS.map(() => ['model', false, 'not_permitted']),
    );
    expect(JSON.stringify(data)).not.toContain('HAT');
    expect(data.summary.steps.not_compared).toBe(4);
  });
});
