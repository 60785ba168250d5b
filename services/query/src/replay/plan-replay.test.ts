import { describe, expect, test } from '@jest/globals';
import type { ReplayBody } from '@throughline/contracts/api/session-replay';
import { recordedStep } from '../../test/recorded-step.ts';
import { planReplay } from './plan-replay.ts';
import { keyHeader } from './provider-keys.ts';
import type { RecordedStep } from './recorded-steps.ts';

const CONTEXT = { sessionId: 's', sessionIds: ['s-again'], nowMs: Date.UTC(2026, 9, 1), providerOrigins: {} };

function planned(steps: readonly Partial<RecordedStep>[], body: ReplayBody = {}) {
  return planReplay(
    steps.map((step, at) => recordedStep({ requestId: `r${at + 1}`, ...step })),
    body,
    CONTEXT,
  );
}

function targetOf(step: Partial<RecordedStep>, body: ReplayBody = {}) {
  const [one] = planned([step], body).steps;
  if (!one?.target) throw new Error('it is not sent');
  return one.target;
}

describe('a step goes', () => {
  test.each<[string, Partial<RecordedStep>, ReplayBody, object]>([
    [
      'to the host that was asked',
      {},
      {},
      { route: '/v1/gateway/gateway/v1/chat/completions', targetHeader: 'https://api.openai.com' },
    ],
    [
      'to another host of the same provider, if that was asked',
      { targetUrl: 'https://eu.api.openai.com/v1/chat/completions' },
      {},
      { targetHeader: 'https://eu.api.openai.com', keyName: 'OPENAI' },
    ],
    [
      'to the provider as the gateway knows it, where the recorded host is not seen to be its own',
      { targetUrl: 'https://evil.example/v1/chat/completions' },
      {},
      { route: '/v1/gateway/openai/v1/chat/completions', targetHeader: undefined, keyName: 'OPENAI' },
    ],
    [
      'nor to a port or in clear text',
      { targetUrl: 'http://api.openai.com/v1/chat/completions' },
      {},
      { route: '/v1/gateway/openai/v1/chat/completions', targetHeader: undefined },
    ],
    [
      'to a host that is in no table, under its own name',
      { provider: 'https://llm.example', targetUrl: 'https://llm.example/v1/chat/completions' },
      {},
      { targetHeader: 'https://llm.example', keyName: 'https://llm.example', known: undefined },
    ],
    [
      'to a provider that is named',
      {},
      { overrides: { provider: 'groq' } },
      { route: '/v1/gateway/groq/v1/chat/completions', keyName: 'GROQ', provider: 'GROQ' },
    ],
    [
      'to an origin that is named, on the recorded path',
      {},
      { overrides: { targetUrl: 'https://llm.example:8443' } },
      { route: '/v1/gateway/gateway/v1/chat/completions', targetHeader: 'https://llm.example:8443' },
    ],
    [
      'to an endpoint that is named',
      { targetUrl: 'custom-model-nopath', path: 'custom-model-nopath' },
      { overrides: { targetUrl: 'https://api.groq.com/openai/v1/chat/completions?a=b' } },
      {
        route: '/v1/gateway/gateway/openai/v1/chat/completions?a=b',
        targetHeader: 'https://api.groq.com',
        keyName: 'GROQ',
      },
    ],
    [
      'without parameters that were masked',
      {
        provider: 'GOOGLE',
        targetUrl: 'https://generativelanguage.googleapis.com/x',
        path: '/v1beta/models/a:generateContent?key=***&alt=sse',
      },
      { overrides: { model: 'b' } },
      {
        path: '/v1beta/models/b:generateContent?alt=sse',
        route: '/v1/gateway/gateway/v1beta/models/b:generateContent?alt=sse',
      },
    ],
  ])('%s', (_, step, body, expected) => {
    expect(targetOf(step, body)).toMatchObject(expected);
  });
});

