import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { encodeRows } from '@throughline/analytics/tables';
import type { AnnotationRow } from '@throughline/contracts/annotation-row';
import type { RequestRow } from '@throughline/contracts/request-row';
import { unpackVersion } from '@throughline/contracts/version';
import { annotateRows } from './annotate-row.ts';
import { readRequestAnnotations } from './read-annotations.ts';
import { readRowsByKey } from './read-request-rows.ts';
import { rowKey, targetKey } from './target-key.ts';

/** Requests looked at per round: their rows without bodies, and their annotations, are in memory together. */
const REQUESTS_MAX = 500;

/**
 * Annotations are stored before the rows that they change: those may be as they were before, because an owner died in
 * between or the analytics store lost them. Every row that lacks one of the annotations given, or a later one, is stored
 * again with all of them.
 *
 * @param annotations stored ones. @param through last offset that counts. @param epoch of the owner.
 * @returns how many rows were stored.
 */
export async function restoreAnnotatedRows(
  analytics: AnalyticsStore,
  partition: number,
  annotations: readonly AnnotationRow[],
  { through, epoch }: { readonly through: number; readonly epoch: number },
): Promise<number> {
  const newest = new Map<string, AnnotationRow>();
  for (const annotation of annotations)
    if (annotation.target === 'request') newest.set(targetKey(annotation), annotation);
  const asked = [...newest.values()];
  let restored = 0;
  for (let at = 0; at < asked.length; at += REQUESTS_MAX) {
    const keys = asked.slice(at, at + REQUESTS_MAX).map((annotation) => ({
      tenantId: annotation.tenant_id,
      requestId: annotation.request_id,
      orderedAt: annotation.request_ordered_at,
    }));
    const lacking = new Map<string, RequestRow>();
    for (const row of await readRowsByKey(analytics, partition, keys)) {
      const annotation = newest.get(rowKey(row));
      if (annotation && unpackVersion(row.version).offset < annotation.source_offset) lacking.set(rowKey(row), row);
    }
    if (lacking.size === 0) continue;
    const theirs = await readRequestAnnotations(analytics, partition, [...lacking.values()], through);
    const changed = annotateRows(lacking, theirs, epoch);
    await analytics.insert(encodeRows('requests', [...changed.values()]));
    restored += changed.size;
  }
  return restored;
}
