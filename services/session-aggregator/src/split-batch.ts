import type { LoggedEntry } from './steps/decide-step.ts';

/**
 * Cuts a batch before each annotation of a request that is in it, so that a row is never changed before it is committed.
 * Otherwise an owner that dies after its inserts could leave a changed row, of the highest version, that says of its call
 * what nobody committed: prices and readings are those of the version that was running.
 *
 * Who annotates a request has seen its row, so as a rule there is nothing to cut.
 */
export function splitBatch(entries: readonly LoggedEntry[]): LoggedEntry[][] {
  const parts: LoggedEntry[][] = [[]];
  let requests = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === 'annotation' && requests.has(entry.row.request_event_id)) {
      parts.push([]);
      requests = new Set();
    }
    if (entry.kind === 'request') requests.add(entry.built.row.event_id);
    parts.at(-1)!.push(entry);
  }
  return parts;
}
