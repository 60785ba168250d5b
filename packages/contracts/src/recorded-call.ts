import type { Pairs } from './request-event.ts';

/** A call to a provider as it was recorded, to be answered once more as it was then. */
export interface RecordedCall {
  readonly requestId: string;
  /** As the caller named it, `''` where it did not. */
  readonly sessionPath: string;
  readonly method: string;
  /** Path and query that went upstream; credentials in the query are masked. */
  readonly path: string;
  /** HTTP status, or one of the negative codes of calls that did not run to their end. */
  readonly status: number;
  readonly requestContentType: string;
  /** Those that are stored, names in lower case. */
  readonly responseHeaders: Pairs;
  /** From its start, ms; null: not known. */
  readonly firstByteMs: number | null;
  readonly latencyMs: number;
  readonly request: RecordedBody;
  readonly response: RecordedBody;
}

/** A recorded body, or why it is not there. */
export type RecordedBody =
  | {
      readonly bytes: Uint8Array;
      /** `''`: nothing has to be undone; else the content encoding that the bytes are still in. */
      readonly encoding: string;
      readonly lack?: undefined;
    }
  | { readonly lack: BodyLack };

/** Only the beginning was kept; it was lost on its way; it was deleted; its caller wished it not to be stored. */
export type BodyLack = 'cut' | 'missing' | 'deleted' | 'omitted';

/** Calls of recorded sessions. */
export interface SessionRecords {
  /**
   * The calls of a session that went to a provider, in the order in which they began, in pieces as they are read.
   *
   * @returns undefined: there is no such session.
   * @throws when the store does not answer.
   */
  read(tenantId: string, sessionId: string): Promise<AsyncIterable<readonly RecordedCall[]> | undefined>;
}
