import type { FakeScript } from '@throughline/testkit/fake-provider/script';

/** One call, or one step that is logged after the fact. */
export interface SeedStep {
  readonly path: string;
  /** Default `openai`: through the gateway to the provider. The others that are no provider are logged by hand. */
  readonly by?: 'openai' | 'anthropic' | 'log' | 'tool' | 'vector_db' | 'data';
  /** Default `gpt-4o-mini`. For tools: its name. */
  readonly model?: string;
  readonly ask?: string;
  /** Before `ask`. */
  readonly system?: string;
  /** A whole conversation in place of `system` and `ask`, as chat completions have it. */
  readonly messages?: readonly object[];
  /** A message in place of `answer`. */
  readonly answerMessage?: object;
  /** What the model says. Only for steps that are logged; the provider's answers are drawn from a seed. */
  readonly answer?: string;
  readonly streamed?: boolean;
  /** A function that is offered, and called. */
  readonly tool?: string;
  /** Tokens of the answer. */
  readonly words?: number;
  /** An error of this status. */
  readonly status?: number;
  /** How long it takes, ms. Default 20 through the gateway, 15 for what is logged, 800 for what was before. */
  readonly takesMs?: number;
  /** Further things for the provider to do. */
  readonly script?: FakeScript;
  readonly properties?: Readonly<Record<string, string>>;
}

export interface SeedSession {
  readonly id: string;
  readonly name: string;
  readonly user?: string;
  readonly properties?: Readonly<Record<string, string>>;
  /** One after the other; the steps of one stage at once. */
  readonly stages: readonly (readonly SeedStep[])[];
  /** Epoch ms: it took place then, so all of it is logged after the fact. Default: it takes place now. */
  readonly atMs?: number;
  readonly tag?: string;
  readonly rating?: boolean;
}
