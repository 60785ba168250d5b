import { type ApiShape, NOTHING_READ, type ResponseReading, type StreamReader } from '../api-shape.ts';
import { boundedText, NAME_CHARS_MAX } from '../bounded-text.ts';
import { isObject, type JsonObject, objectAt, parseObject } from '../json-object.ts';
import type { CallError } from '../provider-reading.ts';
import { readError } from '../read-error.ts';
import type { ReportedUsage } from '../reported-usage.ts';
import { geminiTiers, readGeminiUsage } from './gemini-usage.ts';

/** Gemini's `generateContent`, also as Vertex serves it, and its embeddings. */
export const generateContent: ApiShape = {
  id: 'gemini',
  servesPath: (path) => /:(?:generateContent|streamGenerateContent|embedContent|batchEmbedContents)$/.test(path),
  fitsBody: isGemini,
  fitsEvent: (_name, data) => isGemini(data),
  readBody(body) {
    const stream = new GeminiStream();
    stream.read(body);
    return { ...stream.finish(), ended: true };
  },
  openStream: () => new GeminiStream(),
};

function isGemini(body: JsonObject): boolean {
  return (
    objectAt(body, 'usageMetadata') !== undefined ||
    body.candidates !== undefined ||
    objectAt(body, 'promptFeedback') !== undefined
  );
}

/** What is read of a chunk beside its counts, found without parsing it: inside of JSON strings quotes are escaped. */
const TELLING_MEMBER = /"(?:finishReason|error|promptFeedback|webSearchQueries)"\s*:/;
const COUNTS = /"(?:prompt|candidates)TokenCount"\s*:/;

/**
 * Every chunk is a whole answer in form, with what was used so far: the last usage that is there wins, and one without
 * it takes nothing back.
 */
class GeminiStream implements StreamReader {
  #model = '';
  #usage: ReportedUsage | null = null;
  #tiers: readonly string[] = [];
  #finishReason = '';
  #error: CallError | null = null;
  #answered = false;
  #embedded = false;
  readonly #queries = new Set<string>();
  #grounded = false;

  /** The last two chunks whose counts are not read yet: later ones replace them, and the very last may be cut. */
  #unread: readonly string[] = [];

  take(_name: string, data: string): void {
    if (this.#model === '' || TELLING_MEMBER.test(data)) {
      const event = parseObject(data);
      if (!event) return;
      // Should the event have no counts, those before it hold.
      if (COUNTS.test(data)) this.#unread = [];
      this.read(event);
    } else {
      this.#answered = true;
      if (COUNTS.test(data)) this.#unread = [...this.#unread.slice(-1), data];
    }
  }

  read(chunk: JsonObject): void {
    this.#model ||= boundedText(chunk.modelVersion, NAME_CHARS_MAX);
    this.#error = readError(chunk) ?? refusal(chunk) ?? this.#error;
    // Vectors are no output, and end without a reason.
    if (chunk.embeddings !== undefined || chunk.embedding !== undefined) {
      this.#answered = true;
      this.#embedded = true;
    }
    if (Array.isArray(chunk.candidates)) for (const candidate of chunk.candidates) this.#readCandidate(candidate);
    if (this.#error && this.#finishReason === '') {
      this.#finishReason = boundedText(objectAt(chunk, 'promptFeedback')?.blockReason, NAME_CHARS_MAX);
    }
    const usage = objectAt(chunk, 'usageMetadata');
    if (usage) this.#readUsage(usage);
  }

  finish(): ResponseReading {
    for (const data of this.#unread) {
      const usage = objectAt(parseObject(data), 'usageMetadata');
      if (usage) this.#readUsage(usage);
    }
    // Grounding is billed by the search as of Gemini 3, and by the prompt before it.
    const ended = this.#finishReason !== '' || (this.#error !== null && !this.#answered);
    const isBegun = !ended && this.#answered && !this.#embedded;
    const searches = /gemini-[12]\b/.test(this.#model) ? Number(this.#grounded) : this.#queries.size;
    return {
      ...NOTHING_READ,
      model: this.#model,
      // Before its end an answer that has begun may not be counted yet: that is unknown, not none.
      usage: this.#usage && {
        ...this.#usage,
        output: isBegun && this.#usage.output === 0 ? null : this.#usage.output,
        webSearches: searches,
      },
      finishReason: this.#finishReason,
      error: this.#error,
      // What was used before an answer broke off is not the whole.
      ended,
      answered: this.#answered,
      tiers: this.#tiers,
    };
  }

  #readUsage(usage: JsonObject): void {
    const tiers = geminiTiers(usage);
    if (tiers.length > 0) this.#tiers = tiers;
    this.#usage = readGeminiUsage(usage) ?? this.#usage;
  }

  #readCandidate(candidate: unknown): void {
    if (!isObject(candidate)) return;
    if (candidate.content !== undefined) this.#answered = true;
    this.#finishReason = boundedText(candidate.finishReason, NAME_CHARS_MAX) || this.#finishReason;
    const queries = objectAt(candidate, 'groundingMetadata')?.webSearchQueries;
    if (!Array.isArray(queries)) return;
    for (const query of queries) if (typeof query === 'string' && query !== '') this.#queries.add(query);
    this.#grounded ||= this.#queries.size > 0;
  }
}

/** A prompt that was not let through is answered with status 200 and no candidates. */
function refusal(chunk: JsonObject): CallError | null {
  const feedback = objectAt(chunk, 'promptFeedback');
  const type = boundedText(feedback?.blockReason, NAME_CHARS_MAX);
  if (type === '') return null;
  return readError({ error: { type, message: feedback?.blockReasonMessage ?? 'the prompt was blocked' } });
}
