import { api, dataOf } from '../../api/client.ts';

/** How the installation stands. */
export function readStatus(signal: AbortSignal) {
  return dataOf(api().GET('/v1/system/status', { signal }));
}

export type Status = Awaited<ReturnType<typeof readStatus>>;

/** What became of the events of the last minutes. */
export function readLedger(minutes: number, signal: AbortSignal) {
  return dataOf(api().GET('/v1/system/ledger', { params: { query: { minutes } }, signal }));
}

export type LedgerAnswer = Awaited<ReturnType<typeof readLedger>>;

/** Compares everything that was accepted, logged, stored and totalled. */
export function runAudit() {
  return dataOf(api().POST('/v1/system/ledger/audit'));
}

export type LedgerAudit = Awaited<ReturnType<typeof runAudit>>;

export function readDeadLetters(signal: AbortSignal) {
  return dataOf(api().GET('/v1/system/dead-letters', { signal }));
}

export type DeadLetter = Awaited<ReturnType<typeof readDeadLetters>>[number];

/** Where an event lies in the log. */
export interface LogPlace {
  readonly partition: number;
  readonly offset: number;
}

export function readDeadLetter({ partition, offset }: LogPlace, signal: AbortSignal) {
  return dataOf(
    api().GET('/v1/system/dead-letters/{partition}/{offset}', { params: { path: pathOf(partition, offset) }, signal }),
  );
}

export function replayDeadLetter({ partition, offset }: LogPlace) {
  return dataOf(
    api().POST('/v1/system/dead-letters/{partition}/{offset}/replay', { params: { path: pathOf(partition, offset) } }),
  );
}

/** As URLs and people write it: `3:1234`. */
export function placeText({ partition, offset }: LogPlace): string {
  return `${partition}:${offset}`;
}

/** Undefined where the text is no place. */
export function readPlace(text: string | undefined): LogPlace | undefined {
  const found = /^(\d{1,5}):(\d{1,15})$/.exec(text ?? '');
  return found ? { partition: Number(found[1]), offset: Number(found[2]) } : undefined;
}

function pathOf(partition: number, offset: number) {
  return { partition: String(partition), offset: String(offset) };
}