test('it is told where the gateway sends calls of a provider, and keys are given as its own host takes them', () => {
  const origins = { OPENAI: 'http://127.0.0.1:8899', AZURE: 'https://azure.example' };
  const told = (
    step: Partial<RecordedStep>,
    body: ReplayBody = {},
    providerOrigins: Record<string, string> = origins,
  ) => {
    const { plan, steps } = planReplay([recordedStep(step)], body, { ...CONTEXT, providerOrigins });
    return [plan.plan[0]!.target, steps[0]!.target!.targetHeader, steps[0]!.target!.origin];
  };
  const openai = 'https://api.openai.com';
  expect(told({})).toEqual(['http://127.0.0.1:8899', openai, openai]);
  expect(told({}, {}, {})).toEqual([openai, openai, openai]);
  // By the label, since the recorded host is not seen to be the provider's.
  expect(told({ targetUrl: 'http://127.0.0.1:1/v1/chat/completions' })).toEqual([origins.OPENAI, undefined, openai]);
  expect(told({}, { overrides: { targetUrl: 'https://eu.api.openai.com' } })[0]).toBe(origins.OPENAI);
  expect(told({}, { overrides: { targetUrl: 'https://llm.example' } })[0]).toBe('https://llm.example');
  expect(told({}, { overrides: { provider: 'azure' } })[0]).toBe('https://azure.example');
  // Of an account that the gateway alone may know.
  expect(told({}, { overrides: { provider: 'azure' } }, {})[0]).toBe('');
});

describe('a step cannot be replayed', () => {
  const lost = (over: object) => ({
    bytes: 10,
    isTruncated: false,
    encoding: 'utf8',
    ...over,
  });
  test.each<[string, Partial<RecordedStep>, ReplayBody, string]>([
    ['whose request was deleted', { request: lost({ encoding: 'deleted' }) }, {}, 'its request body was deleted'],
    [
      'whose request was lost',
      { request: lost({ encoding: 'missing' }) },
      {},
      'its request body was lost before it could be stored',
    ],
    [
      'whose request was omitted',
      { request: lost({ encoding: 'omitted' }) },
      {},
      'its request body was not to be stored',
    ],
    [
      'whose request was cut',
      { request: lost({ isTruncated: true }) },
      {},
      'only the beginning of its request body was kept',
    ],
    ['whose request was not recorded', { request: lost({ bytes: 0 }) }, {}, 'its request body is empty'],
    [
      'whose request has expired',
      { request: lost({ encoding: undefined }) },
      {},
      'its request body is not kept any more',
    ],
    [
      'whose response is to be replaced and was deleted',
      { response: lost({ encoding: 'deleted' }) },
      { thread: true },
      'its response body was deleted',
    ],
    [
      'that is a tool without its response',
      { kind: 'tool', response: lost({ encoding: 'missing' }) },
      {},
      'its response body was lost before it could be stored',
    ],
    [
      'that was logged by hand',
      { targetUrl: 'custom-model-nopath' },
      {},
      'it was logged by hand, without a URL to send it to: give a targetUrl',
    ],
    [
      'of a socket',
      { method: 'GET', path: '/v1/realtime?model=x' },
      {},
      'it is a turn of a socket, which cannot be opened again',
    ],
  ])('%s', (_, step, body, reason) => {
    const { plan, steps } = planned([{}, { sessionPath: '/b', ...step }], body);
    expect(plan.problems).toEqual([{ request_id: 'r2', path: '/b', reason }]);
    expect(plan.plan.map((one) => [one.action, one.reason])).toEqual([
      ['send', null],
      ['cannot', reason],
    ]);
    // It is counted among what is done nowhere.
    expect([plan.steps, plan.sends, plan.copies, plan.left_out, plan.unpriced_steps]).toEqual([1, 1, 0, 0, 0]);
    expect(steps.map(({ index }) => index)).toEqual([1]);
  });
});

test('what asked for nothing is left out, and what was no call to a model is copied', () => {
  const { plan, steps } = planned([
    { method: 'GET', path: '/v1/models' },
    { kind: 'tool', provider: 'CUSTOM', targetUrl: 'x' },
    {},
  ]);
  expect(plan.plan.map(({ action }) => action)).toEqual(['leave-out', 'copy', 'send']);
  expect(steps.map(({ index }) => index)).toEqual([2, 3]);
  expect(plan).toMatchObject({ steps: 2, sends: 1, copies: 1, left_out: 1, blocked: 0, problems: [] });
});

