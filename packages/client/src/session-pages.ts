import type { paths } from './generated/api.ts';
import type { Schemas, ThroughlineClient } from './throughline-client.ts';

/** The body of `POST /v1/session/query`. */
export type SessionQuery = paths['/v1/session/query']['post']['requestBody']['content']['application/json'];

/** A page was refused. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly status: number;
  /** The answer as it came. */
  readonly answer: unknown;

  constructor(status: number, answer: unknown) {
    const { error, message } = (answer ?? {}) as { error?: string; message?: string };
    super(error ?? message ?? `status ${status}`);
    this.status = status;
    this.answer = answer;
  }
}

/**
 * Every session that a query selects, page by page: asked for as they are taken, neither skipped nor repeated while others
 * come in.
 *
 * @param query its `limit` is the size of a page. @throws RefusedError
 */
export async function* sessionPages(
  client: ThroughlineClient,
  query: Omit<SessionQuery, 'cursor' | 'offset'>,
): AsyncGenerator<readonly Schemas['Session'][], void, undefined> {
  let cursor: string | null = '';
  while (cursor !== null) {
    const body: SessionQuery = { ...query, cursor };
    const { data, error, response } = await client.POST('/v1/session/query', { body });
    if (data === undefined) throw new RefusedError(response.status, error);
    yield data.data;
    cursor = data.next_cursor;
  }
}
