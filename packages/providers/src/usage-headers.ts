import { CountReader, NO_USAGE, type ReportedUsage } from './reported-usage.ts';

/** Where hosts repeat the counts of a call in response headers: `[input, output, cached]`, lower case. */
const COUNTED_IN: readonly (readonly [input: string, output: string, cached: string])[] = [
  [
    'x-amzn-bedrock-input-token-count',
    'x-amzn-bedrock-output-token-count',
    'x-amzn-bedrock-cache-read-input-token-count',
  ],
  ['fireworks-prompt-tokens', 'fireworks-completion-tokens', 'fireworks-cached-prompt-tokens'],
];

/**
 * Usage from response headers, for answers whose body has none (embeddings and several vendors' models at Bedrock,
 * Fireworks). Bedrock counts what came from the cache beside its input, Fireworks inside of it.
 *
 * @returns null when no header has a count.
 */
export function usageFromHeaders(headers: readonly (readonly [string, string])[]): ReportedUsage | null {
  for (const [inputName, outputName, cachedName] of COUNTED_IN) {
    const count = new CountReader();
    const input = count.optional(numberOf(headers, inputName));
    const output = count.optional(numberOf(headers, outputName));
    if (input === null && output === null) continue;
    const cacheRead = count.orZero(numberOf(headers, cachedName));
    const isBeside = inputName.startsWith('x-amzn');
    return {
      ...NO_USAGE,
      input: input === null ? null : input + (isBeside ? cacheRead : 0),
      // Embeddings have no output, and Bedrock no header for it then.
      output: output ?? (isBeside ? 0 : null),
      cacheRead,
      doubtful: count.doubtful,
    };
  }
  return null;
}

/** What Amazon calls the error of a response, `''` when it does not. */
export function errorTypeFromHeaders(headers: readonly (readonly [string, string])[]): string {
  const value = headerOf(headers, 'x-amzn-errortype') ?? '';
  // Followed by where the type is defined.
  return value.split(':', 1)[0] ?? '';
}

function numberOf(headers: readonly (readonly [string, string])[], name: string): number | undefined {
  const value = headerOf(headers, name);
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

function headerOf(headers: readonly (readonly [string, string])[], name: string): string | undefined {
  return headers.find(([own]) => own === name)?.[1];
}