describe('what the gateway kept from the provider', () => {
  const limited: RecordedStep['properties'] = [['Helicone-Rate-Limit-Status', 'bucket_rate_limited']];
  const failed = { isError: true, prompt_tokens: null, completion_tokens: null, costPico: 0n };

  test.each<[string, Partial<RecordedStep>]>([
    ['as a threat', { status: -4, errorType: 'PROMPT_THREAT_DETECTED' }],
    ['as flagged', { status: 400, errorType: 'PROMPT_FLAGGED_FOR_MODERATION' }],
    ['by a rate limit', { status: 429, errorType: 'status_429', properties: limited }],
    ['without its body', { status: -4, request: { bytes: 10, isTruncated: false, encoding: 'omitted' } }],
  ])('is left out, and counted apart: %s', (_, step) => {
    const { plan, steps } = planned([{}, { ...failed, ...step }, { method: 'GET' }]);
    expect(plan).toMatchObject({ steps: 1, sends: 1, left_out: 2, blocked: 1, unpriced_steps: 0, problems: [] });
    expect(plan.plan.map(({ action }) => action)).toEqual(['send', 'leave-out', 'leave-out']);
    expect(plan.plan.map(({ reason }) => reason)).toEqual([
      null,
      expect.stringMatching(/ was not sent$/),
      'it asked a model for nothing',
    ]);
    expect(steps.map(({ index }) => index)).toEqual([1]);
  });

  test.each<[string, Partial<RecordedStep>]>([
    ['a limit of the provider', { status: 429, errorType: 'rate_limit_exceeded' }],
    ['another error', { status: 400, errorType: 'invalid_request_error' }],
    ['an answer under a limit', { properties: limited, isError: false }],
    ['a call that was cancelled', { status: -3, errorType: 'cancelled' }],
    ['a tool that failed so', { kind: 'tool', status: 429, properties: limited }],
  ])('is not %s', (_, step) => {
    expect(planned([{ ...failed, ...step }]).plan).toMatchObject({ steps: 1, left_out: 0, blocked: 0 });
  });
});

test('it is estimated what the recorded tokens cost, as far as that is known', () => {
  const tokens = { prompt_tokens: 1_000_000, completion_tokens: 100_000 };
  // 0.15 and 0.60 USD for a million tokens of gpt-4o-mini.
  expect(planned([tokens]).plan).toMatchObject({ estimated_cost: 0.21, unpriced_steps: 0 });
  expect(planned([tokens, { prompt_tokens: null, completion_tokens: null, costPico: null }]).plan).toMatchObject({
    estimated_cost: 0.21,
    unpriced_steps: 1,
  });
  // Recorded with a cost that no table tells, it is taken to cost the same.
  expect(planned([{ ...tokens, model: 'nobodys', costPico: 5_000_000_000n }]).plan.estimated_cost).toBe(0.005);
  expect(planned([{ ...tokens, model: 'nobodys' }], { overrides: { model: 'nobodys-other' } }).plan).toMatchObject({
    estimated_cost: null,
    unpriced_steps: 1,
  });
  // What a cache gave away costs something, though nobody knows how much.
  expect(
    planned([{ ...tokens, prompt_tokens: 0, completion_tokens: 0, costPico: 0n, isFromCache: true }]).plan,
  ).toMatchObject({
    estimated_cost: null,
    unpriced_steps: 1,
  });
  // An error was free, and what is asked for again is its answer.
  const failed = { status: 500, isError: true, prompt_tokens: null, completion_tokens: null, costPico: 0n };
  const none = planned([failed, { ...failed, status: 200 }, { kind: 'tool' }]).plan;
  expect(none).toMatchObject({ estimated_cost: null, unpriced_steps: 2 });
  expect(none.plan.map((step) => step.estimated_cost)).toEqual([null, null, 0]);
  expect(planned([tokens, failed]).plan).toMatchObject({ estimated_cost: 0.21, unpriced_steps: 1 });
  // What is free when it succeeds, and what sends nothing, is known to cost nothing.
  expect(planned([{ ...failed, status: 200, isError: false }]).plan).toMatchObject({
    estimated_cost: 0,
    unpriced_steps: 0,
  });
  expect(planned([{ kind: 'tool' }]).plan).toMatchObject({ estimated_cost: 0, unpriced_steps: 0 });
  const cached = planned([{ ...tokens, prompt_tokens: 0, prompt_cache_read_tokens: 1_000_000 }]).plan.estimated_cost;
  expect(cached).toBeCloseTo(0.135, 12);
});

