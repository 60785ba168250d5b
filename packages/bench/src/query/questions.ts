import { COMMON } from './body-rows-sql.ts';
import { exactSessionsSql, groupedRawRowsSql, type RawSelection } from './raw-groups-sql.ts';
import { DOMINANT } from './request-rows-sql.ts';
import { DAY_MS, ENDS_AT } from './size.ts';
import { lastDays, type Window } from './window.ts';

/** A call of the API, and the same question to the raw rows. */
export interface Question {
  readonly name: string;
  readonly call: ApiCall;
  /** Without limits or a clock: whatever the engine takes for it. */
  readonly reference: string;
  /** What the answer has to say, by a query over raw rows, and what it says: rows of the query. */
  readonly check: { readonly sql: string; readonly read: (answer: Answer) => readonly object[] };
  /** At least so many times faster than the reference. */
  readonly ratioMin?: number;
  /** Median, ms. */
  readonly p50Max?: number;
  /** Whether what it reads must not grow with the data. */
  readonly isPage?: boolean;
}

export interface ApiCall {
  readonly path: string;
  /** Undefined: GET. */
  readonly body?: object;
}

// biome-ignore lint/suspicious/noExplicitAny: an answer of the API, of which a question knows its own
export type Answer = any;

/** What has to be known of the data to ask. */
export interface Subjects {
  /** By days of the window: a cursor behind half of the sessions, and how many those are. */
  readonly deep: ReadonlyMap<number, { readonly cursor: string; readonly offset: number }>;
  readonly shortSession: string;
  readonly longSession: string;
  /** A customer with sessions in the last week. */
  readonly customer: string;
  /** A word of some ten bodies; undefined without bodies. */
  readonly ticket: string | undefined;
}

const PAGE = 50;
const MODEL = 'claude-haiku-4';
/** USD: one session in ten costs more. */
const DEAR = 0.2;

export function listQuestions(subjects: Subjects): Question[] {
  const questions: Question[] = [];
  for (const [days, ratioMin] of [
    [7, 50],
    [30, 200],
  ] as const) {
    const window = lastDays(days);
    const { cursor, offset } = subjects.deep.get(days)!;
    questions.push(
      listed(`list, ${days} d, first page`, { window }, { ratioMin, p50Max: 8, isPage: true }),
      listed(
        `list, ${days} d, cursor page behind half of them`,
        { window },
        { ratioMin, p50Max: 8, isPage: true, extra: { cursor }, offset },
      ),
    );
  }
  return questions;
}

export function otherQuestions(subjects: Subjects): Question[] {
  const month = lastDays(30);
  const questions: Question[] = [
    listed('list by cost, 30 d', { window: month }, { ratioMin: 20, order: ['total_cost', 'total_cost'] }),
    listed('list by duration, 30 d', { window: month }, { ratioMin: 20, order: ['duration_ms', 'duration_ms'] }),
    listed('list by errors, 30 d', { window: month }, { ratioMin: 20, order: ['error_count', 'error_count'] }),
  ];
  for (const days of [7, 30]) {
    const window = lastDays(days);
    const property = (name: string, key: string, value: string, ratioMin: number) =>
      listed(
        `list, ${name} property value, ${days} d`,
        { window, row: `properties['${key}'] = '${value}'` },
        { ratioMin, filter: { request_response_rmt: { properties: { [key]: { equals: value } } } } },
      );
    questions.push(
      property('common', 'environment', 'production', 15),
      property('rare', 'customer', subjects.customer, 10),
    );
  }
  const ofModel = { request_response_rmt: { model: { equals: MODEL } } };
  const failed = { request_response_rmt: { status: { gte: 500 } } };
  const dear = { sessions_request_response_rmt: { session_total_cost: { gt: DEAR } } };
  const both = (left: object, operator: 'and' | 'or', right: object) => ({ left, operator, right });
  questions.push(
    listed(
      'list, model and status ≥ 500 in one request, 30 d',
      { window: month, row: `model = '${MODEL}' AND status >= 500` },
      { ratioMin: 5, filter: both(ofModel, 'and', failed) },
    ),
    listed(
      'list, model and (status ≥ 500 or dear session), 30 d',
      {
        window: month,
        having: `(countIf(model = '${MODEL}' AND status >= 500) > 0 OR (countIf(model = '${MODEL}') > 0 AND total_cost > ${DEAR}))`,
      },
      { ratioMin: 5, filter: both(ofModel, 'and', both(failed, 'or', dear)) },
    ),
    counted(month),
    metrics(month),
    ofSession('requests of a session of 20', subjects.shortSession, PAGE, 10),
    ofSession('requests of a session of 10,000, page of 50', subjects.longSession, PAGE, 60),
    ofSession('requests of a session of 10,000, page of 1,000', subjects.longSession, 1_000, 60),
  );
  if (subjects.ticket !== undefined) {
    questions.push(
      inBodies('a rare word', subjects.ticket, 30),
      inBodies('a part of a rare word', subjects.ticket.slice(1, -1)),
      inBodies('a common word', COMMON.word),
    );
  }
  return questions;
}

