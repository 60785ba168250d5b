/** The request that an annotation is about, by everything that finds its row without a search. */
export interface AnnotatedRequest {
  readonly request_id: string;
  /** Of the event that the request was logged with: callers may use a request id twice. */
  readonly event_id: string;
  /** `ordered_at` of its row, epoch ms. */
  readonly ordered_at: number;
}

/**
 * What is set. Each holds what is so from now on, never a difference, so that applying it again changes nothing. The
 * feedback on a request is its score `helicone-score-feedback`.
 */
export type AnnotationChange =
  /** Of a session. `''` takes the tag away. */
  | { readonly kind: 'tag'; readonly tag: string }
  /** Of a session. */
  | { readonly kind: 'feedback'; readonly rating: boolean }
  /** Of a session or a request: these, and the others stay. Finite numbers; of equal names the later pair counts. */
  | { readonly kind: 'score'; readonly scores: readonly (readonly [name: string, value: number])[] }
  /** Of a request. */
  | { readonly kind: 'property'; readonly key: string; readonly value: string };

/** What an annotation says, and about what: in the log's partition of the request or session that it is about. */
export interface Annotation {
  /** The session, or that of the request; null for a request without one. */
  readonly session: { readonly id: string } | null;
  /** Null: the session itself is meant. */
  readonly request: AnnotatedRequest | null;
  readonly change: AnnotationChange;
}

/** Score of a request that holds the feedback on it: 1 good, 0 bad. */
export const FEEDBACK_SCORE = 'helicone-score-feedback';
