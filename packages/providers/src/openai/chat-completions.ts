import { type ApiShape, NOTHING_READ, type ResponseReading, type StreamReader } from '../api-shape.ts';
import { boundedText, NAME_CHARS_MAX } from '../bounded-text.ts';
import { isObject, type JsonObject, objectAt, parseObject } from '../json-object.ts';
import type { CallError } from '../provider-reading.ts';
import { readError } from '../read-error.ts';
import { reportedCost } from '../reported-cost.ts';
import type { ReportedUsage } from '../reported-usage.ts';
import { modelsBehind, ranTools } from './groq-compound.ts';
import { readOpenAiUsage } from './openai-usage.ts';

/** Chat completions, legacy completions and embeddings: OpenAI's, and those of every host that speaks its API. */
export const chatCompletions: ApiShape = {
  id: 'openai-chat',
  servesPath: (path) => path.endsWith('/completions') || path.endsWith('/embeddings'),
  fitsBody: (body) => Array.isArray(body.choices) || objectAt(body, 'usage')?.prompt_tokens !== undefined,
  fitsEvent: (_name, data) => Array.isArray(data.choices),
  readBody(body) {
    const usage = objectAt(body, 'usage');
    const read = usage ? readOpenAiUsage(usage) : null;
    return {
      ...NOTHING_READ,
      model: boundedText(body.model, NAME_CHARS_MAX),
      usage: read && ranTools(body) ? { ...read, unpriceable: true } : read,
      billedAs: modelsBehind(body),
      finishReason: finishReason(body),
      error: readError(body) ?? errorOfChoice(body),
      ended: true,
      answered: Array.isArray(body.choices) || Array.isArray(body.data),
      tiers: tierOf(body),
      reportedPico: usage ? reportedCost(usage) : null,
    };
  },
  openStream: () => new ChatStream(),
};

/**
 * A member that says something, with a value other than null (of all JSON values only null begins with "n"), found in a
 * whole event without parsing it: streams repeat `"usage":null` hundreds of times. Inside of JSON strings the quotes
 * would be escaped, so text about usage does not match; nested data may, and is then parsed for nothing.
 */
const TELLING_MEMBER = /"(?:usage|usage_breakdown|executed_tools|finish_reason|error)"\s*:\s*[^\sn]/;

/** The last usage wins: hosts that repeat it, repeat it cumulatively. */
class ChatStream implements StreamReader {
  #model = '';
  #usage: ReportedUsage | null = null;
  #billedAs: ResponseReading['billedAs'] = null;
  #ranTools = false;
  #reportedPico: bigint | null = null;
  #finishReason = '';
  #error: CallError | null = null;
  #tiers: readonly string[] = [];
  #answered = false;
  /** Usage as of, or after, the event with the finish reason: nothing comes later. */
  #usageIsFinal = false;
  #done = false;

  take(_name: string, data: string): void {
    if (data.startsWith('[DONE]')) {
      this.#done = true;
      return;
    }
    if (!TELLING_MEMBER.test(data) && (this.#model !== '' || !data.includes('"model"'))) {
      this.#answered = true;
      return;
    }
    const event = parseObject(data);
    if (event) this.#read(event);
  }

  finish(): ResponseReading {
    return {
      ...NOTHING_READ,
      model: this.#model,
      usage: this.#usage && this.#ranTools ? { ...this.#usage, unpriceable: true } : this.#usage,
      billedAs: this.#billedAs,
      finishReason: this.#finishReason,
      error: this.#error,
      ended: this.#done || this.#usageIsFinal,
      answered: this.#answered,
      tiers: this.#tiers,
      reportedPico: this.#reportedPico,
    };
  }

  #read(event: JsonObject): void {
    // Groq wraps usage and errors of its older streams in `x_groq`.
    const wrapped = objectAt(event, 'x_groq');
    this.#model ||= boundedText(event.model, NAME_CHARS_MAX);
    const tiers = tierOf(event);
    if (tiers.length > 0) this.#tiers = tiers;
    this.#error = readError(event) ?? (wrapped ? readError(wrapped) : null) ?? errorOfChoice(event) ?? this.#error;
    this.#billedAs = modelsBehind(event) ?? modelsBehind(wrapped) ?? this.#billedAs;
    this.#ranTools ||= ranTools(event);
    if (Array.isArray(event.choices) && event.choices.length > 0) this.#answered = true;
    this.#finishReason = finishReason(event) || this.#finishReason;
    const usage = objectAt(event, 'usage') ?? objectAt(wrapped, 'usage');
    if (!usage) return;
    const read = readOpenAiUsage(usage);
    if (!read) return;
    this.#usage = read;
    this.#reportedPico = reportedCost(usage) ?? this.#reportedPico;
    this.#usageIsFinal = this.#finishReason !== '';
  }
}

/** That of the first choice which has one. */
function finishReason(body: JsonObject): string {
  const choices = body.choices;
  if (!Array.isArray(choices)) return '';
  for (const choice of choices) {
    const reason = isObject(choice) ? boundedText(choice.finish_reason, NAME_CHARS_MAX) : '';
    if (reason !== '') return reason;
  }
  return '';
}

/** OpenRouter puts what broke one choice into it. */
function errorOfChoice(body: JsonObject): CallError | null {
  const choices = body.choices;
  if (!Array.isArray(choices)) return null;
  for (const choice of choices) {
    const error = isObject(choice) ? readError(choice) : null;
    if (error) return error;
  }
  return null;
}

function tierOf(body: JsonObject): readonly string[] {
  const tier = boundedText(body.service_tier, NAME_CHARS_MAX);
  return tier === '' ? [] : [tier];
}