interface Listed {
  readonly ratioMin: number;
  readonly p50Max?: number;
  readonly isPage?: boolean;
  readonly filter?: object;
  readonly extra?: object;
  readonly offset?: number;
  /** Field of the API, and what it is in the queries over raw rows. */
  readonly order?: readonly [field: string, column: string];
}

function listed(name: string, selection: RawSelection, options: Listed): Question {
  const { filter = 'all', extra = {}, offset = 0, order, ratioMin, p50Max, isPage = false } = options;
  const ordered = `ORDER BY ${order?.[1] ?? 'created_at'} DESC, session_id ASC LIMIT ${PAGE} OFFSET ${offset}`;
  return {
    name,
    call: {
      path: '/v1/session/query',
      body: {
        ...ofWindow(selection.window),
        filter,
        limit: PAGE,
        ...(order && { sort: { [order[0]]: 'desc' } }),
        ...extra,
      },
    },
    reference: `${groupedRawRowsSql(selection)} ${ordered}`,
    check: {
      sql: `SELECT session_id, toFloat64(toString(total_cost)) AS cost, toUInt32(total_requests) AS total_requests FROM (${exactSessionsSql(selection)} ${ordered})`,
      read: ({ data }) =>
        data.map((session: Answer) => ({
          session_id: session.session_id,
          cost: session.total_cost,
          total_requests: session.total_requests,
        })),
    },
    ratioMin,
    ...(p50Max !== undefined && { p50Max }),
    isPage,
  };
}

function counted(window: Window): Question {
  return {
    name: 'count, 30 d',
    call: { path: '/v1/session/count', body: { ...ofWindow(window), filter: 'all' } },
    reference: `SELECT count(), sum(total_cost), sum(total_requests), sum(latency) FROM (${groupedRawRowsSql({ window })})`,
    check: {
      sql: `SELECT toUInt32(count()) AS count, toFloat64(toString(sum(total_cost))) AS cost FROM (${exactSessionsSql({ window })})`,
      read: ({ data }) => [{ count: data.count, cost: data.total_cost }],
    },
    ratioMin: 10,
  };
}

function metrics(window: Window): Question {
  const quantities = ['total_requests', "dateDiff('second', created_at, latest_request_at)", 'toFloat64(total_cost)'];
  return {
    name: 'metrics, 30 d',
    call: {
      path: '/v1/session/metrics/query',
      body: {
        nameContains: '',
        timezoneDifference: 0,
        filter: 'all',
        timeFilter: { startTimeUnixMs: window.startMs, endTimeUnixMs: window.endMs },
      },
    },
    reference: `SELECT ${quantities.map((sql) => `histogram(10)(${sql}), avg(${sql})`).join(', ')} FROM (${groupedRawRowsSql({ window })})`,
    check: {
      sql: `SELECT toUInt32(count()) AS count, toFloat64(toString(sum(total_cost))) AS cost FROM (${exactSessionsSql({ window })})`,
      read: ({ data }) => [{ count: data.session_count_total, cost: data.total_cost }],
    },
    ratioMin: 10,
  };
}

function ofSession(name: string, session: string, limit: number, p50Max: number): Question {
  const id = 'request_id';
  const found = `tenant_id = '${DOMINANT}' AND properties['Helicone-Session-Id'] = '${session}'`;
  return {
    name,
    call: { path: `/v1/session/${session}/requests?limit=${limit}` },
    reference: `SELECT * FROM requests WHERE ${found} AND ordered_at > fromUnixTimestamp64Milli(${ENDS_AT - 90 * DAY_MS}, 'UTC') ORDER BY ordered_at LIMIT ${limit}`,
    check: {
      sql: `SELECT ${id} FROM requests FINAL WHERE ${found} ORDER BY ordered_at, request_id LIMIT ${limit}`,
      read: ({ data }) => data.map((request: Answer) => ({ request_id: request.request_id })),
    },
    p50Max,
  };
}

function inBodies(which: string, word: string, ratioMin?: number): Question {
  const found = `tenant_id = '${DOMINANT}' AND request_body ILIKE '%${word}%'`;
  return {
    name: `requests with ${which} in their bodies`,
    call: {
      path: '/v1/request/query-clickhouse',
      body: { filter: { request_response_rmt: { request_body: { contains: word } } }, limit: PAGE },
    },
    reference: `SELECT request_id, request_body, response_body FROM request_bodies WHERE ${found} ORDER BY ordered_at DESC LIMIT ${PAGE}`,
    check: {
      sql: `SELECT request_id FROM request_bodies FINAL WHERE ${found} ORDER BY ordered_at DESC, request_id LIMIT ${PAGE}`,
      read: ({ data }) => data.map((request: Answer) => ({ request_id: request.request_id })),
    },
    ...(ratioMin !== undefined && { ratioMin }),
  };
}

function ofWindow({ startMs, endMs }: Window) {
  return { search: '', timezoneDifference: 0, timeFilter: { startTimeUnixMs: startMs, endTimeUnixMs: endMs } };
}
