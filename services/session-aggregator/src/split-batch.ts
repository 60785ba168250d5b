import type { DecidableEntry } from './steps/decide-step.ts';

/**
 * Cuts a batch before each annotation of a request that is in it, so that a row is never changed before it is committed.
 * Otherwise an owner that dies after its inserts could leave a changed row, of the highest version, that says of its call
 * what nobody committed: prices and readings are those of the version that was running.
 *
 * Who annotates a request has seen its row, so as a rule there is nothing to cut.
 *
 * A deletion is a batch of its own: it is decided from rows and totals of everything before it.
 */
export function splitBatch(entries: readonly DecidableEntry[]): DecidableEntry[][] {
  const parts: DecidableEntry[][] = [[]];
  let requests = new Set<string>();
  const cut = () => {
    if (parts.at(-1)!.length > 0) parts.push([]);
    requests = new Set();
  };
  for (const entry of entries) {
    const isAlone = isDeletionEntry(entry);
    const isOfBatch = entry.kind === 'annotation' && requests.has(entry.row.request_event_id);
    if (isAlone || isOfBatch) cut();
    if (entry.kind === 'request') requests.add(entry.built.row.event_id);
    parts.at(-1)!.push(entry);
    if (isAlone) cut();
  }
  if (parts.length > 1 && parts.at(-1)!.length === 0) parts.pop();
  return parts;
}

export type AnnotationEntry = Extract<DecidableEntry, { kind: 'annotation' | 'stored-annotation' }>;

/** The deletion that a part is about; undefined: it is about something else. */
export function deletionOf(part: readonly DecidableEntry[]): AnnotationEntry | undefined {
  const [entry] = part;
  if (entry === undefined || !isDeletionEntry(entry)) return undefined;
  return entry as AnnotationEntry;
}

function isDeletionEntry(entry: DecidableEntry): boolean {
  return (entry.kind === 'annotation' || entry.kind === 'stored-annotation') && entry.row.target === 'partition';
}
