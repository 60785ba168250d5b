/** The thread of `token-counter.ts`. */
import { parentPort } from 'node:worker_threads';
import { countTokens } from './count-tokens.ts';
import type { TokenEncoding } from './token-encoding.ts';

/** Texts of one call, each as its pieces. */
export interface CountRequest {
  readonly id: number;
  readonly encoding: TokenEncoding;
  readonly texts: readonly (readonly string[])[];
}

/** Tokens of each text; or what went wrong, which says nothing about the texts. */
export type CountAnswer =
  | { readonly id: number; readonly counts: readonly number[] }
  | { readonly id: number; readonly error: string };

async function answer({ id, encoding, texts }: CountRequest): Promise<CountAnswer> {
  try {
    const counts: number[] = [];
    for (const pieces of texts) counts.push(await countTokens(encoding, pieces));
    return { id, counts };
  } catch (error) {
    return { id, error: String(error) };
  }
}

parentPort?.on('message', (request: CountRequest) => {
  void answer(request).then((counted) => parentPort?.postMessage(counted));
});
