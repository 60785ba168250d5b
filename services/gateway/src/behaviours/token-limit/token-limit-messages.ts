/** What becomes of a prompt that is too long for its model (wire contract 1.4). */
export type TokenLimitHandler = 'truncate' | 'middle-out' | 'fallback';

export interface TokenLimitJob {
  readonly handler: TokenLimitHandler;
  /** JSON, in UTF-8. */
  readonly body: Uint8Array;
  readonly provider: string;
  /** Path to the provider, without its query. */
  readonly path: string;
  /** `Helicone-Model-Override`, `''` when absent. */
  readonly modelOverride: string;
}

export interface TokenLimitResult {
  /** null: as it came. */
  readonly body: Uint8Array | null;
  /** Of several models the one that the call goes to; `''`: there were none to choose from. */
  readonly model: string;
}
