import type { Pairs } from '@throughline/contracts/request-event';
import type { FakeUsage } from './reply.ts';
import type { FakeScript } from './script.ts';

/** One request and what was answered: what arrived and exactly what was sent. */
export interface Exchange {
  /** From 1, in order of arrival; the answer names it in `x-fake-exchange`. */
  readonly id: number;
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  /** Names in the case they arrived in. */
  readonly headers: Pairs;
  readonly requestBody: Buffer;
  readonly script: FakeScript;
  /** 0 when nothing was answered. */
  readonly status: number;
  readonly responseHeaders: Pairs;
  /** The writes of the body, as encoded; framing of HTTP not included. */
  readonly writes: readonly Buffer[];
  readonly usage: FakeUsage | null;
  /** `open` until it ends; `faulted` when a script's fault ended it; `client-gone` when the client left first. */
  readonly outcome: 'open' | 'answered' | 'faulted' | 'client-gone';
}

/** The body as sent. */
export function sentBody(exchange: Exchange): Buffer {
  return Buffer.concat(exchange.writes);
}

/** The first header of that name as it arrived, undefined when there was none. */
export function receivedHeader(exchange: Exchange, name: string): string | undefined {
  return exchange.headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** Header names, request line, values and body as one text, to search for what must not have arrived. */
export function everythingReceived(exchange: Exchange): string {
  const headers = exchange.headers.map(([name, value]) => `${name}: ${value}`).join('\n');
  return `${exchange.method} ${exchange.url}\n${headers}\n\n${exchange.requestBody.toString('latin1')}`;
}
