import { type ApiShape, NOTHING_READ, type ResponseReading, type StreamReader } from '../api-shape.ts';
import { boundedText, NAME_CHARS_MAX } from '../bounded-text.ts';
import { type JsonObject, parseObject } from '../json-object.ts';
import type { CallError } from '../provider-reading.ts';
import { readError } from '../read-error.ts';
import { CountReader, NO_USAGE, type ReportedUsage } from '../reported-usage.ts';

/** Ollama's own API: JSON, or a line of JSON per piece, the last of which has the counts. */
export const ollama: ApiShape = {
  id: 'ollama',
  servesPath: (path) => /\/api\/(?:chat|generate|embed)$/.test(path),
  fitsBody: (body) =>
    body.eval_count !== undefined || (body.total_duration !== undefined && body.load_duration !== undefined),
  fitsEvent: (_name, data) => typeof data.done === 'boolean' && data.created_at !== undefined,
  readBody: (body) => ({ ...readLine(body), ended: body.done !== false, answered: true }),
  openStream: () => new OllamaStream(),
};

const TELLING_MEMBER = /"done"\s*:\s*true|"error"/;

class OllamaStream implements StreamReader {
  #model = '';
  #last: ResponseReading | null = null;
  #error: CallError | null = null;
  #answered = false;

  take(_name: string, data: string): void {
    if (this.#model !== '' && !TELLING_MEMBER.test(data)) {
      this.#answered = true;
      return;
    }
    const line = parseObject(data);
    if (!line) return;
    this.#model ||= boundedText(line.model, NAME_CHARS_MAX);
    this.#error = readError(line) ?? this.#error;
    if (line.done === true) this.#last = readLine(line);
    else if (line.error === undefined) this.#answered = true;
  }

  finish(): ResponseReading {
    const ended = this.#last !== null;
    return {
      ...(this.#last ?? NOTHING_READ),
      model: this.#model,
      error: this.#error,
      ended,
      answered: ended || this.#answered,
    };
  }
}

function readLine(line: JsonObject): ResponseReading {
  return {
    ...NOTHING_READ,
    model: boundedText(line.model, NAME_CHARS_MAX),
    usage: readCounts(line),
    finishReason: boundedText(line.done_reason, NAME_CHARS_MAX),
    error: readError(line),
  };
}

/** A prompt that was kept from an earlier call may not be counted: its side is unknown then, not 0. */
function readCounts(line: JsonObject): ReportedUsage | null {
  const count = new CountReader();
  const input = count.optional(line.prompt_eval_count);
  const output = count.optional(line.eval_count);
  if (input === null && output === null && !count.doubtful) return null;
  const isEmbedding = line.embeddings !== undefined;
  return { ...NO_USAGE, input, output: isEmbedding ? 0 : output, doubtful: count.doubtful };
}
