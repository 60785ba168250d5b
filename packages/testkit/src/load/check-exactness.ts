import { picoToUsd, usdToPico } from '@throughline/contracts/money';
import type { ApiNode, ApiRequest, ApiSession, ExactnessApi } from '../api-client.ts';
import { Hopeless, waitFor } from '../wait-for.ts';
import type { Ledger, LedgerCall } from './ledger.ts';

/** What was found when everything agreed. */
export interface ExactnessReport {
  readonly calls: number;
  readonly fullyReceived: number;
  /** Calls not received in full that are visible all the same: allowed, once each. */
  readonly visibleInFlight: number;
  readonly rows: number;
  readonly sessions: number;
  readonly costUsd: number;
}

export interface ExactnessOptions {
  /** Default 15 s. */
  readonly timeoutMs?: number;
  /** How many times the price of this package's table a row costs: another price table may have been at work. Default 1. */
  readonly costFactor?: (row: ApiRequest) => bigint;
}

/** Differences named in an error; the rest is counted. */
const NAMED_MAX = 20;

/** Sessions whose requests are also read one by one through their own endpoint. */
const SESSIONS_READ_SINGLY = 25;

/**
 * Reads everything back through the query API and compares it with what the clients know: every call received in full
 * is visible once with what it was sent with, none is visible twice, totals of sessions equal the sums over their rows
 * to 1e-12 USD, and lists, counts and single sessions agree.
 *
 * The server may still be catching up, so a difference that time can mend is looked at again until `timeoutMs`; a call
 * that is counted twice fails at once.
 *
 * @throws with the differences, when they stay.
 */
export async function checkExactness(
  ledger: Ledger,
  api: ExactnessApi,
  options: ExactnessOptions = {},
): Promise<ExactnessReport> {
  return waitFor(
    async () => {
      const found = await compareOnce(ledger, api, options.costFactor);
      if (found.never.length > 0) throw new Hopeless(describe(found.never));
      if (found.notYet.length > 0) throw new Error(describe(found.notYet));
      return found.report;
    },
    { timeoutMs: options.timeoutMs ?? 15_000, intervalMs: 100, what: 'agreement of ledger and API' },
  );
}

interface Comparison {
  /** Differences that no waiting can mend. */
  readonly never: readonly string[];
  readonly notYet: readonly string[];
  readonly report: ExactnessReport;
}

async function compareOnce(
  ledger: Ledger,
  api: ExactnessApi,
  costFactor: (row: ApiRequest) => bigint = () => 1n,
): Promise<Comparison> {
  const rows = await api.requests();
  const listed = await api.sessions();
  const count = await api.count();
  const never: string[] = [];
  const notYet: string[] = [];

  const byCall = groupBy(rows, (row) => (Object.hasOwn(row.properties, 'call') ? row.properties.call! : ''));
  const known = new Set(ledger.calls.map(({ call }) => String(call)));
  for (const [call, same] of byCall) {
    if (call === '') continue;
    if (same.length > 1)
      never.push(`call ${call} is visible ${same.length} times: ${same.map(({ request_id }) => request_id)}`);
    if (!known.has(call)) notYet.push(`call ${call} is visible but was never made`);
  }
  let visibleInFlight = 0;
  for (const call of ledger.calls) {
    const row = byCall.get(String(call.call))?.[0];
    if (call.received === 'full') {
      if (!row) notYet.push(`call ${call.call} (${call.requestId}) was received in full but is not visible`);
      else never.push(...compareCall(call, row, costFactor(row)));
    } else if (row) {
      visibleInFlight++;
      if (call.received === 'refused') never.push(`call ${call.call} was answered as not recorded but is visible`);
      if (call.requestId !== null && row.request_id !== call.requestId) {
        never.push(`call ${call.call} has id ${row.request_id} instead of ${call.requestId}`);
      }
    }
  }

  const bySession = groupBy(
    rows.filter((row) => row.session_id !== null && row.session_id !== ''),
    (row) => row.session_id!,
  );
  const listedById = new Map(listed.map((session) => [session.session_id, session]));
  // Passing for a moment: a session whose earliest call came last has moved from a page already read to a later one.
  if (listedById.size !== listed.length) notYet.push(`the list has ${listed.length - listedById.size} sessions twice`);
  let singly = 0;
  let costPico = 0n;
  for (const [id, own] of bySession) {
    const sums = sumRows(own);
    costPico += sums.costPico;
    const listedOne = listedById.get(id);
    if (listedOne) notYet.push(...compareSums(`session ${id} in the list`, sums, listedOne));
    else notYet.push(`session ${id} has ${own.length} rows but is not in the list`);
    const live = await api.session(id);
    if (!live) {
      notYet.push(`session ${id} has ${own.length} rows but is not found`);
      continue;
    }
    notYet.push(...compareSums(`session ${id}`, sums, live));
    const inTree = sumTree(live.tree);
    if (inTree !== sums.requests) notYet.push(`the tree of session ${id} has ${inTree} requests of ${sums.requests}`);
    if (singly < SESSIONS_READ_SINGLY) {
      singly++;
      const single = await api.sessionRequests(id);
      const differ = symmetricDifference(single, own);
      if (differ.length > 0) notYet.push(`the requests of session ${id} differ from its rows by ${differ}`);
    }
  }
  for (const { session_id } of listed) {
    if (!bySession.has(session_id)) notYet.push(`session ${session_id} is in the list but has no rows`);
  }
  if (count.count !== bySession.size)
    notYet.push(`the count says ${count.count} sessions, there are ${bySession.size}`);
  if (usdToPico(count.total_cost) !== costPico) {
    notYet.push(`the count says ${count.total_cost} USD, the rows sum to ${picoToUsd(costPico)}`);
  }

  const fullyReceived = ledger.calls.filter(({ received }) => received === 'full').length;
  return {
    never,
    notYet,
    report: {
      calls: ledger.calls.length,
      fullyReceived,
      visibleInFlight,
      rows: rows.length,
      sessions: bySession.size,
      costUsd: picoToUsd(costPico),
    },
  };
}

