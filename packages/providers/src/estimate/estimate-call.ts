import type { CapturedCall, ProviderReading } from '../provider-reading.ts';
import { accountFor, failedUnbilled, type OpenedCall, openCall } from '../read-call.ts';
import type { ReadResponse } from '../read-response.ts';
import { costFromHeaders } from '../reported-cost.ts';
import { NO_USAGE } from '../reported-usage.ts';
import { answerText } from './answer-text.ts';
import { TOKENIZER } from './count-tokens.ts';
import { promptText } from './prompt-text.ts';
import { encodingOf, type TokenEncoding, thinksUnseen } from './token-encoding.ts';
import { type TokenText, tokenText } from './token-text.ts';

/** What is still to be counted of a call. */
export interface Uncounted {
  readonly encoding: TokenEncoding;
  readonly texts: readonly TokenText[];
  /** The reading with the tokens of these texts, in their order, and what they cost. */
  complete(counts: readonly number[]): ProviderReading;
}

export interface EstimableReading {
  /** As `readCall` has it. */
  readonly reading: ProviderReading;
  /** Null where the provider has said what was used, where nothing was due, and where there is nothing to estimate from. */
  readonly uncounted: Uncounted | null;
}

/**
 * Read a call, and where its provider never said how many tokens it took, say what is to be counted to estimate them: a
 * stream that was not asked for its usage or was cut before it came, an answer without any.
 *
 * Pure, like `readCall`, and so is `complete`: whoever counts the same texts reads the same. What is estimated has
 * `usageComplete` false, a price version that ends with `+estimated-by:…`, and `estimated` for the source of its cost.
 * Counts that nothing is known of stay null, and the cost with them.
 */
export function readCallToEstimate(call: CapturedCall): EstimableReading {
  const opened = openCall(call);
  return { reading: opened.reading, uncounted: uncountedOf(call, opened) };
}

function uncountedOf(call: CapturedCall, { reading, billed }: OpenedCall): Uncounted | null {
  if (!billed) return null;
  const { response } = billed;
  const isMissing = response.usage === null || response.outputIsOpening;
  if (!isMissing || !response.answered || failedUnbilled(call, response)) return null;
  if ((response.reportedPico ?? costFromHeaders(call.responseHeaders)) !== null) return null;
  const model = billed.models.find((name) => name !== '') ?? '';
  const answer = answerText(call);
  // No text, no model that writes text: nothing says what its answer was.
  if (answer === null) return null;
  const prompt = response.usage ? null : promptText(call.requestTruncated ? undefined : call.requestText);
  const isAnswerTold = !(thinksUnseen(model) && prompt?.isUnthinking !== true) && (answer !== '' || response.ended);
  if (!prompt && !isAnswerTold) return null;
  const texts = [...(prompt ? [tokenText(prompt.text)] : []), ...(isAnswerTold ? [tokenText(answer)] : [])];
  const encoding = encodingOf(model);
  return {
    encoding,
    texts,
    complete(counts) {
      const input = prompt ? counts[0]! + prompt.extraTokens : null;
      const output = isAnswerTold ? counts.at(-1)! : null;
      const estimated = accountFor(call, { ...billed, response: withUsage(response, input, output) });
      const isPriced = estimated.costPico !== null;
      return {
        ...reading,
        ...estimated,
        usageComplete: false,
        costSource: isPriced ? 'estimated' : 'none',
        priceVersion: `${estimated.priceVersion}+estimated-by:${TOKENIZER}/${encoding}`,
      };
    },
  };
}

/** What the provider has said holds; of an answer that it had only begun to count, whichever is more. */
function withUsage(response: ReadResponse, input: number | null, output: number | null): ReadResponse {
  const { usage } = response;
  const known = usage ?? { ...NO_USAGE, input };
  return { ...response, usage: { ...known, output: output === null ? null : Math.max(output, usage?.output ?? 0) } };
}
