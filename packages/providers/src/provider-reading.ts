import type { CostSource, StepKind, TokenCounts } from '@throughline/contracts/request-row';

/** What the aggregator hands over: one call as captured, bodies decompressed where possible. */
export interface CapturedCall {
  readonly provider: string;
  /** Upstream origin + path, e.g. `https://api.openai.com/v1/chat/completions`. */
  readonly targetUrl: string;
  readonly path: string;
  readonly status: number;
  readonly requestContentType: string;
  readonly responseContentType: string;
  /** Undefined where the bytes are not text. A truncated body is the beginning only. */
  readonly requestText: string | undefined;
  readonly responseText: string | undefined;
  readonly requestTruncated: boolean;
  readonly responseTruncated: boolean;
  /** `Helicone-Model-Override`, `''` when absent. */
  readonly modelOverride: string;
  /** Epoch ms: prices depend on it. */
  readonly requestAt: number;
  /** Upstream response headers that matter for cost, lower-case names. */
  readonly responseHeaders: readonly (readonly [string, string])[];
}

/** What a call was, used and cost. `''` or null where nothing says. */
export interface ProviderReading {
  readonly stepKind: StepKind;
  readonly model: string;
  readonly requestModel: string;
  readonly responseModel: string;
  /** Top-level `user` of a JSON request body, `''` when absent. */
  readonly bodyUser: string;
  readonly streamed: boolean;
  readonly tokens: TokenCounts;
  /** False when usage is missing or the stream was cut before its end. */
  readonly usageComplete: boolean;
  readonly finishReason: string;
  /** An error inside the response (D14), whatever the HTTP status; null when there is none. */
  readonly error: { readonly type: string; readonly message: string } | null;
  /** Picodollars; null = unknown. */
  readonly costPico: bigint | null;
  readonly costSource: CostSource;
  readonly priceVersion: string;
}
