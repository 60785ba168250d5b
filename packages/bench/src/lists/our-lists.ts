import type { ApiRequest, ApiSession } from '@throughline/testkit/api-client';
import type { Caller, ListApi, ListWindow, PreparedQuestion } from './list-api.ts';
import { type ListFilter, type ListOrder, type ListQuestion, PAGE, type SessionFigures } from './list-question.ts';

/** Throughline, by its query API. */
export function ourLists(call: Caller, { startMs, endMs }: ListWindow): ListApi {
  const window = (time: number) => ({
    search: '',
    timezoneDifference: 0,
    timeFilter: { startTimeUnixMs: startMs, endTimeUnixMs: endMs + time },
  });

  async function list(question: Extract<ListQuestion, { kind: 'list' }>): Promise<PreparedQuestion> {
    const { by, where, page } = question;
    const path = '/v1/session/query';
    const filter = where === undefined ? 'all' : filterOf(where);
    const body = (time: number) => ({ ...window(time), filter, sort: { [SORTS[by]]: 'desc' }, limit: PAGE });
    const read: PreparedQuestion['read'] = ([answer]) => {
      const { data } = JSON.parse(answer!) as { data: readonly ApiSession[] };
      return { kind: 'list', sessions: data.map(figures) };
    };
    if (page === 1) return { calls: (time) => [{ path, body: body(time) }], read };
    const { next_cursor: cursor } = JSON.parse(await call({ path, body: body(0) })) as { next_cursor: string };
    return { calls: (time) => [{ path, body: { ...body(time), cursor } }], read };
  }

  return {
    async prepare(question) {
      if (question.kind === 'list') return list(question);
      if (question.kind === 'session') return oneSession(question.sessionId, question.withTexts);
      return {
        calls: (time) => [{ path: '/v1/session/count', body: { ...window(time), filter: 'all' } }],
        read([answer]) {
          const { data } = JSON.parse(answer!) as { data: { count: number; total_cost: number } };
          return { kind: 'count', sessions: data.count, costUsd: data.total_cost };
        },
      };
    },
  };
}

const SORTS: Readonly<Record<ListOrder, string>> = {
  start: 'created_at',
  cost: 'total_cost',
  tokens: 'total_tokens',
  duration: 'duration_ms',
};

function filterOf(filter: ListFilter): object {
  switch (filter.what) {
    case 'model':
      return { request_response_rmt: { model: { equals: filter.value } } };
    case 'user':
      return { request_response_rmt: { user_id: { equals: filter.value } } };
    case 'text':
      return { request_response_rmt: { request_body: { contains: filter.value } } };
    case 'failed':
      return { sessions_request_response_rmt: { session_error_count: { gt: 0 } } };
    case 'dearer':
      return { sessions_request_response_rmt: { session_total_cost: { gt: filter.usd } } };
  }
}

/** Its totals with the tree of its paths, and all of its requests, with bodies where what they say is wanted. */
function oneSession(sessionId: string, withTexts: boolean): PreparedQuestion {
  const ofSession = {
    path: '/v1/request/query-clickhouse',
    body: {
      filter: { request_response_rmt: { properties: { 'Helicone-Session-Id': { equals: sessionId } } } },
      sort: { created_at: 'asc' },
      limit: SPANS_MAX,
    },
  };
  return {
    calls: () => [
      { path: `/v1/session/${sessionId}` },
      withTexts ? ofSession : { path: `/v1/session/${sessionId}/requests?limit=${SPANS_MAX}` },
    ],
    read([session, requests]) {
      const { data: totals } = JSON.parse(session!) as { data: ApiSession };
      const { data: steps } = JSON.parse(requests!) as { data: readonly ApiRequest[] };
      const runs = withTexts ? steps.map(({ request_body: body }) => body as RunBody) : [];
      const questions = runs.flatMap(({ name, input }) => (name === 'agent' ? [input] : []));
      return { kind: 'session', session: figures(totals), spans: steps.length, questions };
    },
  };
}

/** As a run is recorded that is neither a model's nor a tool's. */
interface RunBody {
  readonly name?: string;
  readonly input: string;
}

const SPANS_MAX = 100;

function figures({ session_id: id, total_tokens: tokens, total_cost: costUsd }: ApiSession): SessionFigures {
  return { id, tokens, costUsd };
}
