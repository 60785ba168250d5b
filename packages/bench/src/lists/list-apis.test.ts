import { describe, expect, test } from '@jest/globals';
import type { Caller, HttpCall } from './list-api.ts';
import type { ListQuestion } from './list-question.ts';
import { ourLists } from './our-lists.ts';
import { phoenixLists } from './phoenix-lists.ts';

const WINDOW = { startMs: 1_000, endMs: 2_000 };
const list = (more: Partial<Extract<ListQuestion, { kind: 'list' }>> = {}): ListQuestion => ({
  kind: 'list',
  name: 'list',
  by: 'start',
  page: 1,
  ...more,
});

/** Answers calls in turn, and keeps them. */
function answering(...answers: readonly object[]): { readonly call: Caller; readonly calls: HttpCall[] } {
  const left = [...answers];
  const calls: HttpCall[] = [];
  return {
    calls,
    async call(one) {
      calls.push(one);
      return JSON.stringify(left.shift());
    },
  };
}

describe('our lists', () => {
  const page = { data: [{ session_id: 'a', total_tokens: 7, total_cost: 0.5 }], next_cursor: 'behind' };

  test('the second page is asked for by the cursor of the first', async () => {
    const { call } = answering(page);
    const prepared = await ourLists(call, WINDOW).prepare(list({ page: 2 }));
    expect(prepared!.calls(0)).toEqual([
      expect.objectContaining({ body: expect.objectContaining({ cursor: 'behind' }) }),
    ]);
    const sessions = [{ id: 'a', tokens: 7, costUsd: 0.5 }];
    expect(prepared!.read([JSON.stringify(page)])).toEqual({ kind: 'list', sessions });
  });

  test('a session with what it said is read from its requests, runs by themselves', async () => {
    const { call } = answering();
    const question: ListQuestion = { kind: 'session', name: 'one', sessionId: 'a', withTexts: true };
    const prepared = await ourLists(call, WINDOW).prepare(question);
    const requests = [{ request_body: { name: 'agent', input: 'why?' } }, { request_body: { model: 'm' } }];
    const answers = [{ data: page.data[0] }, { data: requests }].map((answer) => JSON.stringify(answer));
    expect(prepared!.calls(0)).toHaveLength(2);
    expect(prepared!.read(answers)).toMatchObject({ session: { id: 'a' }, spans: 2, questions: ['why?'] });
  });
});

describe('Phoenix’s lists', () => {
  const project = { data: { getProjectByName: { id: 'P' } } };
  const shown = { id: 'S', sessionId: 'a', tokenUsage: { total: 7 }, costSummary: { total: { cost: null } } };
  const page = { data: { node: { sessions: { edges: [{ session: shown }], pageInfo: { endCursor: 'behind' } } } } };

  test('the second page is asked for by the cursor of the first', async () => {
    const { call } = answering(project, page);
    const prepared = await phoenixLists(call, 'default', WINDOW).prepare(list({ page: 2 }));
    expect(prepared!.calls(0)[0]!.body).toMatchObject({ variables: { id: 'P', after: 'behind' } });
    const sessions = [{ id: 'a', tokens: 7, costUsd: 0 }];
    expect(prepared!.read([JSON.stringify(page)])).toEqual({ kind: 'list', sessions });
  });

  test('each time the window is another one', async () => {
    const { call } = answering(project);
    const prepared = await phoenixLists(call, 'default', WINDOW).prepare({ kind: 'count', name: 'count' });
    const asked = [0, 1].map((time) => JSON.stringify(prepared!.calls(time)));
    expect(asked[0]).not.toBe(asked[1]);
  });

  test('the project is looked for once', async () => {
    const { call, calls } = answering(project);
    const api = phoenixLists(call, 'default', WINDOW);
    await api.prepare(list());
    await api.prepare(list({ by: 'cost' }));
    expect(calls).toHaveLength(1);
  });

  test('what it does not offer is no question to it', async () => {
    const { call } = answering(project);
    expect(await phoenixLists(call, 'default', WINDOW).prepare(list({ by: 'duration' }))).toBeUndefined();
  });

  test('errors come with status 200, and are errors', async () => {
    const { call } = answering(project);
    const prepared = await phoenixLists(call, 'default', WINDOW).prepare(list());
    expect(() => prepared!.read(['{"data":null,"errors":[{"message":"no such field"}]}'])).toThrow(/no such field/);
  });
});
