import { ANSWER_BYTES_MAX, type CachedAnswer, type ResponseCache } from '@throughline/call-state/cache/response-cache';
import type { NewRequestEvent } from '@throughline/contracts/request-event';
import type { GatewayMetrics } from '../../gateway-metrics.ts';
import type { ResponseHeaders } from '../../proxy/response-headers.ts';
import type { StateFailures } from '../../state-failures.ts';
import { answerPieces } from '../answer-pieces.ts';
import type { Behaviour, BehaviourCall, OwnAnswer } from '../behaviour.ts';
import { type CacheKey, cacheKey } from './cache-key.ts';
import { keptHeaders } from './kept-headers.ts';
import type { CacheWish } from './read-cache-headers.ts';
import { openAnswer, sealAnswer } from './seal-answer.ts';

export interface ResponseCacheDeps {
  readonly cache: ResponseCache;
  readonly metrics: Pick<GatewayMetrics, 'cacheRead'>;
  readonly failures: StateFailures;
  /** Nobody is to read answers where they are kept: what is stored elsewhere is masked, or left out. */
  readonly isSealed: boolean;
}

/** Gives one call the answer that another one got, or keeps its answer for others. */
export class ResponseCacheBehaviour implements Behaviour {
  readonly #wish: CacheWish;
  readonly #deps: ResponseCacheDeps;
  /** Undefined: the call is none that could be answered for another. */
  #key: CacheKey | undefined;
  #hit: readonly string[] | undefined;
  /** Of the answer that may be kept. */
  #headers: readonly string[] = [];

  constructor(wish: CacheWish, deps: ResponseCacheDeps) {
    this.#wish = wish;
    this.#deps = deps;
  }

  before(call: BehaviourCall): OwnAnswer | undefined | Promise<OwnAnswer | undefined> {
    if (!METHODS.has(call.method)) return undefined;
    const key = cacheKey(call, this.#wish, this.#deps.isSealed);
    this.#key = key;
    if (!this.#wish.reads) return undefined;
    return this.#find(key);
  }

  answered(_status: number, { forward }: ResponseHeaders): readonly string[] {
    if (this.#hit) return this.#hit;
    // What others add after this is about this call alone.
    if (this.#key && this.#wish.saves) this.#headers = keptHeaders(forward);
    return this.#key && this.#wish.reads ? MISS : [];
  }

  async recorded(event: NewRequestEvent): Promise<NewRequestEvent> {
    const { saves, slots, ttlMs } = this.#wish;
    const { response_body: body } = event;
    if (!this.#key || this.#hit || !saves || body.bytes.length > ANSWER_BYTES_MAX) return event;
    // An answer of our own in place of the provider's, of a behaviour that came after this one.
    if (event.cache_reference_id !== undefined) return event;
    try {
      const { isWholeAnswer } = await import('./is-whole-answer.ts');
      if (!isWholeAnswer(event)) return event;
      const answer: CachedAnswer = {
        requestId: event.request_id,
        status: event.status,
        headers: this.#headers,
        latencyMs: Math.max(0, event.response_at - event.request_at),
        storedAt: event.response_at,
        body: this.#deps.isSealed
          ? sealAnswer(body.bytes, this.#key.secret)
          : Buffer.from(body.bytes.buffer, body.bytes.byteOffset, body.bytes.length),
      };
      // Kept before the client has the end of it: its next call finds it.
      await atMost(PUT_MS_MAX, this.#deps.cache.put(this.#key.name, slots, answer, ttlMs));
    } catch (error) {
      this.#deps.failures.note('cache', error);
    }
    return event;
  }

  async #find({ name, secret }: CacheKey): Promise<OwnAnswer | undefined> {
    const { cache, metrics, failures, isSealed } = this.#deps;
    try {
      const asked = cache.find(name, this.#wish.slots, Math.random());
      // One turn less where nobody has to be asked.
      const found = asked instanceof Promise ? await asked : asked;
      metrics.cacheRead(found ? 'hit' : 'miss');
      if (!found) return undefined;
      const { slot, answer } = found;
      const given = ownAnswer(answer, isSealed ? openAnswer(answer.body, secret) : answer.body);
      const latency = String(Math.round(answer.latencyMs));
      this.#hit = [
        'Helicone-Cache',
        'HIT',
        'Helicone-Cache-Bucket-Idx',
        String(slot),
        'Helicone-Cache-Latency',
        latency,
      ];
      return given;
    } catch (error) {
      failures.note('cache', error);
      return undefined;
    }
  }
}

const METHODS = new Set(['GET', 'POST']);
const MISS = ['Helicone-Cache', 'MISS'];
/** Longest time for which the end of an answer waits for its being kept. */
const PUT_MS_MAX = 500;

function ownAnswer({ requestId, status, headers }: CachedAnswer, body: Buffer): OwnAnswer {
  const pieces = answerPieces(body, headerOf(headers, 'content-type'), headerOf(headers, 'content-encoding'));
  return { status, headers, pieces, cacheReferenceId: requestId };
}

function headerOf(headers: readonly string[], name: string): string {
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i]!.length === name.length && headers[i]!.toLowerCase() === name) return headers[i + 1]!;
  }
  return '';
}

/** Resolves with `work`, or without it after `ms`; rejects as it does until then. */
async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
