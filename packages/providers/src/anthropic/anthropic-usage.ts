import { boundedText, NAME_CHARS_MAX } from '../bounded-text.ts';
import { isObject, type JsonObject, objectAt } from '../json-object.ts';
import { CountReader, NO_USAGE, type ReportedUsage } from '../reported-usage.ts';

/**
 * `usage` of Anthropic's Messages API. Its `input_tokens` exclude what was read from and written to the cache; thinking
 * is inside `output_tokens`.
 *
 * @returns null when it holds no count at all.
 */
export function readAnthropicUsage(usage: JsonObject): ReportedUsage | null {
  const count = new CountReader();
  const input = count.optional(usage.input_tokens);
  const output = count.optional(usage.output_tokens);
  if (input === null && output === null && !count.doubtful) return null;
  const cacheRead = count.orZero(usage.cache_read_input_tokens);
  const split = objectAt(usage, 'cache_creation');
  const written5m = count.orZero(split?.ephemeral_5m_input_tokens);
  const cacheWrite1h = count.orZero(split?.ephemeral_1h_input_tokens);
  const cacheWrite = count.optional(usage.cache_creation_input_tokens) ?? written5m + cacheWrite1h;
  return {
    ...NO_USAGE,
    input: input === null ? null : input + cacheRead + cacheWrite,
    output,
    cacheRead,
    cacheWrite,
    cacheWrite1h,
    reasoning: count.orZero(objectAt(usage, 'output_tokens_details')?.thinking_tokens),
    webSearches: count.orZero(objectAt(usage, 'server_tool_use')?.web_search_requests),
    doubtful: count.doubtful,
  };
}

/**
 * Passes of the call that the totals leave out although they are billed: an adviser model's, and compaction. Passes of
 * the type `message` are what the totals are the sum of.
 */
export function passesBeside(usage: JsonObject, model: string): { model: string; usage: ReportedUsage }[] {
  const passes = usage.iterations;
  if (!Array.isArray(passes)) return [];
  const beside: { model: string; usage: ReportedUsage }[] = [];
  for (const pass of passes) {
    if (!isObject(pass) || pass.type === 'message') continue;
    const read = readAnthropicUsage(pass);
    if (read) beside.push({ model: boundedText(pass.model, NAME_CHARS_MAX) || model, usage: read });
  }
  return beside;
}

/** The terms that change the price of a call: service tier, fast mode, and where it had to run. */
export function anthropicTiers(usage: JsonObject): string[] {
  const tiers: string[] = [];
  if (typeof usage.service_tier === 'string') tiers.push(usage.service_tier);
  if (typeof usage.speed === 'string') tiers.push(`speed:${usage.speed}`);
  if (typeof usage.inference_geo === 'string') tiers.push(`geo:${usage.inference_geo}`);
  return tiers;
}
