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

/** As the engine prints bins. */
export type HistogramBinRow = readonly [count: string, least: string, most: string];

/** Most bins of a histogram: what existing clients draw. */
const BINS_MAX = 10;

/** Thousandths, so that no place among the values is computed with a fraction. */
const PER_MILLE: Readonly<Record<PSize, number>> = { p50: 500, p75: 750, p95: 950, p99: 990, 'p99.9': 999 };

/**
 * A query of one row: aggregates over some rows, and a histogram `<column>_bins` of each of some columns.
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
 * @param rows a query. @param columns of it that are whole numbers with a sign. @param aggregates over it, each with an alias.
 */
export function histogramSql(
  rows: string,
  columns: readonly string[],
  aggregates: readonly string[],
  cut: HistogramCut,
): string {
  const each = (of: (column: string) => string) => columns.map(of).join(',\n  ');
  const p = PER_MILLE[cut.pSize];
  // Places count from 1. Nothing selected: the place does not exist, which reads as 0.
  const from = (n: string) => (cut.useInterquartile ? `1 + intDiv(${1000 - p} * (${n} - 1) + 999, 1000)` : '1');
  const through = (n: string) => `1 + intDiv(${p} * (${n} - 1), 1000)`;
  // A step at a time: a lambda copies what it uses from outside for each element, so that it may use no array.
  const sorted = `
SELECT ${aggregates.join(', ')},
  ${each((c) => `arraySort(groupArray(${c})) AS ${c}_sorted`)}
FROM (${rows})`;
  const bounded = `
SELECT *, ${each((c) => `${c}_sorted[${from(`length(${c}_sorted)`)}] AS ${c}_from, ${c}_sorted[${through(`length(${c}_sorted)`)}] AS ${c}_through`)}
FROM (${sorted})`;
  const kept = `
SELECT *, ${each((c) => `arrayFilter(v -> v >= ${c}_from AND v <= ${c}_through, ${c}_sorted) AS ${c}_kept`)}
FROM (${bounded})`;
  const measured = `
SELECT *, ${each((c) => `${c}_kept[1] AS ${c}_least, greatest(${c}_kept[-1] - ${c}_kept[1], 1) AS ${c}_width`)}
FROM (${kept})`;
  const placed = `
SELECT *, ${each(
    (c) =>
      `if(length(arrayCompact(${c}_kept)) <= ${BINS_MAX}, ${c}_kept,
    arrayMap(v -> least(intDiv(${BINS_MAX} * (v - ${c}_least), ${c}_width), ${BINS_MAX - 1}), ${c}_kept)) AS ${c}_place`,
  )}
FROM (${measured})`;
  const divided = `
SELECT *, ${each((c) => `arrayMap((place, before) -> place != before, ${c}_place, arrayPopBack(arrayPushFront(${c}_place, ${c}_place[1]))) AS ${c}_starts`)}
FROM (${placed})`;
  return `
SELECT * EXCEPT (${columns.flatMap((c) => LEFT_OUT.map((step) => `${c}_${step}`)).join(', ')}),
  ${each(
    (c) =>
      `arrayMap(bin -> (toString(length(bin)), toString(bin[1]), toString(bin[-1])), arraySplit((v, starts) -> starts, ${c}_kept, ${c}_starts)) AS ${c}_bins`,
  )}
FROM (${divided})`;
}

const LEFT_OUT = ['sorted', 'from', 'through', 'kept', 'least', 'width', 'place', 'starts'];

export function readBins(rows: readonly HistogramBinRow[]): HistogramBin[] {
  return rows.map(([count, least, most]) => ({ count: Number(count), least: BigInt(least), most: BigInt(most) }));
}
