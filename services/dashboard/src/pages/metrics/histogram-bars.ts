import type { Schemas } from '@throughline/client/throughline-client';
import { count } from '../../format/count.ts';
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
  return bins.map((bin) => {
    const filter = writeFilter(allOf(base, binFilter(quantity, bin)));
    return {
      id: bin.range_start,
      label: binLabel(quantity, bin),
      value: bin.value,
      search: { ...search, ...(filter !== undefined && { filter }) },
    };
  });
}

function binLabel(quantity: Quantity, { range_start, range_end }: Schemas['HistogramBin']): string {
  const [from, to] = [Number(range_start), Number(range_end)];
  if (quantity === 'cost') {
    const [low, high] = [money(from), money(to)];
    return low === high ? low : `${low} – ${high}`;
  }
  // These are whole; borders lie half-way between what is there.
  const [least, most] = [Math.ceil(from), Math.floor(to)];
  const unit = quantity === 'duration' ? ' s' : '';
  return least === most ? `${count(least)}${unit}` : `${count(least)} – ${count(most)}${unit}`;
}

/**
 * Durations are binned by how often a second began between the first and the last request: what lies in a bin is less
 * than a second longer or shorter than that.
 */
function binFilter(quantity: Quantity, { range_start, range_end }: Schemas['HistogramBin']): Filter {
  const [from, to] = [Number(range_start), Number(range_end)];
  switch (quantity) {
    case 'cost':
      return { sessions_request_response_rmt: { session_total_cost: { gte: from, lte: to } } };
    case 'requests':
      return {
        sessions_request_response_rmt: { session_total_requests: { gte: Math.ceil(from), lte: Math.floor(to) } },
      };
    case 'duration': {
      const least = (Math.ceil(from) - 1) * 1_000;
      const most = (Math.floor(to) + 1) * 1_000;
      return {
        sessions_request_response_rmt: { session_duration_ms: { ...(least >= 0 && { gt: least }), lt: most } },
      };
    }
  }
}
