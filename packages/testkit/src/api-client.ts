import { rawCall } from './raw-call.ts';

/** A request as the query API returns it: the fields that tests look at. */
export interface ApiRequest {
  readonly request_id: string;
  readonly request_created_at: string;
  readonly response_status: number;
  readonly request_user_id: string | null;
  readonly properties: Readonly<Record<string, string>>;
  readonly request_properties: Readonly<Record<string, string>>;
  readonly model: string;
  readonly provider: string;
  readonly prompt_tokens: number | null;
  readonly completion_tokens: number | null;
  readonly prompt_cache_read_tokens: number | null;
  readonly prompt_cache_write_tokens: number | null;
  readonly reasoning_tokens: number | null;
  readonly cost: number | null;
  readonly cost_source: string;
  readonly price_version: string | null;
  readonly cache_reference_id: string;
  readonly step_kind: string;
  /** From its start to the response's end, ms. */
  readonly delay_ms: number;
  readonly time_to_first_token: number | null;
  readonly scores: Readonly<Record<string, number>>;
  readonly session_id: string | null;
  readonly session_name: string | null;
  readonly session_path: string | null;
  readonly session_rule: string | null;
  readonly usage_complete: boolean;
  readonly request_truncated: boolean;
  readonly response_truncated: boolean;
  readonly finish_reason: string | null;
  readonly error: { readonly type: string; readonly message: string } | null;
  readonly trace_id: string | null;
  readonly span_id: string;
  readonly parent_span_id: string | null;
  readonly request_body: unknown;
  readonly response_body: unknown;
}

/** A session as the query API returns it, in lists and alone. */
export interface ApiSession {
  readonly session_id: string;
  readonly session_name: string;
  readonly session_names: readonly string[];
  readonly total_cost: number;
  readonly total_requests: number;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly error_count: number;
  readonly cost_complete: boolean;
  readonly models: readonly string[];
  readonly user_ids: readonly string[];
  readonly tag: string | null;
  /** Sets that are too large for the session's row. */
  readonly truncated_fields: readonly string[];
}

export interface ApiNode {
  readonly path: string;
  readonly own: { readonly requests: number; readonly cost: number | null; readonly errors: number };
  readonly total: { readonly requests: number; readonly cost: number | null; readonly errors: number };
  readonly children: readonly ApiNode[];
}

export interface ApiSessionDetail extends ApiSession {
  readonly tree: readonly ApiNode[];
}

export interface ApiCount {
  readonly count: number;
  readonly total_cost: number;
  readonly avg_requests: number;
}

/** What the exactness checker asks of the query API. */
export interface ExactnessApi {
  /** Undefined: 404. */
  session(id: string): Promise<ApiSessionDetail | undefined>;
  /** All requests of one session, oldest first. */
  sessionRequests(id: string): Promise<ApiRequest[]>;
  /** All sessions, read page by page with the cursor. */
  sessions(): Promise<ApiSession[]>;
  count(): Promise<ApiCount>;
  /** All requests, with and without a session. */
  requests(): Promise<ApiRequest[]>;
}

export interface ApiAnswer<T> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: T;
}

export interface ApiClient extends ExactnessApi {
  /** One call, whatever its answer; a body that is no JSON comes back as text. */
  call<T = unknown>(method: string, path: string, body?: unknown, key?: string | null): Promise<ApiAnswer<T>>;
  /** With bodies. Undefined: 404. */
  request(id: string): Promise<ApiRequest | undefined>;
}

/** Rows per page when everything is read: the most that the API gives. */
const PAGE_ROWS = 1_000;

/** The query API as a client with a key sees it. @throws for answers other than those each method names. */
export function createApiClient(url: string, key: string): ApiClient {
  const call: ApiClient['call'] = async <T>(
    method: string,
    path: string,
    body?: unknown,
    useKey: string | null = key,
  ) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await rawCall({
      url: url + path,
      method,
      headers: {
        ...(useKey !== null && { authorization: `Bearer ${useKey}` }),
        ...(text !== undefined && { 'content-type': 'application/json' }),
      },
      ...(text !== undefined && { body: text }),
    });
    if (answer.end !== 'complete') throw new Error(`${method} ${path}: ${answer.end} ${answer.error?.message ?? ''}`);
    const headers = Object.fromEntries(answer.headers.map(([name, value]) => [name.toLowerCase(), value]));
    return { status: answer.status, headers, body: parse(answer.body.toString()) as T };
  };

  async function data<T>(method: string, path: string, body?: unknown): Promise<Page<T>> {
    const answer = await call<Page<T>>(method, path, body);
    if (answer.status >= 300) {
      throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body).slice(0, 500)}`);
    }
    return answer.body;
  }

  async function found<T>(path: string): Promise<T | undefined> {
    const answer = await call<Page<T>>('GET', path);
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw new Error(`GET ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body.data;
  }

  return {
    call,
    session: (id) => found<ApiSessionDetail>(`/v1/session/${encodeURIComponent(id)}`),
    request: (id) => found<ApiRequest>(`/v1/request/${encodeURIComponent(id)}?includeBody=true`),
    async sessionRequests(id) {
      const all: ApiRequest[] = [];
      let cursor = '';
      do {
        const query = new URLSearchParams({ limit: String(PAGE_ROWS), ...(cursor && { cursor }) });
        const page = await data<ApiRequest[]>('GET', `/v1/session/${encodeURIComponent(id)}/requests?${query}`);
        all.push(...page.data);
        cursor = page.next_cursor ?? '';
      } while (cursor);
      return all;
    },
    async sessions() {
      const all: ApiSession[] = [];
      let cursor = '';
      do {
        const body = { ...EVERY_SESSION, limit: PAGE_ROWS, ...(cursor && { cursor }) };
        const page = await data<ApiSession[]>('POST', '/v1/session/query', body);
        all.push(...page.data);
        cursor = page.next_cursor ?? '';
      } while (cursor);
      return all;
    },
    count: async () => (await data<ApiCount>('POST', '/v1/session/count', EVERY_SESSION)).data,
    async requests() {
      const all: ApiRequest[] = [];
      for (;;) {
        const page = await data<ApiRequest[]>('POST', '/v1/request/query-clickhouse', {
          filter: 'all',
          offset: all.length,
          limit: PAGE_ROWS,
          sort: { created_at: 'asc' },
        });
        all.push(...page.data);
        if (page.data.length < PAGE_ROWS) return all;
      }
    },
  };
}

interface Page<T> {
  readonly data: T;
  readonly error: string | null;
  readonly next_cursor?: string | null;
}

/** Times wide enough for every row that a test can make. */
const EVERY_SESSION = {
  search: '',
  timeFilter: { startTimeUnixMs: 0, endTimeUnixMs: Date.UTC(2200, 0) },
  timezoneDifference: 0,
  filter: 'all',
} as const;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
