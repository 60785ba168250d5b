import { createThroughlineClient, type Schemas, type ThroughlineClient } from '@throughline/client/throughline-client';
import { ApiFailure, refusalSentence } from './failure.ts';
import { signOut, storedKey } from './key-store.ts';

export type { Schemas };

let made: { readonly key: string; readonly client: ThroughlineClient } | undefined;

/** The typed client of the public API, with the key that one is signed in with. */
export function api(): ThroughlineClient {
  const key = storedKey() ?? '';
  if (made?.key !== key) {
    made = { key, client: createThroughlineClient({ baseUrl: window.location.origin, apiKey: key }) };
  }
  return made.client;
}

/** What the methods of the client resolve to. */
interface Outcome<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * The whole answer of a call (`{data, next_cursor…}`), and when what it shows was so.
 *
 * @throws ApiFailure; a key that is no longer known signs out.
 */
export async function answerOf<Data>(
  calling: Promise<Outcome<Data>>,
): Promise<Data & { readonly asOf: number | null }> {
  let outcome: Outcome<Data>;
  try {
    outcome = await calling;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiFailure(0, 'No answer came from Throughline. Is it running?');
  }
  const { data, error, response } = outcome;
  if (data === undefined || !response.ok) {
    const failure = new ApiFailure(response.status, refusalSentence(error, response.status));
    if (failure.isUnknownKey) signOut();
    throw failure;
  }
  const asOf = Date.parse(response.headers.get('Throughline-As-Of') ?? '');
  return { ...data, asOf: Number.isNaN(asOf) ? null : asOf };
}

/** The `data` of a call. @throws ApiFailure */
export async function dataOf<Data>(calling: Promise<Outcome<{ readonly data: Data }>>): Promise<Data> {
  return (await answerOf(calling)).data;
}
