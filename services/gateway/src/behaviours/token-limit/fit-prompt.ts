import { encodingOf, type TokenEncoding } from '@throughline/providers/estimate/token-encoding';
import { type JsonObject, parseObject } from '@throughline/providers/json-object';
import { modelInPath } from '@throughline/providers/model-in-path';
import { candidatesOf } from './candidates-of.ts';
import { type CutText, cutEnd, cutMiddle, fitTexts } from './fit-texts.ts';
import { otherText, promptTexts } from './prompt-texts.ts';
import type { TokenLimitHandler, TokenLimitJob } from './token-limit-messages.ts';

export interface FitPromptDeps {
  /** Tokens of each text. */
  readonly count: (encoding: TokenEncoding, texts: readonly string[]) => Promise<number[]>;
  /** Tokens that a model takes, its answer included; undefined: nobody knows. */
  readonly windowOf: (provider: string, model: string) => number | undefined;
}

export interface FittedPrompt {
  /** Undefined: as it came. */
  readonly body: string | undefined;
  /** `''`: there was none to choose. */
  readonly model: string;
}

const AS_IT_CAME: FittedPrompt = { body: undefined, model: '' };

/**
 * A request whose prompt goes into its model's context window, beside the answer that it asks for.
 *
 * @param text the body. @returns it as it came where it fits, is no prompt, or nobody knows how much fits.
 */
export async function fitPrompt(
  text: string,
  { handler, provider, path, modelOverride }: Omit<TokenLimitJob, 'body'>,
  { count, windowOf }: FitPromptDeps,
): Promise<FittedPrompt> {
  const request = parseObject(text);
  if (!request) return AS_IT_CAME;
  const named = typeof request.model === 'string' && request.model !== '' ? request.model : modelOverride;
  const models = handler === 'fallback' ? candidatesOf(named) : [named || modelInPath(path)];
  const limits = models.map((model) => promptTokensMax(request, model, windowOf(provider, model)));
  if (handler === 'fallback' && models.length < 2) return AS_IT_CAME;
  if (handler !== 'fallback' && limits[0] === undefined) return AS_IT_CAME;
  const texts = promptTexts(request);
  const said = texts.map((one) => one.text);
  const counting = (some: readonly string[]) => count(encodingOf(models[0]!), some);
  const [others] = await counting([otherText(request, texts)]);
  const total = (await counting(said)).reduce((sum, tokens) => sum + tokens, others!);
  if (handler === 'fallback') {
    const fitting = models.findIndex((_, at) => limits[at] === undefined || total <= limits[at]);
    const model = models.at(fitting)!;
    return { body: JSON.stringify({ ...request, model }), model };
  }
  if (total <= limits[0]!) return AS_IT_CAME;
  const { prepare, cut } = STRATEGIES[handler];
  const fitted = await fitTexts(said.map(prepare), limits[0]! - others!, counting, cut);
  for (const [at, one] of texts.entries()) one.put(fitted[at]!);
  return { body: JSON.stringify(request), model: '' };
}

const ANSWER_MEMBERS = ['max_completion_tokens', 'max_output_tokens', 'max_tokens'] as const;
/** What is left for an answer of no length in particular, of the window; and at most. */
const ANSWER_SHARE = 1 / 8;
const ANSWER_TOKENS = 4_096;
/** Tokens are counted by OpenAI's vocabularies, of which those of others make up to a quarter more. */
const OTHERS_SHARE = 0.8;
const OPENAIS = /^(?:.*\/)?(?:ft:)?(?:gpt-|chatgpt-|o\d|davinci|babbage|codex)/;

function promptTokensMax(request: JsonObject, model: string, window: number | undefined): number | undefined {
  if (window === undefined) return undefined;
  const told = ANSWER_MEMBERS.map((name) => request[name]).find((value) => typeof value === 'number' && value >= 0);
  const answer = (told as number | undefined) ?? Math.min(ANSWER_TOKENS, window * ANSWER_SHARE);
  // More of an answer than there is room for: the provider says that better.
  if (answer >= window) return undefined;
  return Math.floor((window - answer) * (OPENAIS.test(model) ? 1 : OTHERS_SHARE));
}

interface Strategy {
  /** Before anything is cut. */
  readonly prepare: (text: string) => string;
  readonly cut: CutText;
}

const STRATEGIES: Readonly<Record<Exclude<TokenLimitHandler, 'fallback'>, Strategy>> = {
  truncate: { prepare: normalised, cut: cutEnd },
  'middle-out': { prepare: (text) => text, cut: cutMiddle },
};

/** Space that says nothing: rows of blanks within lines, of empty lines, at both ends. */
function normalised(text: string): string {
  const shorter = text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return shorter === '' ? text : shorter;
}
