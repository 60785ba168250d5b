/** Vocabularies of OpenAI's tokenizers. */
export type TokenEncoding = 'o200k_base' | 'cl100k_base';

/**
 * The vocabulary that a model counts by. Those of other vendors are not public, or differ by model: the newest of OpenAI's
 * stands for them all.
 */
export function encodingOf(model: string): TokenEncoding {
  return OLDER.test(model) ? 'cl100k_base' : 'o200k_base';
}

/** GPT-4 before 4o, 4.1 and 4.5, GPT-3.5 (Azure leaves out the point), and the base models of their time. */
const OLDER = /^(?:.*\/)?(?:ft:)?(?:gpt-4(?!o|\.\d)|gpt-3\.?5|davinci-002|babbage-002)/;

/**
 * Whether a model of this name thinks before it answers and shows nothing of that in chat completions: what is seen of its
 * answer then says little about what it costs.
 */
export function thinksUnseen(model: string): boolean {
  return UNSEEN.test(model);
}

const UNSEEN = /^(?:.*\/)?(?:ft:)?(?:o\d(?:-|$)|gpt-(?:[5-9]|\d\d)(?!.*-chat))/;