/** A call that was received in full must be stored as it was made and as the provider answered it. */
function compareCall(call: LedgerCall, row: ApiRequest, costFactor: bigint): string[] {
  const differences: string[] = [];
  const expect = (field: string, actual: unknown, expected: unknown) => {
    if (actual !== expected) {
      differences.push(
        `call ${call.call} (${row.request_id}): ${field} is ${String(actual)}, expected ${String(expected)}`,
      );
    }
  };
  if (call.requestId !== null) expect('request_id', row.request_id, call.requestId);
  expect('session_id', row.session_id || null, call.sessionId);
  expect('session_name', row.session_name ?? '', call.sessionName);
  expect('session_path', row.session_path ?? '', call.sessionPath);
  expect('request_user_id', row.request_user_id ?? '', call.userId);
  if (call.status > 0) expect('response_status', row.response_status, call.status);
  if (call.usage && call.usage.prompt_tokens !== null) {
    expect('prompt_tokens', row.prompt_tokens, call.usage.prompt_tokens);
    expect('completion_tokens', row.completion_tokens ?? 0, call.usage.completion_tokens);
    expect('usage_complete', row.usage_complete, true);
  }
  if (call.costPico !== undefined) {
    expect('cost', row.cost === null ? null : usdToPico(row.cost), call.costPico * costFactor);
  }
  return differences;
}

interface Sums {
  readonly requests: number;
  readonly costPico: bigint;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly errors: number;
}

function sumRows(rows: readonly ApiRequest[]): Sums {
  let costPico = 0n;
  let promptTokens = 0;
  let completionTokens = 0;
  let errors = 0;
  for (const row of rows) {
    costPico += row.cost === null ? 0n : (usdToPico(row.cost) ?? 0n);
    promptTokens += row.prompt_tokens ?? 0;
    completionTokens += row.completion_tokens ?? 0;
    if (row.error !== null || row.response_status < 200 || row.response_status > 399) errors++;
  }
  return { requests: rows.length, costPico, promptTokens, completionTokens, errors };
}

function compareSums(what: string, sums: Sums, session: ApiSession): string[] {
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['requests', session.total_requests, sums.requests],
    ['picodollars', usdToPico(session.total_cost), sums.costPico],
    ['prompt tokens', session.prompt_tokens, sums.promptTokens],
    ['completion tokens', session.completion_tokens, sums.completionTokens],
    ['errors', session.error_count, sums.errors],
  ];
  return pairs
    .filter(([, actual, expected]) => actual !== expected)
    .map(([field, actual, expected]) => `${what} has ${actual} ${field}, its rows sum to ${expected}`);
}

function sumTree(nodes: readonly ApiNode[]): number {
  return nodes.reduce((sum, node) => sum + node.own.requests + sumTree(node.children), 0);
}

function symmetricDifference(a: readonly ApiRequest[], b: readonly ApiRequest[]): string[] {
  const ids = (list: readonly ApiRequest[]) => new Set(list.map(({ request_id }) => request_id));
  const [ofA, ofB] = [ids(a), ids(b)];
  const differ = [...[...ofA].filter((id) => !ofB.has(id)), ...[...ofB].filter((id) => !ofA.has(id))];
  if (a.length !== b.length && differ.length === 0) differ.push(`${a.length - b.length} rows of the same id`);
  return differ;
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

function describe(differences: readonly string[]): string {
  const rest = differences.length - NAMED_MAX;
  return `${differences.length} differences:\n${differences.slice(0, NAMED_MAX).join('\n')}${rest > 0 ? `\n… and ${rest} more` : ''}`;
}
