import { type ApiShape, NOTHING_READ, type ResponseReading, type StreamReader } from '../api-shape.ts';
import { boundedText, NAME_CHARS_MAX } from '../bounded-text.ts';
import { isObject, type JsonObject, objectAt, parseObject, stringAt } from '../json-object.ts';
import type { CallError } from '../provider-reading.ts';
import { readError } from '../read-error.ts';
import { CountReader, NO_USAGE, type ReportedUsage } from '../reported-usage.ts';

/** Gemini's Interactions API. */
export const interactions: ApiShape = {
  id: 'gemini-interactions',
  servesPath: (path) => /\/interactions(?:\/[^/]+)?$/.test(path),
  fitsBody: (body) => body.object === 'interaction' || objectAt(body, 'usage')?.total_input_tokens !== undefined,
  fitsEvent: (name, data) => /^interaction\./.test(stringAt(data, 'event_type') || name),
  readBody: (body) => readInteraction(body),
  openStream: () => new InteractionStream(),
};

/** The event that completes an interaction holds it; of several, the last. */
class InteractionStream implements StreamReader {
  #last: ResponseReading | null = null;
  #model = '';
  #error: CallError | null = null;
  #answered = false;

  take(name: string, data: string): void {
    // Deltas, of which there are hundreds, say nothing that is read here.
    if (!data.includes('"interaction"') && !data.includes('"error"')) {
      this.#answered = true;
      return;
    }
    const event = parseObject(data);
    if (!event) return;
    const type = stringAt(event, 'event_type') || name;
    const interaction = objectAt(event, 'interaction');
    if (type === 'error') {
      this.#error = readError(event) ?? { type: 'error', message: '' };
    } else if (interaction) {
      this.#model = boundedText(interaction.model, NAME_CHARS_MAX) || this.#model;
      if (LAST_EVENT.test(type)) this.#last = readInteraction(interaction);
    } else {
      this.#answered = true;
    }
  }

  finish(): ResponseReading {
    const last = this.#last;
    return {
      ...(last ?? NOTHING_READ),
      model: last?.model || this.#model,
      error: last?.error ?? this.#error,
      ended: last?.ended ?? this.#error !== null,
      answered: this.#answered || (last?.answered ?? false),
    };
  }
}

const LAST_EVENT = /^interaction\.(?:complete|completed|failed|cancelled|incomplete)$/;

const UNFINISHED: ReadonlySet<string> = new Set(['in_progress', 'queued']);

function readInteraction(interaction: JsonObject): ResponseReading {
  const usage = objectAt(interaction, 'usage');
  const status = boundedText(interaction.status, NAME_CHARS_MAX);
  const tier = boundedText(interaction.service_tier, NAME_CHARS_MAX);
  const steps = interaction.outputs ?? interaction.steps;
  return {
    ...NOTHING_READ,
    model: boundedText(interaction.model, NAME_CHARS_MAX),
    usage: usage ? readUsage(usage) : null,
    finishReason: status,
    error: readError(interaction) ?? (status === 'failed' ? { type: 'failed', message: '' } : null),
    ended: !UNFINISHED.has(status),
    answered: Array.isArray(steps) && steps.length > 0,
    tiers: tier === '' ? [] : [tier],
  };
}

/**
 * As of `generateContent` under other names: thoughts and the prompts of tools are counted beside the two totals, unless
 * the total of all says that they are inside.
 */
function readUsage(usage: JsonObject): ReportedUsage | null {
  const count = new CountReader();
  const input = count.optional(usage.total_input_tokens);
  const output = count.optional(usage.total_output_tokens);
  if (input === null && output === null && !count.doubtful) return null;
  const thoughts = count.orZero(usage.total_thought_tokens ?? usage.total_reasoning_tokens);
  const toolUse = count.orZero(usage.total_tool_use_tokens);
  const total = count.optional(usage.total_tokens);
  const beside = total === null ? thoughts + toolUse : total - (input ?? 0) - (output ?? 0);
  const areThoughtsBeside = beside === thoughts + toolUse || beside === thoughts;
  const isToolUseBeside = beside === thoughts + toolUse || (beside === toolUse && !areThoughtsBeside);
  const modality = (list: unknown, name: string) => {
    if (!Array.isArray(list)) return 0;
    return list.reduce<number>(
      (sum, entry) => (isObject(entry) && entry.modality === name ? sum + count.orZero(entry.tokens) : sum),
      0,
    );
  };
  const cached = usage.cached_tokens_by_modality;
  const asked = usage.input_tokens_by_modality;
  const notCached = (name: string) => Math.max(0, modality(asked, name) - modality(cached, name));
  return {
    ...NO_USAGE,
    input: (input ?? 0) + (isToolUseBeside ? toolUse : 0),
    output: (output ?? 0) + (areThoughtsBeside ? thoughts : 0),
    cacheRead: count.orZero(usage.total_cached_tokens),
    cacheReadAudio: Array.isArray(cached) ? modality(cached, 'audio') : null,
    cacheReadImage: Array.isArray(cached) ? modality(cached, 'image') : null,
    reasoning: thoughts,
    inputAudio: notCached('audio'),
    inputImage: notCached('image'),
    inputVideo: notCached('video'),
    outputAudio: modality(usage.output_tokens_by_modality, 'audio'),
    outputImage: modality(usage.output_tokens_by_modality, 'image'),
    doubtful: count.doubtful,
  };
}