describe('keys', () => {
  const claude = { provider: 'ANTHROPIC', targetUrl: 'https://api.anthropic.com/v1/messages', path: '/v1/messages' };
  const stranger = { provider: 'https://llm.example', targetUrl: 'https://llm.example/v1/chat/completions' };

  test('go to the provider that they were given for, and to no other', () => {
    const work = planned([{}, claude, stranger], {
      providerKeys: { openai: 'sk-o', Anthropic: 'sk-a', 'https://other.example/': 'sk-x' },
    });
    expect(work.steps.map(({ target }) => target && work.keys.keyFor(target))).toEqual(['sk-o', 'sk-a', undefined]);
    expect(work.plan.needs_keys).toEqual([]);
    const own = planned([stranger], { providerKeys: { 'https://llm.example/v1': 'sk-x' } });
    expect(own.keys.keyFor(own.steps[0]!.target!)).toBe('sk-x');
    expect(planned([{}, claude]).plan.needs_keys).toEqual(['OPENAI', 'ANTHROPIC']);
  });

  test('one key is for one provider, and for no host that only the record names', () => {
    expect(planned([{}, {}], { providerKey: 'sk-o' }).plan.needs_keys).toEqual([]);
    expect(() => planned([{}, claude], { providerKey: 'sk-o' })).toThrow(
      'providerKey is one key, and these are asked: OPENAI, ANTHROPIC',
    );
    expect(() => planned([stranger], { providerKey: 'sk-o' })).toThrow(
      'https://llm.example is no provider that is known',
    );
    const asked = planned([{}, claude], {
      providerKey: 'sk-x',
      overrides: { targetUrl: 'https://llm.example/v1/chat/completions' },
    });
    expect(asked.steps.map(({ target }) => asked.keys.keyFor(target!))).toEqual(['sk-x', 'sk-x']);
  });

  test('are in no text that was scrubbed', () => {
    const { keys } = planned([{}], { providerKey: 'sk-$&', providerKeys: { GROQ: 'sk-g' } });
    expect(keys.scrub('sk-$& and sk-g, sk-$&')).toBe('*** and ***, ***');
  });

  test.each<[Partial<RecordedStep>, ReplayBody, string]>([
    [{}, {}, 'Authorization'],
    [claude, {}, 'x-api-key'],
    [
      { provider: 'AZURE', targetUrl: 'https://me.openai.azure.com/openai/deployments/x/chat/completions' },
      {},
      'api-key',
    ],
    [
      {
        provider: 'GOOGLE',
        targetUrl: 'https://generativelanguage.googleapis.com/',
        path: '/v1beta/models/a:generateContent',
      },
      {},
      'x-goog-api-key',
    ],
    [
      {
        provider: 'GOOGLE',
        targetUrl: 'https://generativelanguage.googleapis.com/',
        path: '/v1beta/openai/chat/completions',
      },
      {},
      'Authorization',
    ],
    [
      {
        provider: 'GOOGLE',
        targetUrl: 'https://us-central1-aiplatform.googleapis.com/',
        path: '/v1/models/a:generateContent',
      },
      {},
      'Authorization',
    ],
    [claude, { overrides: { targetUrl: 'https://llm.example' } }, 'x-api-key'],
    [{}, { overrides: { targetUrl: 'https://llm.example' } }, 'Authorization'],
  ])('are sent as the provider takes them: %#', (step, body, header) => {
    expect(keyHeader(targetOf(step, body), 'sk')).toEqual([header, header === 'Authorization' ? 'Bearer sk' : 'sk']);
  });
});
