import type { Schemas } from '@throughline/client/throughline-client';
import { count } from '../../format/count.ts';
import { duration } from '../../format/duration.ts';
import { money } from '../../format/money.ts';
import { allOf, type Filter, writeFilter } from '../../search/filter-param.ts';
import type { Bar } from '../../ui/chart/bar-chart.tsx';

export type Quantity = 'requests' | 'duration' | 'cost';

/** What the bars of a histogram say, and which sessions stand behind each. @param search of the page's own range. @param base what all of them are chosen by. */
export function histogramBars(
  quantity: Quantity,
  bins: readonly Schemas['HistogramBin'][],
  search: Readonly<Record<string, string>>,
  base: Filter,
): Bar[] {
  return bins.map((bin, at) => {
    const ends = endsOf(quantity, bin, at === 0, at === bins.length - 1);
    const filter = writeFilter(allOf(base, endsFilter(quantity, ends)));
    return {
      id: bin.range_start,
      label: endsLabel(quantity, ends),
      value: bin.value,
      search: { ...search, ...(filter !== undefined && { filter }) },
    };
  });
}

/** The least and the greatest value that can lie in a bin. */
interface Ends {
  readonly least: number;
  readonly most: number;
}

/** Neighbours meet half-way between two values, where none lies; the first begins with a value, and the last ends with one. */
function endsOf(quantity: Quantity, bin: Schemas['HistogramBin'], isFirst: boolean, isLast: boolean): Ends {
  const [from, to] = [Number(bin.range_start), Number(bin.range_end)];
  if (quantity === 'cost') return { least: from, most: to };
  return { least: isFirst ? from : Math.floor(from) + 1, most: isLast ? to : Math.ceil(to) - 1 };
}

function endsLabel(quantity: Quantity, { least, most }: Ends): string {
  const print = PRINTS[quantity];
  const [low, high] = [print(least), print(most)];
  if (low === high) return low;
  const isSeconds = quantity === 'duration' && most < SECONDS_MAX;
  return isSeconds ? `${least} – ${high}` : `${low} – ${high}`;
}

/** Up to here people read seconds. */
const SECONDS_MAX = 120;

const PRINTS: Readonly<Record<Quantity, (value: number) => string>> = {
  requests: count,
  duration: (seconds) => (seconds < SECONDS_MAX ? `${seconds} s` : duration(seconds * 1_000)),
  cost: money,
};

function endsFilter(quantity: Quantity, { least, most }: Ends): Filter {
  return { sessions_request_response_rmt: { [COLUMNS[quantity]]: { gte: least, lte: most } } };
}

const COLUMNS = {
  requests: 'session_total_requests',
  duration: 'session_span_seconds',
  cost: 'session_total_cost',
} as const;
