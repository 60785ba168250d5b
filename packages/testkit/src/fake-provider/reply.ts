import type { Pairs } from '@throughline/contracts/request-event';
import type { TokenCounts } from '@throughline/contracts/request-row';
import type { Random } from '../seed.ts';
import type { FakeScript } from './script.ts';

/** A request as the fake provider's answers see it. */
export interface FakeRequest {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** As they arrived, names in their original case. */
  readonly headers: Pairs;
  readonly body: Buffer;
  /** The body as a JSON object; null when it is none. */
  readonly json: JsonObject | null;
  /** Whose dialect of OpenAI's API is spoken. */
  readonly vendor: FakeVendor;
  readonly script: FakeScript;
  readonly random: Random;
}

/** Who the fake provider is, among those whose paths are the same. */
export type FakeVendor = 'openai' | 'groq' | 'mistral';

/** What an answer says was used, in the contract's kinds, and for which model. Null counts: the answer is silent. */
export interface FakeUsage
  extends Pick<
    TokenCounts,
    | 'prompt_tokens'
    | 'completion_tokens'
    | 'reasoning_tokens'
    | 'prompt_cache_read_tokens'
    | 'prompt_cache_write_tokens'
  > {
  readonly model: string;
}

/** An answer before it is encoded and put on the wire. */
export interface FakeReply {
  readonly status: number;
  readonly contentType: string;
  /** One part per event of a stream, else one. */
  readonly parts: readonly Buffer[];
  readonly streamed: boolean;
  /** Takes the place of the rest of a stream for the fault `error-event`. */
  readonly errorPart?: Buffer;
  readonly usage: FakeUsage | null;
  readonly headers?: Pairs;
}

export type JsonObject = { readonly [key: string]: unknown };

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function jsonReply(status: number, body: unknown, usage: FakeUsage | null = null): FakeReply {
  return {
    status,
    contentType: 'application/json',
    parts: [Buffer.from(JSON.stringify(body))],
    streamed: false,
    usage,
  };
}

/** An event stream. `events` are objects for `data:` (named if they have a name) or text such as `[DONE]`. */
export function streamReply(
  request: FakeRequest,
  events: readonly StreamEvent[],
  errorEvent: StreamEvent,
  usage: FakeUsage | null,
): FakeReply {
  const lineEnd = request.script.lineEnd === 'crlf' ? '\r\n' : '\n';
  return {
    status: 200,
    contentType: 'text/event-stream; charset=utf-8',
    parts: events.map((event) => renderEvent(event, lineEnd)),
    streamed: true,
    errorPart: renderEvent(errorEvent, lineEnd),
    usage,
  };
}

/** One JSON array, an element at a time: how Gemini streams to whoever does not ask for events. */
export function arrayReply(elements: readonly unknown[], error: unknown, usage: FakeUsage | null): FakeReply {
  const parts = elements.map((element, index) => `${index === 0 ? '[' : ',\n'}${JSON.stringify(element)}`);
  return {
    status: 200,
    contentType: 'application/json; charset=UTF-8',
    parts: [...parts, elements.length === 0 ? '[]' : ']'].map((part) => Buffer.from(part)),
    streamed: true,
    errorPart: Buffer.from(`,\n${JSON.stringify(error)}]`),
    usage,
  };
}

export interface StreamEvent {
  readonly name?: string;
  readonly data: unknown;
}

function renderEvent({ name, data }: StreamEvent, lineEnd: string): Buffer {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return Buffer.from(`${name ? `event: ${name}${lineEnd}` : ''}data: ${text}${lineEnd}${lineEnd}`);
}
