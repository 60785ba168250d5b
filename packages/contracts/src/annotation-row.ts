import { type AnnotationChange, type Deletion, isDeletionKind } from './annotation.ts';

/** What was said about a request or session after the fact, table `annotations`: one row per event that was applied. */
export interface AnnotationRow {
  readonly tenant_id: string;
  readonly event_id: string;
  readonly kind: AnnotationChange['kind'];
  /** `partition`: a deletion. */
  readonly target: 'request' | 'session' | 'partition';
  /** Of the request; `''`, `''` and 0 where the target is a session. */
  readonly request_id: string;
  readonly request_event_id: string;
  readonly request_ordered_at: number;
  /** Of the session, or the request's; `''` for a request without one. */
  readonly session_id: string;
  /** Key of a property. Of a deletion how far it has been carried out, see `DeletionProgress`. `''` for the other kinds. */
  readonly name: string;
  /**
   * Tag or property as given, feedback as `true` or `false`, scores as the JSON of their pairs, a deletion as the JSON of
   * its `DeletionPlan`, `''` once it is purged.
   */
  readonly value: string;
  readonly received_at: number;
  readonly producer_id: string;
  readonly producer_seq: number;
  readonly source_partition: number;
  readonly source_offset: number;
  readonly version: bigint;
  /** 1: a tombstone. The annotation was deleted; nothing that it said is left in this version of its row. */
  readonly is_deleted?: 1;
}

/** A deletion as it was decided by the owner of its partition. */
export interface DeletionPlan {
  readonly change: Deletion;
  /** Sessions that are gone. Left out, like `kept`, in a row that was made once more from the log: they are decided again. */
  readonly gone?: readonly string[];
  /** Sessions that are there still, and are not what they were. */
  readonly kept?: readonly string[];
}

/**
 * `''`: committed, and what it deletes may still be read. `done`: nothing reads it any more; its bytes are there. `purged`:
 * they are gone.
 */
export type DeletionProgress = '' | 'done' | 'purged';

/** A change in the columns that hold it. */
export function storedChange(change: AnnotationChange): Pick<AnnotationRow, 'kind' | 'name' | 'value'> {
  switch (change.kind) {
    case 'tag':
      return { kind: 'tag', name: '', value: change.tag };
    case 'feedback':
      return { kind: 'feedback', name: '', value: String(change.rating) };
    case 'score':
      return { kind: 'score', name: '', value: JSON.stringify(change.scores) };
    case 'property':
      return { kind: 'property', name: change.key, value: change.value };
    default:
      return storedPlan({ change });
  }
}

/** The columns of a deletion that was decided and not carried out yet. */
export function storedPlan(plan: DeletionPlan): Pick<AnnotationRow, 'kind' | 'name' | 'value'> {
  return { kind: plan.change.kind, name: '' satisfies DeletionProgress, value: JSON.stringify(plan) };
}

/** @returns undefined once the deletion is purged, and for what is no deletion. */
export function planOf({ kind, value }: Pick<AnnotationRow, 'kind' | 'value'>): DeletionPlan | undefined {
  return isDeletionKind(kind) && value !== '' ? (JSON.parse(value) as DeletionPlan) : undefined;
}

/** The change that `storedChange` stored; of a deletion see `planOf`. */
export function changeOf({
  kind,
  name,
  value,
}: Pick<AnnotationRow, 'kind' | 'name' | 'value'>): Exclude<AnnotationChange, Deletion> {
  switch (kind) {
    case 'tag':
      return { kind, tag: value };
    case 'feedback':
      return { kind, rating: value === 'true' };
    case 'score':
      return { kind, scores: JSON.parse(value) as [string, number][] };
    case 'property':
      return { kind, key: name, value };
    default:
      throw new Error(`a ${kind} says nothing of one session or request`);
  }
}
