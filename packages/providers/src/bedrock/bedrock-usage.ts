import { isObject, type JsonObject, objectAt } from '../json-object.ts';
import { CountReader, NO_USAGE, type ReportedUsage } from '../reported-usage.ts';

/**
 * `usage` of Bedrock's Converse API and of Amazon's own models. `inputTokens` exclude what was read from and written to
 * the cache; reasoning is inside `outputTokens` and not told apart.
 *
 * @returns null when it holds no count at all.
 */
export function readConverseUsage(usage: JsonObject): ReportedUsage | null {
  return besideCache({
    input: usage.inputTokens,
    output: usage.outputTokens,
    cacheRead: usage.cacheReadInputTokens ?? usage.cacheReadInputTokenCount,
    cacheWrite: usage.cacheWriteInputTokens ?? usage.cacheWriteInputTokenCount,
    cacheDetails: usage.cacheDetails,
  });
}

/** Counts that Bedrock adds to the last event of a stream in a vendor's own shape. */
export function readInvocationMetrics(event: JsonObject): ReportedUsage | null {
  const metrics = objectAt(event, 'amazon-bedrock-invocationMetrics');
  if (!metrics) return null;
  return besideCache({
    input: metrics.inputTokenCount,
    output: metrics.outputTokenCount,
    cacheRead: metrics.cacheReadInputTokenCount,
    cacheWrite: metrics.cacheWriteInputTokenCount,
  });
}

/** Counts as they were sent, of which the cache's stand beside the input. */
interface Counts {
  readonly input: unknown;
  readonly output: unknown;
  readonly cacheRead: unknown;
  readonly cacheWrite: unknown;
  readonly cacheDetails?: unknown;
}

function besideCache(counts: Counts): ReportedUsage | null {
  const count = new CountReader();
  const input = count.optional(counts.input);
  const output = count.optional(counts.output);
  if (input === null && output === null && !count.doubtful) return null;
  const cacheRead = count.orZero(counts.cacheRead);
  const cacheWrite = count.orZero(counts.cacheWrite);
  return {
    ...NO_USAGE,
    input: input === null ? null : input + cacheRead + cacheWrite,
    output,
    cacheRead,
    cacheWrite,
    cacheWrite1h: writtenForAnHour(count, counts.cacheDetails),
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
