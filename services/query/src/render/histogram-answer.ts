import type { HistogramBin } from '../queries/histogram-sql.ts';

/** A bin as the API answers it: decimal text from here to there, and how many values lie there. */
export interface BinAnswer {
  readonly range_start: string;
  readonly range_end: string;
  readonly value: number;
}

/**
 * Bins, ascending, from the least value of all to the greatest; two meet half-way between their values.
 *
 * @param places decimal places that the values were multiplied by: 12 for picodollars shown in USD.
 */
export function histogramAnswer(bins: readonly HistogramBin[], places = 0): BinAnswer[] {
  return bins.map(({ count, least, most }, i) => {
    const start = (bins[i - 1]?.most ?? least) + least;
    const end = most + (bins[i + 1]?.least ?? most);
    return { range_start: halfOf(start, places), range_end: halfOf(end, places), value: count };
  });
}

/** Half of a whole number, divided by ten as often as there are places, exactly. */
function halfOf(twice: bigint, places: number): string {
  const tenths = twice * 5n;
  const digits = (tenths < 0n ? -tenths : tenths).toString().padStart(places + 2, '0');
  const whole = digits.slice(0, -(places + 1));
  const fraction = digits.slice(-(places + 1)).replace(/0+$/, '');
  return `${tenths < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
