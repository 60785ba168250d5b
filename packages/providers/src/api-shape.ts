import type { JsonObject } from './json-object.ts';
import type { CallError } from './provider-reading.ts';
import type { ReportedUsage } from './reported-usage.ts';

/** What a response body or stream says. `''`, null or an empty list where it says nothing. */
export interface ResponseReading {
  readonly model: string;
  readonly usage: ReportedUsage | null;
  /** `usage.output` is what a stream began with: the event that says how much it was never came. */
  readonly outputIsOpening: boolean;
  /** Work of other models that this call was billed for beside `usage`. */
  readonly alsoBilled: readonly { readonly model: string; readonly usage: ReportedUsage }[];
  /** The same work by model, where one call was worked on by several: their prices hold instead of the one of `model`. */
  readonly billedAs: readonly { readonly model: string; readonly usage: ReportedUsage }[] | null;
  readonly finishReason: string;
  readonly error: CallError | null;
  /** The end of the protocol was seen, so nothing is missing. Always true for a JSON body. */
  readonly ended: boolean;
  /** A part of an answer was seen before any error: the provider may bill for it. */
  readonly answered: boolean;
  /** What the provider calls the terms of this call when they change its price: `priority`, `flex`, `geo:us`. */
  readonly tiers: readonly string[];
  /** What the provider says it charges, in picodollars. */
  readonly reportedPico: bigint | null;
}

/** What says nothing. */
export const NOTHING_READ: ResponseReading = {
  model: '',
  usage: null,
  outputIsOpening: false,
  alsoBilled: [],
  billedAs: null,
  finishReason: '',
  error: null,
  ended: false,
  answered: false,
  tiers: [],
  reportedPico: null,
};

/** Reads the events of one stream in order. `take` never throws, whatever the event holds. */
export interface StreamReader {
  /** @param name the event's `event:` field, `''` when it has none; `data` is one whole event. */
  take(name: string, data: string): void;
  /** Called once, after the last event. */
  finish(): ResponseReading;
}

/**
 * One API, recognised by how it looks and not by who serves it: the same shapes are spoken by dozens of hosts.
 */
export interface ApiShape {
  readonly id: string;
  /** What is captured of a stream is its last event alone, as a body. Left out: it is not. */
  readonly isLastEvent?: boolean;
  /** @param path without its query. */
  servesPath(path: string): boolean;
  /** Whether a successful response body looks like this API's. */
  fitsBody(body: JsonObject): boolean;
  /** Whether one event of a stream looks like this API's. */
  fitsEvent(name: string, data: JsonObject): boolean;
  /** @param path without its query; what is read may depend on the endpoint, e.g. whether an answer has any output. */
  readBody(body: JsonObject, path: string): ResponseReading;
  openStream(): StreamReader;
}
