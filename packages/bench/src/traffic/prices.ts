/** Picodollars per token, by the provider's price page: from the model that is used most to the one that is used least. */
export const PRICES = {
  'gpt-4o-mini': { prompt: 150_000n, completion: 600_000n },
  'gpt-4o': { prompt: 2_500_000n, completion: 10_000_000n },
  'gpt-4.1-mini': { prompt: 400_000n, completion: 1_600_000n },
  'gpt-4.1': { prompt: 2_000_000n, completion: 8_000_000n },
} as const;

export type PricedModel = keyof typeof PRICES;

/** Of a call, in picodollars. */
export function costOf(model: PricedModel, promptTokens: number, completionTokens: number): bigint {
  const { prompt, completion } = PRICES[model];
  return BigInt(promptTokens) * prompt + BigInt(completionTokens) * completion;
}
