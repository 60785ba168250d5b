/** What a search costs where the price table names no fee for it. */
export interface Fee {
  readonly priceId: string;
  readonly kind: 'webSearch' | 'fileSearch';
  /** Beginning of the model ids it holds for, lower case; absent: all of the provider. */
  readonly prefix?: string;
  /** USD per thousand. */
  readonly kcount: number;
  /** Where the vendor publishes it. */
  readonly source: string;
  /** Day on which the figure was entered here, YYYY-MM-DD: vendors change their pages. */
  readonly entered: string;
}

/** Picodollars per million searches; null: nobody says. */
export interface FeePrices {
  readonly webSearch: bigint | null;
  readonly fileSearch: bigint | null;
}

const GOOGLE =
  'ai.google.dev/gemini-api/docs/pricing, Grounding with Google Search, beyond the free quota of a day or month';

/** The more particular ones first. */
export const FEES: readonly Fee[] = [
  // One per grounded prompt up to Gemini 2.5, one per query as of Gemini 3: the reader counts accordingly.
  { priceId: 'google', kind: 'webSearch', prefix: 'gemini-1', kcount: 35, source: GOOGLE, entered: '2026-11-21' },
  { priceId: 'google', kind: 'webSearch', prefix: 'gemini-2', kcount: 35, source: GOOGLE, entered: '2026-11-21' },
  { priceId: 'google', kind: 'webSearch', prefix: 'gemini-', kcount: 14, source: GOOGLE, entered: '2026-11-21' },
  {
    priceId: 'openai',
    kind: 'webSearch',
    kcount: 10,
    source: 'openai.com/api/pricing, built-in tools: the fee does not depend on the model; the table has it for most',
    entered: '2026-11-21',
  },
  {
    priceId: 'openai',
    kind: 'fileSearch',
    kcount: 2.5,
    source: 'openai.com/api/pricing, built-in tools: the fee does not depend on the model; the table has it for most',
    entered: '2026-11-21',
  },
  {
    priceId: 'x-ai',
    kind: 'webSearch',
    kcount: 25,
    source: 'docs.x.ai, Live Search: USD 25 per 1,000 sources (`num_sources_used`), where the call reports no cost',
    entered: '2026-11-21',
  },
];

/** The fees of a model that the price table found under these ids. */
export function feesOf(priceId: string, modelId: string): FeePrices {
  const find = (kind: Fee['kind']): bigint | null => {
    const fee = FEES.find(
      (one) => one.kind === kind && one.priceId === priceId && (!one.prefix || modelId.startsWith(one.prefix)),
    );
    return fee ? BigInt(Math.round(fee.kcount * 1e15)) : null;
  };
  return { webSearch: find('webSearch'), fileSearch: find('fileSearch') };
}
