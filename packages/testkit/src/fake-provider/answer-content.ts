import type { Random } from '../seed.ts';
import { type FakeRequest, isJsonObject, type JsonObject } from './reply.ts';

/** What the model says: its tokens, and the same grouped as a stream sends them. */
export interface AnswerText {
  readonly text: string;
  readonly tokenCount: number;
  readonly deltas: readonly string[];
  /** True when the request's own limit ended the answer. */
  readonly limited: boolean;
}

/** A tool call the model makes: `arguments` is JSON text that fits the tool's parameters. */
export interface AnswerToolCall {
  readonly name: string;
  readonly arguments: string;
  readonly tokenCount: number;
  readonly deltas: readonly string[];
}

/** @param limit the request's `max_tokens` or its like; anything that is no number is no limit. */
export function writeText({ random, script }: FakeRequest, limit: unknown): AnswerText {
  const wanted = script.words ?? random.integer(12, 40);
  const count = typeof limit === 'number' ? Math.min(wanted, limit) : wanted;
  const tokens = Array.from({ length: count }, (_, index) => nextToken(random, index));
  return {
    text: tokens.join(''),
    tokenCount: count,
    deltas: group(tokens, script.chunks, random),
    limited: count < wanted,
  };
}

/** A call of the first tool offered, its required arguments filled by type. */
export function callTool(request: FakeRequest, name: string, parameters: unknown): AnswerToolCall {
  const { random, script } = request;
  const text = JSON.stringify(fillObject(isJsonObject(parameters) ? parameters : {}, random));
  const tokens = text.match(/.{1,4}/gs) ?? [];
  return { name, arguments: text, tokenCount: tokens.length + 4, deltas: group(tokens, script.chunks, random) };
}

/**
 * Tokens of a prompt, by a rule of our own: words and single other characters of every text in it, and four for each
 * message. Real tokenizers differ; what matters is that whoever reads the answer counts what the answer says.
 */
export function countPromptTokens(value: unknown): number {
  if (typeof value === 'string') return value.match(/\w+|[^\s\w]/g)?.length ?? 0;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + countPromptTokens(item), 0);
  if (!isJsonObject(value)) return 0;
  const texts = [value.content, value.text, value.input, value.output, value.arguments].map(countPromptTokens);
  return 4 + texts.reduce((sum, count) => sum + count, 0);
}

/** An id of the provider's kind, such as `chatcmpl-…`, drawn from the request's seed. */
export function fakeId(prefix: string, random: Random): string {
  return prefix + Array.from({ length: 24 }, () => ID_ALPHABET[random.integer(0, ID_ALPHABET.length - 1)]).join('');
}

/** Epoch seconds that every answer claims to be made at: answers to equal requests are equal. */
export const FAKE_CREATED_AT = 1_767_225_600;

const ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

// Some words are outside ASCII and of several UTF-16 units, so that cuts inside a character happen.
const WORDS = `the session shows each step with its cost and tells where time went before an answer arrives
  so teams compare runs find slow retrieval repeat failures and keep budgets in view while models naïve café
  Zürich 東京 Привет 🙂 résumé chapter outline section abstract lesson learner example exercise summary`.split(/\s+/);

function nextToken(random: Random, index: number): string {
  if (index > 0 && random.chance(0.12)) return random.pick(['.', ',', ';', '\n']);
  const word = random.pick(WORDS);
  return index === 0 ? word : ` ${word}`;
}

function group(tokens: readonly string[], chunks: number | undefined, random: Random): string[] {
  const groups: string[] = [];
  if (chunks !== undefined) {
    const count = Math.min(chunks, Math.max(1, tokens.length));
    for (let i = 0; i < count; i++) {
      const from = Math.floor((i * tokens.length) / count);
      groups.push(tokens.slice(from, Math.floor(((i + 1) * tokens.length) / count)).join(''));
    }
    return groups;
  }
  for (let at = 0; at < tokens.length; ) {
    const size = random.integer(1, 4);
    groups.push(tokens.slice(at, at + size).join(''));
    at += size;
  }
  return groups;
}

function fillObject(schema: JsonObject, random: Random): JsonObject {
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : Object.keys(properties);
  return Object.fromEntries(
    required.map((key) => [key, fillValue((properties as Record<string, unknown>)[String(key)], random)]),
  );
}

function fillValue(schema: unknown, random: Random): unknown {
  if (!isJsonObject(schema)) return random.pick(WORDS);
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return random.pick(schema.enum);
  switch (schema.type) {
    case 'integer':
    case 'number':
      return random.integer(1, 9);
    case 'boolean':
      return random.chance(0.5);
    case 'array':
      return [fillValue(schema.items, random)];
    case 'object':
      return fillObject(schema, random);
    default:
      return `${random.pick(WORDS)} ${random.pick(WORDS)}`;
  }
}
