/** What of the body of `POST /v1/session/{sessionId}/replay` is asked for here. */
export interface ReplayBody {
  readonly sessionId?: string;
  readonly overrides?: {
    readonly model?: string;
    readonly provider?: string;
    readonly targetUrl?: string;
    readonly temperature?: number;
    readonly body?: { readonly [name: string]: unknown };
    readonly systemPrompt?: string;
    readonly replace?: { readonly find: string; readonly replaceWith: string }[];
  };
  readonly paths?: { readonly path: string; readonly match: 'equals' | 'prefix' }[];
  readonly fromStep?: string;
  readonly times?: number;
  readonly maxCostUsd?: number;
  readonly thread?: true;
  readonly toolPacing?: 'none';
  readonly stopOnError?: true;
}
