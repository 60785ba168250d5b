import { STATUS_THREAT_BLOCKED } from '@throughline/contracts/request-event';
import type { CostSource } from '@throughline/contracts/request-row';
import { canBeBilled } from './billing.ts';
import { boundedText, NAME_CHARS_MAX } from './bounded-text.ts';
import { providerByName } from './find-provider.ts';
import { parseObject } from './json-object.ts';
import { bedrockModel, modelInPath } from './model-in-path.ts';
import { priceCall } from './prices/price-call.ts';
import type { CallError, CapturedCall, ProviderReading } from './provider-reading.ts';
import { readFailure } from './read-error.ts';
import { readRequest } from './read-request.ts';
import { type ReadResponse, readResponse } from './read-response.ts';
import { costFromHeaders, loggedCost } from './reported-cost.ts';
import { hasOtherUnits, NO_TOKENS, splitUsage } from './reported-usage.ts';

/**
 * What one captured call was, used, and cost. Pure, and never throws, whatever the bytes: what cannot be read is null
 * or `''`, and a number is only given where the provider said it in full.
 *
 * The first call that needs a price loads the price table (about 40 ms): `warmUpPrices()` does it ahead of time.
 */
export function readCall(call: CapturedCall): ProviderReading {
  return openCall(call).reading;
}

/** A call that was read, and what its usage was looked for in. */
export interface OpenedCall {
  readonly reading: ProviderReading;
  /** Undefined where no usage is due, or whoever logged the call said what it cost. */
  readonly billed: BilledCall | undefined;
}

interface BilledCall {
  readonly path: string;
  /** Its names, the most telling first. */
  readonly models: readonly string[];
  readonly response: ReadResponse;
}

/** As `readCall`, with what an estimate of missing usage is made of (`estimate/estimate-call.ts`). */
export function openCall(call: CapturedCall): OpenedCall {
  const opened = openCaptured(call);
  // Whoever logs a call by hand and names its cost knows it better than any table; a zero is said on purpose.
  const costPico = loggedCost(call.logged?.costUsd ?? null);
  if (costPico === null) return opened;
  return { reading: { ...opened.reading, costPico, costSource: 'provider', priceVersion: '' }, billed: undefined };
}

function openCaptured(call: CapturedCall): OpenedCall {
  const request = readRequest(call);
  const override = boundedText(call.modelOverride, NAME_CHARS_MAX);
  const base = { requestModel: request.model, bodyUser: request.user, stepKind: request.stepKind };
  if (request.stepKind !== 'llm') {
    const model = override || request.model;
    const error = stepFailure(call);
    const step = { ...base, ...NOTHING_DUE, model, responseModel: '', streamed: false, finishReason: '', error };
    return { reading: step, billed: undefined };
  }
  const queryAt = call.path.indexOf('?');
  const path = queryAt < 0 ? call.path : call.path.slice(0, queryAt);
  const response = readResponse(call, path, request.stream);
  const model = override || response.model || request.model || modelInPath(path) || UNKNOWN_MODEL;
  const { streamed, finishReason, error, model: responseModel } = response;
  if (model === UNKNOWN_MODEL && !response.usage && !providerByName(call.provider)) {
    // Some other HTTP API: an agent's search or lookup, not a call to a model.
    const step = {
      ...base,
      ...NOTHING_DUE,
      stepKind: 'tool',
      model,
      responseModel,
      streamed,
      finishReason,
      error,
    } as const;
    return { reading: step, billed: undefined };
  }
  const isBare = response.ended && !response.streamed && !response.usage;
  const billed = canBeBilled(call.method, path, isBare)
    ? { path, models: [override, bedrockModel(path), response.model, request.model, model], response }
    : undefined;
  const due = billed ? accountFor(call, billed) : NOTHING_DUE;
  return { reading: { ...base, ...due, model, responseModel, streamed, finishReason, error }, billed };
}

/** What a step that failed says of it. An `error` in the result of one that did not is part of the result. */
function stepFailure({ status, responseText }: CapturedCall): CallError | null {
  const body = status >= 400 && responseText !== undefined ? parseObject(responseText) : null;
  return body ? readFailure(body) : null;
}

const UNKNOWN_MODEL = 'unknown';

type Account = Pick<ProviderReading, 'tokens' | 'usageComplete' | 'costPico' | 'costSource' | 'priceVersion'>;

/** No usage was due: cost 0, and nothing is missing. */
const NOTHING_DUE: Account = {
  tokens: NO_TOKENS,
  usageComplete: true,
  costPico: 0n,
  costSource: 'none',
  priceVersion: '',
};

/** Tokens and cost of a call, by what its response says of its usage. */
export function accountFor(call: CapturedCall, { path, models, response }: BilledCall): Account {
  const reportedPico = response.reportedPico ?? costFromHeaders(call.responseHeaders);
  if (!response.usage) {
    if (failedUnbilled(call, response)) return NOTHING_DUE;
    const unknown = { tokens: NO_TOKENS, usageComplete: false, costPico: reportedPico, priceVersion: '' };
    return { ...unknown, costSource: reportedPico === null ? 'none' : 'provider' };
  }
  const { tokens, consistent } = splitUsage(response.usage);
  const outputMissing = tokens.completion_tokens === null && !path.endsWith('/embeddings');
  const countsMissing = (tokens.prompt_tokens === null || outputMissing) && !hasOtherUnits(response.usage);
  const usageComplete = consistent && !countsMissing && response.ended && !call.responseTruncated;
  const priced = (costPico: bigint | null, costSource: CostSource, priceVersion: string): Account => ({
    tokens,
    usageComplete,
    costPico,
    costSource,
    priceVersion,
  });
  // A reported zero is "not said" at most hosts; where it means free, the table says so too.
  if (reportedPico !== null && reportedPico > 0n) return priced(reportedPico, 'provider', '');
  const price = priceCall({
    provider: call.provider,
    path,
    models,
    usage: consistent && !countsMissing ? response.usage : null,
    alsoBilled: response.alsoBilled,
    billedAs: response.billedAs,
    tiers: response.tiers,
    requestAt: call.requestAt,
  });
  if (price.costPico === null && reportedPico !== null) return priced(reportedPico, 'provider', '');
  return priced(price.costPico, price.costPico === null ? 'none' : 'table', price.priceVersion);
}

/**
 * Whether a call without usage cost nothing: refused by its status, or by an error in place of an answer. A call that
 * was cut off or cancelled while the provider worked is another matter: it may be billed, so its cost is unknown.
 */
export function failedUnbilled(call: CapturedCall, response: ReadResponse): boolean {
  if (call.status >= 400 || call.status === STATUS_THREAT_BLOCKED) return !response.answered || !response.streamed;
  return response.error !== null && !response.answered;
}
