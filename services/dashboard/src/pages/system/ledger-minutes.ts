import type { Series } from '../../ui/chart/time-chart.tsx';
import type { LedgerAnswer } from './read-system.ts';

type Minute = LedgerAnswer['minutes'][number];

const MINUTE_MS = 60_000;

export interface LedgerSums {
  readonly accepted: number;
  readonly logged: number;
  readonly stored: number;
  readonly totalled: number;
  readonly refused: number;
  readonly dead: number;
}

/** Of all minutes together. */
export function ledgerSums(minutes: readonly Minute[]): LedgerSums {
  const sums = { accepted: 0, logged: 0, stored: 0, totalled: 0, refused: 0, dead: 0 };
  for (const minute of minutes) {
    sums.accepted += minute.accepted;
    sums.logged += minute.logged;
    sums.stored += minute.stored;
    sums.totalled += minute.totalled;
    sums.refused += minute.refused;
    sums.dead += deadOf(minute);
  }
  return sums;
}

/** What did not come all the way in a minute, in words; empty where everything did. */
export function minuteGaps(minute: Minute): string[] {
  const gaps: string[] = [];
  const waiting = minute.stored - minute.totalled;
  if (waiting > 0) gaps.push(`${waiting} stored and not totalled yet`);
  if (deadOf(minute) > 0) gaps.push(`${deadOf(minute)} could not be processed`);
  if (minute.refused > 0) gaps.push(`${minute.refused} refused, the log had no room`);
  return gaps;
}

/** What else was in the log that minute and is no row, in words. */
export function minuteExtras({ exceptions }: Minute): string {
  return Object.entries(exceptions)
    .filter(([kind, events]) => kind !== 'dead' && kind !== 'refused' && events > 0)
    .map(([kind, events]) => `${events} ${EXTRAS.get(kind) ?? kind}`)
    .join(', ');
}

const EXTRAS: ReadonlyMap<string, string> = new Map([
  ['resent', 'sent once more'],
  ['duplicate', 'of a request that is there already'],
  ['control', 'of our own'],
  ['deleted', 'deleted since'],
  ['orphan', 'about what is not there'],
]);

/** Every minute of a span, also those in which nothing happened. @param toMs epoch ms: in the last minute of all. */
export function ledgerSeries(
  minutes: readonly Minute[],
  span: number,
  toMs: number,
): { readonly times: number[]; readonly series: Series[] } {
  const last = Math.floor(toMs / MINUTE_MS) * MINUTE_MS;
  const byTime = new Map(minutes.map((minute) => [Date.parse(minute.at), minute]));
  const times = Array.from({ length: span }, (_, at) => last - (span - 1 - at) * MINUTE_MS);
  const values = (of: (minute: Minute) => number) =>
    times.map((time) => {
      const minute = byTime.get(time);
      return minute === undefined ? 0 : of(minute);
    });
  // One before the other: of the first what the next does not cover is seen.
  return {
    times,
    series: [
      { name: 'Accepted', role: '--line-strong', values: values(({ accepted, refused }) => accepted + refused) },
      { name: 'Totalled', role: '--accent', values: values(({ totalled }) => totalled) },
      { name: 'Lost or not processed', role: '--bad', values: values((minute) => deadOf(minute) + minute.refused) },
    ],
  };
}

function deadOf({ exceptions }: Minute): number {
  return exceptions.dead ?? 0;
}
