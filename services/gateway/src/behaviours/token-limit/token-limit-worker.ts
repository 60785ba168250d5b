/** The thread that fits prompts into context windows. Started by `token-limits.ts`. */
import { parentPort } from 'node:worker_threads';
import { countTokens } from '@throughline/providers/estimate/count-tokens';
import type { TokenEncoding } from '@throughline/providers/estimate/token-encoding';
import { scaledTokens, tokenText } from '@throughline/providers/estimate/token-text';
import { contextWindow } from '@throughline/providers/prices/context-window';
import type { JobAnswer } from '../../threads/job-thread.ts';
import { fitPrompt } from './fit-prompt.ts';
import type { TokenLimitJob, TokenLimitResult } from './token-limit-messages.ts';

const port = parentPort!;

port.on('message', ({ id, ...job }: TokenLimitJob & { readonly id: number }) => {
  fit(job).then(
    (result) => port.postMessage({ id, ...result } satisfies JobAnswer<TokenLimitResult>),
    // Its message could quote the body.
    (error: Error) => port.postMessage({ id, failure: error.name } satisfies JobAnswer<TokenLimitResult>),
  );
});

async function fit({ body: bytes, ...job }: TokenLimitJob): Promise<TokenLimitResult> {
  const { body, model } = await fitPrompt(Buffer.from(bytes).toString(), job, { count, windowOf: contextWindow });
  return { body: body === undefined ? null : Buffer.from(body), model };
}

/** Of all texts of a prompt together, in UTF-16 units; what is beyond it is estimated by parts. */
const COUNTED_CHARS_MAX = 262_144;

async function count(encoding: TokenEncoding, texts: readonly string[]): Promise<number[]> {
  const counts: number[] = [];
  const each = Math.ceil(COUNTED_CHARS_MAX / texts.length);
  for (const text of texts) {
    const counted = tokenText(text, each);
    counts.push(scaledTokens(counted, await countTokens(encoding, counted.pieces)));
  }
  return counts;
}
