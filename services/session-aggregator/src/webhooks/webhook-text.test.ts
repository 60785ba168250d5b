import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ToldCall } from './read-calls.ts';
import { webhookText } from './webhook-text.ts';

const TOLD: ToldCall = {
  userId: '',
  sessionName: '',
  sessionPath: '',
  properties: [],
  provider: 'OPENAI',
  model: 'gpt-4o-mini',
  status: 200,
  requestAt: 0,
  latencyMs: 5,
  promptTokens: null,
  completionTokens: null,
  costUsd: null,
  request: { text: '{}', truncated: false },
  response: { text: '', truncated: true },
};
const CALL = { requestId: 'request', sessionId: '' };
const told = (over: Partial<ToldCall>, includeData = true) =>
  JSON.parse(webhookText({ includeData }, CALL, { ...TOLD, ...over }, undefined));

test('says of nothing that is unknown that it was nought', () => {
  const nothing = { cost: null, promptTokens: null, completionTokens: null, totalTokens: null };
  expect(told({}).metadata).toEqual({ ...nothing, latencyMs: 5 });
  expect(told({ promptTokens: 3 }).metadata).toMatchObject({ promptTokens: 3, completionTokens: null, totalTokens: 3 });
  expect(told({ promptTokens: 0, completionTokens: 0, costUsd: 0 }).metadata).toMatchObject({
    totalTokens: 0,
    cost: 0,
  });
});

test('is the same text for whoever parses it and writes it again, whatever callers have named', () => {
  const name = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', '2', '10', '-0'));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(name, fc.string({ unit: 'binary' }))),
      fc.string({ unit: 'binary' }),
      fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 })),
      (properties, text, costUsd) => {
        const said = webhookText(
          { includeData: true },
          { requestId: text, sessionId: text },
          { ...TOLD, properties, userId: text, costUsd, request: { text, truncated: false } },
          'https://api.example/',
        );
        const parsed = JSON.parse(said);
        expect(JSON.stringify(parsed)).toBe(said);
        expect(new Map(Object.entries(parsed.properties))).toEqual(new Map(properties));
      },
    ),
  );
});
