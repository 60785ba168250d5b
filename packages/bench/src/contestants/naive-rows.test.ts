import { describe, expect, test } from '@jest/globals';
import { TABLES } from '@throughline/analytics/tables';
import type { RequestEvent } from '@throughline/contracts/request-event';
import { buildRequestRow } from '@throughline/session-aggregator/steps/build-request-row';
import { chatAnswer, chatCalls } from '../traffic/chat-calls.ts';
import { naiveCall } from './naive-rows.ts';
import { finishedCall } from './prepare-log.ts';

const made = finishedCall(chatCalls()[3]!, Buffer.from(chatAnswer()), { at: Date.UTC(2026, 10, 22) });
const event: RequestEvent = { ...made, producer: { id: 'p', seq: 7 }, partition: 0, received_at: made.response_at };
const naive = naiveCall(event, 41);
const { row, bodies } = buildRequestRow(event, 0, 41);

describe('a naive consumer', () => {
  test.each(['requests', 'request_bodies'] as const)('fills columns of %s only', (table) => {
    const known = new Set(TABLES[table].map(({ name }) => name));
    const given = Object.keys(JSON.parse(naive.lines[table]));
    expect(given.length).toBeGreaterThan(8);
    expect(given.filter((name) => !known.has(name as never))).toEqual([]);
  });

  test('stores of a call what the product stores, as far as it does', () => {
    const line = JSON.parse(naive.lines.requests);
    const same = Object.keys(line).filter(
      (name) => typeof line[name] !== 'object' && !/_at$|^cost$|^version$/.test(name),
    );
    expect(same.length).toBeGreaterThan(25);
    for (const name of same) expect([name, line[name]]).toEqual([name, row[name as keyof typeof row]]);
    expect(naive).toMatchObject({
      sessionId: row.session_id,
      costPico: row.cost_pico,
      promptTokens: row.prompt_tokens,
      completionTokens: row.completion_tokens,
    });
    const { request_body, response_body } = JSON.parse(naive.lines.request_bodies);
    expect([request_body, response_body]).toEqual([bodies.request_body, bodies.response_body].map(String));
  });
});
