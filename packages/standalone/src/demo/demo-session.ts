/** A session that the demo plays: who it is for, and its steps. */
export interface DemoSession {
  readonly name: string;
  readonly userId: string;
  readonly properties: Readonly<Record<string, string>>;
  /** One stage after the other; the steps of one stage run at the same time. */
  readonly stages: readonly (readonly DemoStep[])[];
}

/** One call of a session, together with what the demo's provider is to answer. */
export interface DemoStep {
  /** Session path, e.g. `/outline/chapter-1`. */
  readonly path: string;
  readonly api: 'openai' | 'anthropic' | 'embeddings' | 'search';
  /** Ignored by `search`, which is no model. */
  readonly model: string;
  readonly ask: string;
  readonly answer: string;
  /** Tokens of context beside `ask`: instructions, documents, earlier turns. */
  readonly contextTokens: number;
  /** How long the provider takes, ms. */
  readonly takesMs: number;
  readonly streamed?: boolean;
  /** The model calls this tool with these arguments instead of answering in text. */
  readonly tool?: { readonly name: string; readonly arguments: object };
  /** The provider's error instead of an answer. */
  readonly status?: 429 | 500;
}

/** Four characters a token: the usual rule of thumb for English. */
export function roughTokens(text: string): number {
  return Math.ceil(text.length / 4);
}
