import type { PSize } from '@throughline/contracts/api/session-summary';

/** Which values a histogram shows. */
export interface HistogramCut {
  /** The quantile above which values are left out. */
  readonly pSize: PSize;
  /** Values below the opposite quantile (`p75`: below the quantile 0.25) are left out too. */
  readonly useInterquartile: boolean;
}

/** Values that lie side by side. All are whole numbers. */
export interface HistogramBin {
  readonly count: number;
  readonly least: bigint;
  readonly most: bigint;
}

/** A row of `histogramSql`, beside its aggregates. */
export interface HistogramRow<Column extends string> {
  readonly column: Column;
  readonly bins: readonly (readonly [count: string, least: string, most: string])[];
}

/** Most bins of a histogram: what existing clients draw. */
const BINS_MAX = 10;

/** Thousandths, so that no place among the values is computed with a fraction. */
const PER_MILLE: Readonly<Record<PSize, number>> = { p50: 500, p75: 750, p95: 950, p99: 990, 'p99.9': 999 };

/**
 * A query of one row per column (`HistogramRow`): its histogram, and aggregates over all rows, the same in each.
 *
 * A histogram is defined by the values alone, whatever their order, so that it is the same on every read:
 * 1. Of n values in ascending order, counted from 0, the quantile p lies at p(n − 1), between two values on the straight
 *    line from one to the other. Values up to the quantile are kept; with `useInterquartile`, only those from the quantile
 *    1 − p on. No value lies between two neighbours, so that this is every value up to number ⌊p(n − 1)⌋, from number
 *    ⌈(1 − p)(n − 1)⌉ on, and those equal to them.
 * 2. Ten different values or fewer make a bin each. More fall into ten ranges of equal width between the least and the
 *    greatest, and each range that holds any is a bin.
 * 3. Bins meet half-way between the greatest value of the one and the least of the next (`histogramAnswer`), so that no
 *    value lies on a border.
 *
 * The engine's own `histogram` is not used: its bins depend on the order in which threads deliver rows.
 *
 * @param rows a query. @param columns of it that are whole numbers. @param aggregates over it, by their names.
 */
export function histogramSql(
  rows: string,
  columns: readonly string[],
  aggregates: Readonly<Record<string, string>>,
  cut: HistogramCut,
): string {
  const p = PER_MILLE[cut.pSize];
  const named = Object.keys(aggregates).join(', ');
  // Places count from 1. Nothing selected: the place does not exist, which reads as 0.
  const n = 'length(of.2)';
  const from = cut.useInterquartile ? `1 + intDiv(${1000 - p} * (${n} - 1) + 999, 1000)` : '1';
  const through = `1 + intDiv(${p} * (${n} - 1), 1000)`;
  // Every level costs some 3 ms to plan, and so does each column on each level: hence one row per column. What a lambda
  // takes from outside is copied for each element unless it is computed before, as whatever does not use an argument of
  // it is: an element of an array may stand in a lambda, an array not.
  const sorted = `
SELECT ${Object.entries(aggregates)
    .map(([name, sql]) => `${sql} AS ${name}`)
    .join(', ')},
  arrayJoin([${columns.map((c) => `('${c}', arraySort(groupArray(toInt128(${c}))))`).join(', ')}]) AS of
FROM (${rows})`;
  const kept = `
SELECT ${named}, of.1 AS column, arrayFilter(v -> v >= of.2[${from}] AND v <= of.2[${through}], of.2) AS kept
FROM (${sorted})`;
  const placed = `
SELECT ${named}, column, kept, if(length(arrayCompact(kept)) <= ${BINS_MAX}, kept,
    arrayMap(v -> least(intDiv(${BINS_MAX} * (v - kept[1]), greatest(kept[-1] - kept[1], 1)), ${BINS_MAX - 1}), kept)) AS place
FROM (${kept})`;
  return `
SELECT ${named}, column,
  arrayMap(bin -> (toString(length(bin)), toString(bin[1]), toString(bin[-1])), arraySplit((v, starts) -> starts, kept,
    arrayMap((at, before) -> at != before, place, arrayPopBack(arrayPushFront(place, place[1]))))) AS bins
FROM (${placed})`;
}

/** The bins of each column. */
export function readBins<Column extends string>(
  rows: readonly HistogramRow<Column>[],
): Record<Column, readonly HistogramBin[]> {
  const histograms = {} as Record<Column, readonly HistogramBin[]>;
  for (const { column, bins } of rows) {
    histograms[column] = bins.map(([count, least, most]) => ({
      count: Number(count),
      least: BigInt(least),
      most: BigInt(most),
    }));
  }
  return histograms;
}
