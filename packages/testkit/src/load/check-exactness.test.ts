import { describe, expect, test } from '@jest/globals';
import { picoToUsd, usdToPico } from '@throughline/contracts/money';
import type { ApiRequest, ApiSession, ExactnessApi } from '../api-client.ts';
import { checkExactness } from './check-exactness.ts';
import { createLedger, type Ledger, type LedgerCall } from './ledger.ts';

const USAGE = {
  model: 'gpt-4o-mini-2024-07-18',
  prompt_tokens: 10,
  completion_tokens: 5,
  reasoning_tokens: 0,
  prompt_cache_read_tokens: 0,
  prompt_cache_write_tokens: 0,
};

function ledgerOf(...calls: Partial<LedgerCall>[]): Ledger {
  const ledger = createLedger();
  for (const call of calls) {
    const number = ledger.nextCall();
    ledger.add({
      call: number,
      requestId: `id-${number}`,
      sessionId: 's1',
      sessionName: 'n',
      sessionPath: '/p',
      userId: 'u',
      received: 'full',
      status: 200,
      usage: USAGE,
      costPico: 4_500_000n,
      ...call,
    });
  }
  return ledger;
}

/** An API that answers from rows: exact unless a test bends it. */
function apiOf(
  rows: readonly ApiRequest[],
  bend: (session: ApiSession) => Partial<ApiSession> = () => ({}),
): ExactnessApi {
  const ids = [...new Set(rows.flatMap(({ session_id }) => (session_id ? [session_id] : [])))];
  const sessionOf = (id: string) => {
    const own = rows.filter(({ session_id }) => session_id === id);
    const total = own.reduce((sum, { cost }) => sum + usdToPico(cost ?? 0)!, 0n);
    const session = {
      session_id: id,
      total_requests: own.length,
      total_cost: picoToUsd(total),
      prompt_tokens: own.reduce((sum, row) => sum + (row.prompt_tokens ?? 0), 0),
      completion_tokens: own.reduce((sum, row) => sum + (row.completion_tokens ?? 0), 0),
      error_count: 0,
    } as ApiSession;
    const node = { requests: own.length, cost: 0, errors: 0 };
    return { ...session, ...bend(session), tree: [{ path: '/', own: node, total: node, children: [] }] };
  };
  return {
    requests: async () => [...rows],
    sessions: async () => ids.map(sessionOf),
    session: async (id) => (ids.includes(id) ? sessionOf(id) : undefined),
    sessionRequests: async (id) => rows.filter(({ session_id }) => session_id === id),
    count: async () => ({
      count: ids.length,
      total_cost: picoToUsd(ids.reduce((sum, id) => sum + usdToPico(sessionOf(id).total_cost)!, 0n)),
      avg_requests: 0,
    }),
  };
}

function rowOf(call: LedgerCall, bend: Partial<ApiRequest> = {}): ApiRequest {
  return {
    request_id: call.requestId,
    properties: { call: String(call.call) },
    session_id: call.sessionId,
    session_name: call.sessionName,
    session_path: call.sessionPath,
    request_user_id: call.userId,
    response_status: call.status,
    prompt_tokens: 10,
    completion_tokens: 5,
    cost: 0.0000045,
    usage_complete: true,
    error: null,
    ...bend,
  } as ApiRequest;
}

const check = (ledger: Ledger, api: ExactnessApi) => checkExactness(ledger, api, { timeoutMs: 1 });

describe('checkExactness', () => {
  test('reports what it found when all agrees', async () => {
    const ledger = ledgerOf(
      {},
      { sessionId: null, sessionName: '', sessionPath: '' },
      { received: 'none', usage: null },
    );
    const report = await check(ledger, apiOf(ledger.calls.map((call) => rowOf(call))));
    expect(report).toEqual({ calls: 3, fullyReceived: 2, visibleInFlight: 1, rows: 3, sessions: 1, costUsd: 0.000009 });
  });

  test('lets calls that were in flight be missing', async () => {
    const ledger = ledgerOf({}, { received: 'partial' });
    await expect(check(ledger, apiOf([rowOf(ledger.calls[0]!)]))).resolves.toMatchObject({ visibleInFlight: 0 });
  });

  test('lets forgiven calls be missing, and earlier ones not', async () => {
    const ledger = ledgerOf({}, {}, {});
    const forgiven = ledger.forgiveSince(1);
    expect(forgiven.map(({ call }) => call)).toEqual([1, 2]);
    await expect(check(ledger, apiOf([rowOf(ledger.calls[0]!)]))).resolves.toMatchObject({ fullyReceived: 1 });
    await expect(check(ledger, apiOf([rowOf(ledger.calls[1]!)]))).rejects.toThrow('call 0 (id-0) was received in full');
  });

  test.each<[string, (ledger: Ledger) => ExactnessApi]>([
    ['received in full but is not visible', () => apiOf([])],
    ['is visible 2 times', ({ calls }) => apiOf([rowOf(calls[0]!), rowOf(calls[0]!, { request_id: 'other' })])],
    ['cost is 4500001', ({ calls }) => apiOf([rowOf(calls[0]!, { cost: 0.000004500001 })])],
    ['prompt_tokens is 11', ({ calls }) => apiOf([rowOf(calls[0]!, { prompt_tokens: 11 })])],
    ['session_path is /q', ({ calls }) => apiOf([rowOf(calls[0]!, { session_path: '/q' })])],
    ['never made', ({ calls }) => apiOf([rowOf(calls[0]!), rowOf(calls[0]!, { properties: { call: '99' } })])],
    ['4500001 picodollars', ({ calls }) => apiOf([rowOf(calls[0]!)], () => ({ total_cost: 0.000004500001 }))],
    ['2 requests', ({ calls }) => apiOf([rowOf(calls[0]!)], () => ({ total_requests: 2 }))],
  ])('names a difference: %s', async (words, api) => {
    const ledger = ledgerOf({});
    await expect(check(ledger, api(ledger))).rejects.toThrow(words);
  });

  test('names a call in flight that is counted twice, and one that was refused but is visible', async () => {
    const flight = ledgerOf({ received: 'none', requestId: null });
    const twice = [rowOf(flight.calls[0]!, { request_id: 'a' }), rowOf(flight.calls[0]!, { request_id: 'b' })];
    await expect(check(flight, apiOf(twice))).rejects.toThrow('is visible 2 times');
    const refused = ledgerOf({ received: 'refused' });
    await expect(check(refused, apiOf([rowOf(refused.calls[0]!)]))).rejects.toThrow('not recorded but is visible');
  });
});
