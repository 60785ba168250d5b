import { describe, expect, test } from '@jest/globals';
import { decodeProtobufTraces } from '@throughline/gateway/ingest/otlp/decode-traces';
import { readSpans } from '@throughline/gateway/ingest/otlp/read-spans';
import { SPANS_PER_EXPORT } from './logged-calls.ts';
import { planSessions } from './planned-sessions.ts';
import { sessionExports } from './session-spans.ts';

const ENDS_AT = Date.UTC(2026, 10, 22);
const sessions = planSessions(600, ENDS_AT);
const exports = sessionExports(sessions);
const spans = exports.map(({ call }) => readSpans(decodeProtobufTraces(Buffer.from(call.body, 'base64'))).spans);

describe('planned sessions', () => {
  test('are the same at every run, begin one after the other, and have ended when they are planned', () => {
    expect(planSessions(600, ENDS_AT)).toEqual(sessions);
    const starts = sessions.map(({ startMs }) => startMs);
    expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
    expect(sessions.every(({ startMs, endMs }) => startMs < endMs && endMs <= ENDS_AT)).toBe(true);
    expect(new Set(sessions.map(({ id }) => id)).size).toBe(600);
  });

  test('cost what their tokens cost', () => {
    const cheap = sessions.find(({ model, runs }) => model === 'gpt-4o-mini' && runs.length === 1)!;
    const [{ promptTokens, completionTokens }] = cheap.runs as [(typeof cheap.runs)[number]];
    expect(Number(cheap.costPico)).toBe(promptTokens * 150_000 + completionTokens * 600_000);
    expect(cheap.tokens).toBe(promptTokens + completionTokens);
  });
});

describe('their spans', () => {
  test('come in exports of whole sessions, each session once', () => {
    expect(exports.flatMap((one) => one.sessions)).toEqual(sessions);
    for (const [number, one] of exports.entries()) {
      expect(spans[number]).toHaveLength(one.spans);
      expect(one.spans).toBeLessThanOrEqual(SPANS_PER_EXPORT);
      const named = new Set(spans[number]!.map(({ attributes }) => attributes.get('session.id')));
      expect([...named]).toEqual(one.sessions.map(({ id }) => id));
    }
  });

  test('have ids of their own, and parents in their traces', () => {
    const all = spans.flat();
    const traces = new Map(all.map(({ spanId, traceId }) => [spanId, traceId]));
    expect(traces.size).toBe(all.length);
    const children = all.filter(({ parentSpanId }) => parentSpanId !== '');
    expect(children).toHaveLength((all.length / 3) * 2);
    expect(children.filter(({ traceId, parentSpanId }) => traces.get(parentSpanId) !== traceId)).toEqual([]);
  });

  test('say of a session what was planned', () => {
    const tokens = (id: string) =>
      spans
        .flat()
        .filter(({ attributes }) => attributes.get('session.id') === id)
        .reduce((sum, { attributes }) => sum + Number(attributes.get('llm.token_count.total') ?? 0), 0);
    const failed = (id: string) =>
      spans.flat().some(({ attributes, isError }) => isError && attributes.get('session.id') === id);
    for (const session of [sessions[0]!, sessions[1]!, sessions.find(({ hasFailed }) => hasFailed)!]) {
      expect(tokens(session.id)).toBe(session.tokens);
      expect(failed(session.id)).toBe(session.hasFailed);
    }
  });
});
