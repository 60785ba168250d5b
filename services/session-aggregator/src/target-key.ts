import type { AnnotationRow } from '@throughline/contracts/annotation-row';
import type { RequestRow } from '@throughline/contracts/request-row';

/** Names a request among those of all tenants: event ids are given once, but nothing of another tenant is ever touched. */
export function rowKey({ tenant_id, event_id }: Pick<RequestRow, 'tenant_id' | 'event_id'>): string {
  return `${tenant_id}\0${event_id}`;
}

/** The `rowKey` of the request that an annotation is about. */
export function targetKey(annotation: Pick<AnnotationRow, 'tenant_id' | 'request_event_id'>): string {
  return rowKey({ tenant_id: annotation.tenant_id, event_id: annotation.request_event_id });
}
