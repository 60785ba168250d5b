import { isObject, parseObject } from '@throughline/providers/json-object';
import type { Logger } from '@throughline/telemetry/logger';
import { createSeldom } from '@throughline/telemetry/seldom';
import type { GatewayMetrics } from '../../gateway-metrics.ts';
import type { Upstreams } from '../../upstream/upstreams.ts';

export interface ModeratorDeps {
  readonly upstreams: Pick<Upstreams, 'poolFor'>;
  readonly metrics: GatewayMetrics;
  readonly logger: Logger;
}

/** What is to be judged, and by whom. */
export interface ModeratedText {
  readonly origin: string;
  /** Of the provider's endpoint. */
  readonly path: string;
  /** What the call itself is sent with, names and values alternating; of it only who pays for it. */
  readonly headers: readonly string[];
  readonly text: string;
}

/** A client waits for it. */
const TIMEOUT_MS = 10_000;
const ANSWER_BYTES_MAX = 1024 * 1024;
/** Endpoints take some 32,000 tokens at a time, and several texts in one call. */
const PIECE_CHARS = 16_384;
const PIECES_MAX = 64;
const WARN_EVERY_MS = 10_000;
/** Whose call it is, to OpenAI and those who speak its API. */
const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'openai-organization', 'openai-project']);

/** Asks a provider's moderation endpoint. Where that gives no answer a call passes, which is counted and logged. */
export class Moderator {
  readonly #deps: ModeratorDeps;
  readonly #isTimeToWarn = createSeldom(WARN_EVERY_MS);

  constructor(deps: ModeratorDeps) {
    this.#deps = deps;
  }

  /** Never rejects. @returns the categories that the text was flagged for, at least one; undefined: it passes. */
  async flagged(moderated: ModeratedText): Promise<readonly string[] | undefined> {
    try {
      const categories = readVerdict(await this.#ask(moderated));
      this.#deps.metrics.moderated(categories ? 'flagged' : 'passed');
      return categories;
    } catch (error) {
      this.unread(error as Error);
      return undefined;
    }
  }

  /** A call passes that could not be judged. */
  unread(reason: Error): void {
    this.#deps.metrics.moderated('failed');
    if (!this.#isTimeToWarn()) return;
    this.#deps.logger.warn({ err: reason }, 'calls pass that should have been moderated and could not be');
  }

  async #ask({ origin, path, headers, text }: ModeratedText): Promise<string> {
    const sent = ['Content-Type', 'application/json'];
    for (let i = 0; i < headers.length; i += 2) {
      if (CREDENTIALS.has(headers[i]!.toLowerCase())) sent.push(headers[i]!, headers[i + 1]!);
    }
    const { statusCode, body } = await this.#deps.upstreams.poolFor(origin).request({
      method: 'POST',
      path,
      headers: sent,
      body: JSON.stringify({ input: piecesOf(text) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > ANSWER_BYTES_MAX) throw new Error('the moderation endpoint answers too much');
      chunks.push(chunk);
    }
    if (statusCode !== 200) throw new Error(`the moderation endpoint answers ${statusCode}`);
    return Buffer.concat(chunks).toString();
  }
}

/** One text as it is; a long one in parts. @throws Error for one that is too long. */
function piecesOf(text: string): string | string[] {
  if (text.length <= PIECE_CHARS) return text;
  if (text.length > PIECE_CHARS * PIECES_MAX) throw new Error('the message is too long to be moderated');
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += PIECE_CHARS) pieces.push(text.slice(at, at + PIECE_CHARS).toWellFormed());
  return pieces;
}

/** @throws Error for what is no verdict. */
function readVerdict(answer: string): string[] | undefined {
  const results = parseObject(answer)?.results;
  if (!Array.isArray(results) || !results.every(isObject) || results.length === 0) {
    throw new Error('the moderation endpoint answers something else');
  }
  const flagged = results.filter((result) => result.flagged === true);
  if (flagged.length === 0) return undefined;
  const categories = flagged.flatMap((result) =>
    isObject(result.categories) ? Object.entries(result.categories) : [],
  );
  const names = new Set(categories.filter(([, isOne]) => isOne === true).map(([name]) => name));
  return names.size > 0 ? [...names] : ['unnamed'];
}
