import { useQuery } from '@tanstack/react-query';
import { api, dataOf, type Schemas } from '../../api/client.ts';
import { count, percent } from '../../format/count.ts';
import { duration } from '../../format/duration.ts';
import { money } from '../../format/money.ts';
import { parseRange, rangeBounds } from '../../search/range.ts';
import { usePageSearch } from '../../search/use-page-search.ts';
import { BarChart } from '../../ui/chart/bar-chart.tsx';
import { Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Select } from '../../ui/select.tsx';
import { Stat, Stats } from '../../ui/stat.tsx';
import { Empty } from '../../ui/states.tsx';
import { histogramBars, type Quantity } from './histogram-bars.ts';
import styles from './metrics.module.css';
import { rangeSearch, type Selection, selectionFilter } from './selection.ts';

const P_SIZES = [
  ['p50', 'up to the median'],
  ['p75', 'up to the 75th percentile'],
  ['p95', 'up to the 95th percentile'],
  ['p99', 'up to the 99th percentile'],
  ['p99.9', 'up to the 99.9th percentile'],
] as const;
type PSize = (typeof P_SIZES)[number][0];

const TRIMS = [
  ['top', 'Top trimmed'],
  ['both', 'Both ends trimmed'],
] as const;

/** Requests, duration and cost per session: what they add up to, and how they are distributed. */
export function Distribution({ selection }: { readonly selection: Selection }) {
  const [search, change] = usePageSearch();
  const pSize: PSize = P_SIZES.find(([size]) => size === search.cut)?.[0] ?? 'p99';
  const trim = search.trim === 'both' ? 'both' : 'top';
  const query = useQuery({
    queryKey: ['metrics', 'distribution', selection, pSize, trim],
    queryFn: ({ signal }) => readMetrics(selection, pSize, trim === 'both', signal),
  });
  return (
    <Section
      title="Per session"
      actions={
        <>
          <Select
            label="Sessions shown"
            value={pSize}
            options={P_SIZES.map(([size, words]) => [size, `Sessions ${words}`])}
            onChange={(cut) => change({ cut }, 'replace')}
          />
          <Segments
            label="Trimming"
            value={trim}
            options={TRIMS}
            onChange={(next) => change({ trim: next === 'both' ? next : undefined }, 'replace')}
          />
        </>
      }
    >
      <QueryView query={query} failure="The distribution could not be computed" lines={10}>
        {(metrics) =>
          metrics.session_count_total === 0 ? (
            <Empty title="No sessions in this range">
              <p>Widen the range, or choose another name.</p>
            </Empty>
          ) : (
            <Figures metrics={metrics} selection={selection} />
          )
        }
      </QueryView>
    </Section>
  );
}

function readMetrics({ range, name }: Selection, pSize: PSize, useInterquartile: boolean, signal: AbortSignal) {
  const { fromMs, toMs } = rangeBounds(parseRange(range), Date.now());
  const body = {
    nameContains: '',
    nameEquals: name ?? '',
    timezoneDifference: 0,
    timeFilter: { startTimeUnixMs: fromMs, endTimeUnixMs: toMs },
    pSize,
    useInterquartile,
  };
  return dataOf(api().POST('/v1/session/metrics/query', { body, signal }));
}

interface FiguresProps {
  readonly metrics: Awaited<ReturnType<typeof readMetrics>>;
  readonly selection: Selection;
}

function Figures({ metrics, selection }: FiguresProps) {
  const { average, success_rate: success, session_count_total: sessions } = metrics;
  const [requests, seconds, cost] = [average.session_count, average.session_duration, average.session_cost].map(
    ([mean]) => mean?.average ?? null,
  );
  const histogram = (quantity: Quantity, bins: readonly Schemas['HistogramBin'][], title: string, label: string) => (
    <BarChart
      title={title}
      labelled={label}
      counted={['session', 'sessions']}
      bars={histogramBars(quantity, bins, rangeSearch(selection), selectionFilter(selection))}
      format={count}
    />
  );
  return (
    <>
      <Stats>
        <Stat label="Sessions">{count(sessions)}</Stat>
        <Stat label="Cost" note={`${money(cost)} per session`}>
          {money(metrics.total_cost)}
        </Stat>
        <Stat label="Requests" note={`${count(requests)} per session`}>
          {count(Math.round((requests ?? 0) * sessions))}
        </Stat>
        <Stat label="First to last request" note="mean of a session">
          {duration(seconds === null || seconds === undefined ? null : seconds * 1_000)}
        </Stat>
        <Stat label="Latency" note="mean of a request">
          {duration(metrics.avg_latency)}
        </Stat>
        <Stat label="Success rate" note={`${percent(success == null ? null : 1 - success)} of requests failed`}>
          {percent(success)}
        </Stat>
      </Stats>
      <div className={styles.charts}>
        {histogram('requests', metrics.session_count, 'Sessions by requests', 'Requests')}
        {histogram(
          'duration',
          metrics.session_duration,
          'Sessions by time from the first to the last request',
          'Duration',
        )}
        {histogram('cost', metrics.session_cost, 'Sessions by cost, USD', 'Cost')}
      </div>
    </>
  );
}
