import { type ApiShape, NOTHING_READ, type ResponseReading, type StreamReader } from '../api-shape.ts';
import { boundedText, NAME_CHARS_MAX } from '../bounded-text.ts';
import { type JsonObject, objectAt, parseObject } from '../json-object.ts';
import { readError } from '../read-error.ts';
import type { ReportedUsage } from '../reported-usage.ts';
import { readConverseUsage } from './bedrock-usage.ts';

/** Bedrock's Converse API, whichever model answers; also the bodies of Amazon's own models. */
export const converse: ApiShape = {
  id: 'bedrock-converse',
  servesPath: (path) => /^\/model\/[^/]+\/converse(?:-stream)?$/.test(path),
  fitsBody: (body) => objectAt(body, 'usage')?.inputTokens !== undefined,
  fitsEvent: (name, data) =>
    name === 'metadata' || name === 'messageStart' || objectAt(data, 'messageStart') !== undefined,
  readBody(body) {
    const usage = objectAt(body, 'usage');
    return {
      ...NOTHING_READ,
      usage: usage ? readConverseUsage(usage) : null,
      finishReason: boundedText(body.stopReason, NAME_CHARS_MAX),
      error: readError(body),
      ended: true,
      answered: body.output !== undefined,
      tiers: tierOf(body),
    };
  },
  openStream: () => new ConverseStream(),
};

/** `messageStop` has the reason, `metadata` behind it the usage. */
class ConverseStream implements StreamReader {
  #usage: ReportedUsage | null = null;
  #finishReason = '';
  #tiers: readonly string[] = [];
  #answered = false;

  take(name: string, data: string): void {
    if (name === 'metadata' || name === 'messageStop') {
      const event = parseObject(data);
      if (event) this.#read(event);
      return;
    }
    if (name !== '' && name !== 'messageStart') this.#answered = true;
    if (name !== '') return;
    // Amazon's own models name the event inside of it when they are invoked in their own shape.
    const wrapped = parseObject(data);
    if (!wrapped) return;
    const inner = objectAt(wrapped, 'metadata') ?? objectAt(wrapped, 'messageStop');
    if (inner) this.#read(inner);
    else if (wrapped.messageStart === undefined) this.#answered = true;
  }

  finish(): ResponseReading {
    return {
      ...NOTHING_READ,
      usage: this.#usage,
      finishReason: this.#finishReason,
      ended: this.#usage !== null && this.#finishReason !== '',
      answered: this.#answered,
      tiers: this.#tiers,
    };
  }

  #read(event: JsonObject): void {
    this.#finishReason = boundedText(event.stopReason, NAME_CHARS_MAX) || this.#finishReason;
    const tiers = tierOf(event);
    if (tiers.length > 0) this.#tiers = tiers;
    const usage = objectAt(event, 'usage');
    if (usage) this.#usage = readConverseUsage(usage) ?? this.#usage;
  }
}

function tierOf(body: JsonObject): readonly string[] {
  const tier = boundedText(objectAt(body, 'serviceTier')?.type, NAME_CHARS_MAX);
  return tier === '' ? [] : [tier];
}
