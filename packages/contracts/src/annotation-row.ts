import type { AnnotationChange } from './annotation.ts';

/** What was said about a request or session after the fact, table `annotations`: one row per event that was applied. */
export interface AnnotationRow {
  readonly tenant_id: string;
  readonly event_id: string;
  readonly kind: AnnotationChange['kind'];
  readonly target: 'request' | 'session';
  /** Of the request; `''`, `''` and 0 where the target is a session. */
  readonly request_id: string;
  readonly request_event_id: string;
  readonly request_ordered_at: number;
  /** Of the session, or the request's; `''` for a request without one. */
  readonly session_id: string;
  /** Key of a property, `''` for the other kinds. */
  readonly name: string;
  /** Tag or property as given, feedback as `true` or `false`, scores as the JSON of their pairs. */
  readonly value: string;
  readonly received_at: number;
  readonly producer_id: string;
  readonly producer_seq: number;
  readonly source_partition: number;
  readonly source_offset: number;
  readonly version: bigint;
}

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
  }
}

/** The change that `storedChange` stored. */
export function changeOf({ kind, name, value }: Pick<AnnotationRow, 'kind' | 'name' | 'value'>): AnnotationChange {
  switch (kind) {
    case 'tag':
      return { kind, tag: value };
    case 'feedback':
      return { kind, rating: value === 'true' };
    case 'score':
      return { kind, scores: JSON.parse(value) as [string, number][] };
    case 'property':
      return { kind, key: name, value };
  }
}
