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
  | { readonly kind: 'property'; readonly key: string; readonly value: string }
  | Deletion;

/**
 * What is to be gone, of one tenant and one partition of the log: what lies there before this event. What comes later
 * starts anew. `id` names the deletion in the ledger and in the audit log, the same for all partitions of one deletion.
 */
export type Deletion =
  /** Whole sessions: their requests, bodies, totals and what was said of them. */
  | {
      readonly kind: 'delete-sessions';
      readonly id: string;
      readonly partition: number;
      /** At most `DELETED_SESSIONS_MAX`. */
      readonly sessions: readonly string[];
      readonly reason: 'asked' | 'retention';
      /** Epoch ms: a session that received something at or after it is left alone. Null: none is. */
      readonly inactive_since: number | null;
    }
  /** Every request of a user. A session that has others is what those come to, one that has not is gone. */
  | { readonly kind: 'delete-user'; readonly id: string; readonly partition: number; readonly user: string }
  /** Requests without a session that were received before an instant, epoch ms. */
  | { readonly kind: 'delete-calls'; readonly id: string; readonly partition: number; readonly before: number }
  /** The bodies of sessions that received nothing since an instant, epoch ms. */
  | {
      readonly kind: 'delete-bodies';
      readonly id: string;
      readonly partition: number;
      readonly sessions: readonly string[];
      readonly inactive_since: number;
    }
  /** The bodies of requests without a session that were received before an instant, epoch ms. */
  | { readonly kind: 'delete-call-bodies'; readonly id: string; readonly partition: number; readonly before: number };

export const DELETION_KINDS = [
  'delete-sessions',
  'delete-user',
  'delete-calls',
  'delete-bodies',
  'delete-call-bodies',
] as const satisfies Deletion['kind'][];

/** Sessions of one deletion: the owner of their partition holds all their totals in memory for it. */
export const DELETED_SESSIONS_MAX = 500;

export function isDeletion(change: AnnotationChange): change is Deletion {
  return isDeletionKind(change.kind);
}

export function isDeletionKind(kind: AnnotationChange['kind']): kind is Deletion['kind'] {
  return (DELETION_KINDS as readonly string[]).includes(kind);
}

/** What an annotation says, and about what: in the log's partition of the request or session that it is about. */
export interface Annotation {
  /** The session, or that of the request; null for a request without one, and for a deletion. */
  readonly session: { readonly id: string } | null;
  /** Null: the session itself is meant, or what a deletion says. */
  readonly request: AnnotatedRequest | null;
  readonly change: AnnotationChange;
}

/** Score of a request that holds the feedback on it: 1 good, 0 bad. */
export const FEEDBACK_SCORE = 'helicone-score-feedback';
