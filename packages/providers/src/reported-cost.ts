import { usdToPico } from '@throughline/contracts/money';
import { isObject, type JsonObject } from './json-object.ts';

/**
 * What a provider says it charges for a call, in picodollars; null when it says nothing. Found in `usage` by OpenRouter
 * (`cost`), Perplexity (`cost.total_cost`), xAI (`cost_in_usd_ticks`, 1e-10 USD each) and DeepInfra (`estimated_cost`).
 */
export function reportedCost(usage: JsonObject): bigint | null {
  const ticks = usage.cost_in_usd_ticks;
  if (isAmount(ticks)) return usdToPico(ticks / 1e10) ?? null;
  const cost = usage.cost ?? usage.estimated_cost;
  if (isObject(cost)) return isAmount(cost.total_cost) ? (usdToPico(cost.total_cost) ?? null) : null;
  if (!isAmount(cost)) return null;
  if (usage.is_byok !== true) return usdToPico(cost) ?? null;
  // With the caller's own key, `cost` is the router's fee alone and the provider bills the rest directly.
  const details = usage.cost_details;
  const upstream = isObject(details) ? details.upstream_inference_cost : undefined;
  return isAmount(upstream) ? (usdToPico(cost + upstream) ?? null) : null;
}

/** The same from a response header: a LiteLLM proxy as upstream sends USD as decimal text. */
export function costFromHeaders(headers: readonly (readonly [string, string])[]): bigint | null {
  for (const [name, value] of headers) {
    if (name !== 'x-litellm-response-cost') continue;
    const usd = value.trim() === '' ? Number.NaN : Number(value);
    return isAmount(usd) ? (usdToPico(usd) ?? null) : null;
  }
  return null;
}

/** The cost that a call was logged with, USD, in picodollars; null when that is no amount. */
export function loggedCost(usd: number | null): bigint | null {
  return isAmount(usd) ? (usdToPico(usd) ?? null) : null;
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
