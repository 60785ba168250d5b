import { isObject, type JsonObject, objectAt } from '../json-object.ts';
import { CountReader, NO_USAGE, type ReportedUsage } from '../reported-usage.ts';

/**
 * `usage` of Bedrock's Converse API and of Amazon's own models. `inputTokens` exclude what was read from and written to
 * the cache; reasoning is inside `outputTokens` and not told apart.
 *
 * @returns null when it holds no count at all.
 */
export function readConverseUsage(usage: JsonObject): ReportedUsage | null {
  const count = new CountReader();
  const input = count.optional(usage.inputTokens);
  const output = count.optional(usage.outputTokens);
  if (input === null && output === null && !count.doubtful) return null;
  const cacheRead = count.orZero(usage.cacheReadInputTokens ?? usage.cacheReadInputTokenCount);
  const cacheWrite = count.orZero(usage.cacheWriteInputTokens ?? usage.cacheWriteInputTokenCount);
  return {
    ...NO_USAGE,
    input: input === null ? null : input + cacheRead + cacheWrite,
    output,
    cacheRead,
    cacheWrite,
    cacheWrite1h: writtenForAnHour(count, usage.cacheDetails),
    doubtful: count.doubtful,
  };
}

/** Of the list `{ttl, inputTokens}` of what was written to the cache. */
function writtenForAnHour(count: CountReader, details: unknown): number {
  if (!Array.isArray(details)) return 0;
  let sum = 0;
  for (const entry of details) if (isObject(entry) && entry.ttl === '1h') sum += count.orZero(entry.inputTokens);
  return sum;
}

/** Counts that Bedrock adds to the last event of a stream in a vendor's own shape. */
export function readInvocationMetrics(event: JsonObject): ReportedUsage | null {
  const metrics = objectAt(event, 'amazon-bedrock-invocationMetrics');
  if (!metrics) return null;
  const count = new CountReader();
  const input = count.optional(metrics.inputTokenCount);
  const output = count.optional(metrics.outputTokenCount);
  if (input === null && output === null && !count.doubtful) return null;
  const cacheRead = count.orZero(metrics.cacheReadInputTokenCount);
  const cacheWrite = count.orZero(metrics.cacheWriteInputTokenCount);
  return {
    ...NO_USAGE,
    input: input === null ? null : input + cacheRead + cacheWrite,
    output,
    cacheRead,
    cacheWrite,
    doubtful: count.doubtful,
  };
}
