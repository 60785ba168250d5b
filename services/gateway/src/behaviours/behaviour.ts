import type { EventSession, NewRequestEvent } from '@throughline/contracts/request-event';
import type { ResponseHeaders } from '../proxy/response-headers.ts';
import type { CallHeaders } from '../request/call-headers.ts';

/** Something that headers of a call ask for beside its being sent (wire contract 1.4). One for each call. */
export interface Behaviour {
  /**
   * Before the call is sent, its whole body having been read. May change `call.body`, and add to `call.headers.properties`.
   *
   * @returns what the client is answered in place of the provider's answer; undefined: it is sent.
   * @throws ApiError what the client is answered as an error of the gateway's.
   */
  before?(call: BehaviourCall): OwnAnswer | undefined | Promise<OwnAnswer | undefined>;
  /**
   * `before` can do without the body: where nobody needs it, a call whose body is too large to be read whole is asked about
   * with none, and its body is sent while it comes.
   */
  readonly isBodyOptional?: boolean;
  /**
   * Once it is known what the client is answered, by whomever.
   *
   * @param status for the client.
   * @returns names and values of further headers for the client, alternating.
   */
  answered?(status: number, response: ResponseHeaders): readonly string[];
  /**
   * Before the call is recorded. What it throws is logged, and the call is then recorded without its bodies.
   *
   * @returns the event as it is to be recorded, the same or another one.
   */
  recorded?(event: NewRequestEvent): NewRequestEvent | Promise<NewRequestEvent>;
}

/** A call that has not been sent yet. */
export interface BehaviourCall {
  /** Undefined: not recorded, or it is found out later whose it is. */
  readonly tenantId: string | undefined;
  /** `''` where there is none. */
  readonly keyId: string;
  readonly headers: CallHeaders;
  readonly method: string;
  readonly origin: string;
  /** With its query, as it is sent. */
  readonly path: string;
  readonly provider: string;
  readonly requestId: string;
  readonly requestAt: number;
  readonly session: EventSession | null;
  /** As it came, still compressed if it was; what is put here is sent in its place. */
  body: Buffer | null;
}

/** An answer that does not come from a provider. */
export interface OwnAnswer {
  /** For the client. */
  readonly status: number;
  /** What is recorded where that is another one (−4: a threat was blocked). */
  readonly recordedStatus?: number;
  /** Names and values, alternating. */
  readonly headers: readonly string[];
  /** The body; each piece is written by itself, so that a stream stays one. */
  readonly pieces: readonly Buffer[];
  /** How long to wait before each piece, ms; left out: not at all. */
  readonly delaysMs?: readonly number[];
  /** Request id of the call that this was the answer to: nothing was paid for it again. */
  readonly cacheReferenceId?: string;
  /** `failed`: the call was refused. */
  readonly heliconeStatus?: 'failed';
}
