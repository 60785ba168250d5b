import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './generated/api.ts';

/** A client whose methods know every path, body and answer of the query API. */
export type ThroughlineClient = Client<paths, 'application/json'>;

/** Shapes by the names that the OpenAPI document gives them: `Schemas['Session']`, `Schemas['Filter']`. */
export type Schemas = components['schemas'];

export interface ThroughlineClientOptions {
  /** Origin of the query API, e.g. `http://127.0.0.1:8585`. */
  readonly baseUrl: string;
  /** Sent as `Authorization: Bearer`. */
  readonly apiKey: string;
  /** Left out: the one of the platform. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/**
 * A client of one Throughline, with one key. Each call resolves to `{data, error, response}`: `data` is the whole answer
 * (`{data, error: null}`) where it succeeded, else `error` is the body of the refusal. It rejects only where no answer came.
 *
 * ```ts
 * const { data, error } = await client.GET('/v1/session/{sessionId}', { params: { path: { sessionId } } });
 * ```
 */
export function createThroughlineClient({ baseUrl, apiKey, fetch }: ThroughlineClientOptions): ThroughlineClient {
  return createClient<paths, 'application/json'>({
    baseUrl,
    headers: { authorization: `Bearer ${apiKey}` },
    ...(fetch && { fetch }),
  });
}
