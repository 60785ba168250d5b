import { type AnnotationRow, changeOf } from '@throughline/contracts/annotation-row';
import type { RequestRow } from '@throughline/contracts/request-row';
import { packVersion, unpackVersion } from '@throughline/contracts/version';
import { NO_STRINGS, StringsCollector } from '@throughline/session-totals/bounded-strings';
import { SESSION_BOUNDS, type StringsBound } from '@throughline/session-totals/session-bounds';
import type { FoldedAnnotation } from './session/fold-session.ts';
import { targetKey } from './target-key.ts';

/**
 * The row of a request with an annotation of it: the same key, so that it takes the old row's place, and a version that
 * says up to which annotation it goes. Everything else of the row stays as it is.
 *
 * @returns the row itself when it holds that annotation already, as it does when a batch is repeated.
 */
export function annotateRow(row: RequestRow, annotation: FoldedAnnotation, epoch: number): RequestRow {
  if (unpackVersion(row.version).offset >= annotation.source_offset) return row;
  const version = packVersion(annotation.source_offset, epoch);
  const change = changeOf(annotation);
  switch (change.kind) {
    case 'score':
      return { ...row, version, scores: [...new Map([...row.scores, ...change.scores])] };
    case 'property':
      return { ...row, version, ...withProperty(row, change.key, change.value) };
    default:
      return { ...row, version };
  }
}

/** @param annotations ascending by offset. @returns the rows that they change, changed, by `rowKey`. */
export function annotateRows(
  rows: ReadonlyMap<string, RequestRow>,
  annotations: readonly AnnotationRow[],
  epoch: number,
): Map<string, RequestRow> {
  const changed = new Map<string, RequestRow>();
  for (const annotation of annotations) {
    const key = targetKey(annotation);
    const row = changed.get(key) ?? rows.get(key);
    if (row === undefined) continue;
    const next = annotateRow(row, annotation, epoch);
    if (next !== row) changed.set(key, next);
  }
  return changed;
}

type Properties = Pick<RequestRow, 'properties' | 'former_properties'>;

function withProperty({ properties, former_properties }: Properties, key: string, value: string): Properties {
  const next = new Map(properties);
  const former = next.get(key);
  next.set(key, value);
  if (former === undefined || former === value) return { properties: [...next], former_properties };
  const formers = new Map(former_properties);
  formers.set(key, withFormer(formers.get(key) ?? [], former));
  return { properties: [...next], former_properties: [...formers] };
}

/**
 * What a session keeps of a property's values are those smallest by hash, and whether there were others. One value more
 * than it keeps, and the beginning of one that is too long for it, say the same of any number of them.
 */
function withFormer(values: readonly string[], former: string): readonly string[] {
  const { countMax, charsMax } = SESSION_BOUNDS.propertyValues;
  const bound: StringsBound = { countMax: countMax + 1, charsMax };
  const isLong = (value: string) => value.length > charsMax;
  const collector = new StringsCollector({ ...NO_STRINGS, values: values.filter((value) => !isLong(value)) }, bound);
  if (!isLong(former)) collector.add(former);
  const long = values.find(isLong) ?? (isLong(former) ? former.slice(0, charsMax + 1).toWellFormed() : undefined);
  const kept = collector.result().values;
  return long === undefined ? kept : [...kept, long];
}
