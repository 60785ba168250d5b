import { useQuery } from '@tanstack/react-query';
import { api, dataOf } from '../../api/client.ts';
import { duration } from '../../format/duration.ts';
import { incrementFor } from '../../search/increment.ts';
import { exactRange, parseRange, rangeBounds } from '../../search/range.ts';
import { usePageSearch } from '../../search/use-page-search.ts';
import { TimeChart } from '../../ui/chart/lazy-time-chart.tsx';
import { Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Empty } from '../../ui/states.tsx';
import { seriesOf } from './breakdown.ts';
import styles from './metrics.module.css';
import { type Selection, selectionFilter, timeFilter } from './selection.ts';

const METRICS = [
  ['latency', 'Latency'],
  ['time_to_first_token', 'Time to first token'],
] as const;

const QUANTILES = [
  { key: 'p75', label: '75th percentile', role: '--series-1' },
  { key: 'p90', label: '90th percentile', role: '--series-2' },
  { key: 'p95', label: '95th percentile', role: '--series-3' },
  { key: 'p99', label: '99th percentile', role: '--series-4' },
] as const;

/** Quantiles of what requests take, over time. */
export function Latency({ selection }: { readonly selection: Selection }) {
  const [search, change] = usePageSearch();
  const metric = METRICS.find(([name]) => name === search.latency)?.[0] ?? 'latency';
  const query = useQuery({
    queryKey: ['metrics', 'quantiles', selection, metric],
    queryFn: async ({ signal }) => {
      const { fromMs, toMs } = rangeBounds(parseRange(selection.range), Date.now());
      const increment = incrementFor(fromMs, toMs);
      const body = {
        filter: selectionFilter(selection),
        timeFilter: timeFilter(selection),
        dbIncrement: increment.name,
        timeZoneDifference: new Date().getTimezoneOffset(),
        metric,
      };
      const points = await dataOf(api().POST('/v1/metrics/quantiles', { body, signal }));
      const lines = QUANTILES.map(({ key }) => points.map((point) => ({ time: point.time, value: point[key] })));
      const slices = QUANTILES.map(({ label, role }) => ({ label, role, filter: 'all' as const }));
      return { increment, ...seriesOf(slices, lines, false) };
    },
  });
  return (
    <Section
      title="Slow requests"
      actions={
        <Segments
          label="What is measured"
          value={metric}
          options={METRICS}
          onChange={(latency) => change({ latency: latency === 'latency' ? undefined : latency }, 'replace')}
        />
      }
    >
      <QueryView query={query} failure="The percentiles could not be computed" lines={6}>
        {({ increment, times, series }) => {
          if (series.every(({ values }) => values.every((value) => value === null))) {
            return (
              <Empty title={metric === 'latency' ? 'No requests in this range' : 'No streamed answers in this range'}>
                {metric === 'time_to_first_token' && <p>Only an answer that is streamed has a first token.</p>}
              </Empty>
            );
          }
          return (
            <>
              <ul className={styles.legend} aria-label="Lines of the chart">
                {QUANTILES.map(({ key, label, role }) => (
                  <li key={key}>
                    <span className={styles.swatch} style={{ background: `var(${role})` }} aria-hidden />
                    {label}
                  </li>
                ))}
              </ul>
              <div className={styles.charts}>
                <TimeChart
                  title={`Percentiles of ${metric === 'latency' ? 'latency' : 'the time to the first token'} per ${increment.word}`}
                  times={times}
                  series={series}
                  kind="lines"
                  format={duration}
                  height={180}
                  onRange={(fromMs, toMs) => change({ range: exactRange(fromMs, toMs) })}
                />
              </div>
            </>
          );
        }}
      </QueryView>
    </Section>
  );
}
