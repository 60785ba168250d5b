import type { CostSource, StepKind, TokenCounts } from '@throughline/contracts/request-row';

/** What the aggregator hands over: one call as captured, bodies decompressed where possible. */
export interface CapturedCall {
  /** Stored provider, e.g. `OPENAI` (`provider-table.ts`): decides whose prices apply, not how the body is read. */
  readonly provider: string;
  /** Upstream origin + path, e.g. `https://api.openai.com/v1/chat/completions`. */
  readonly targetUrl: string;
  readonly method: string;
  /** With or without its query. */
  readonly path: string;
  readonly status: number;
  readonly requestContentType: string;
  readonly responseContentType: string;
  /** Undefined where the bytes are not text. A truncated body is the beginning only. */
  readonly requestText: string | undefined;
  readonly responseText: string | undefined;
  /**
   * The same bodies as bytes, decompressed too: what is no text (multipart requests, AWS event streams) is read from
   * these. Undefined where they could not be decompressed.
   */
  readonly requestBytes: Uint8Array | undefined;
  readonly responseBytes: Uint8Array | undefined;
  readonly requestTruncated: boolean;
  readonly responseTruncated: boolean;
  /** `Helicone-Model-Override`, `''` when absent. */
  readonly modelOverride: string;
  /** Epoch ms: prices depend on it. */
  readonly requestAt: number;
  /** Upstream response headers, lower-case names. */
  readonly responseHeaders: readonly (readonly [string, string])[];
  /** What was said of a call that was logged by hand: its cost in USD, null where nothing was. Left out: it was proxied. */
  readonly logged?: { readonly costUsd: number | null };
}

/** An error found inside a response: `type` is the provider's own word for it. */
export interface CallError {
  readonly type: string;
  readonly message: string;
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
  /**
   * False when usage that was due is missing, contradicts itself, or the stream was cut before its end. True where
   * none was due: steps that are no LLM calls, failed calls, calls that are never billed.
   */
  readonly usageComplete: boolean;
  readonly finishReason: string;
  /** An error inside the response, whatever the HTTP status; null when there is none. */
  readonly error: CallError | null;
  /** Picodollars; null = unknown. */
  readonly costPico: bigint | null;
  readonly costSource: CostSource;
  /**
   * Which price table was asked (`prices/price-version.ts`), also when it knew no price; `''` when none was. Ends with
   * `+standard-for:<tier>` when the call ran at a tier without a known price and was priced as standard, and with
   * `+estimated-by:<tokenizer>/<vocabulary>` when tokens were counted by us, whether or not there is a price.
   */
  readonly priceVersion: string;
}
