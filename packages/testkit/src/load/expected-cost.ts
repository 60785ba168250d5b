import type { FakeUsage } from '../fake-provider/reply.ts';

/**
 * Picodollars per token, from the vendors' price pages (USD per million tokens × 10^6): written down here apart from
 * the price tables that the product uses, so that a wrong table there does not confirm itself.
 */
const PRICES: Readonly<Record<string, { readonly input: bigint; readonly output: bigint }>> = {
  'gpt-4o-mini-2024-07-18': { input: 150_000n, output: 600_000n },
  'gpt-4.1-2025-04-14': { input: 2_000_000n, output: 8_000_000n },
  'text-embedding-3-small': { input: 20_000n, output: 0n },
  'claude-haiku-4-5-20251001': { input: 1_000_000n, output: 5_000_000n },
};

/** @returns undefined for a model that is not listed, for silent answers, and where cached or reasoning tokens count. */
export function expectedCostPico(usage: FakeUsage | null): bigint | undefined {
  const price = usage ? PRICES[usage.model] : undefined;
  if (!usage || !price || usage.prompt_tokens === null || usage.completion_tokens === null) return undefined;
  const special = usage.prompt_cache_read_tokens + usage.prompt_cache_write_tokens + usage.reasoning_tokens;
  if (special > 0) return undefined;
  return BigInt(usage.prompt_tokens) * price.input + BigInt(usage.completion_tokens) * price.output;
}
