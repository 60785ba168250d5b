import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api, dataOf } from '../../api/client.ts';
import { count } from '../../format/count.ts';
import { duration } from '../../format/duration.ts';
import { money } from '../../format/money.ts';
import { visibleText } from '../../format/visible-text.ts';
import { allOf, writeFilter } from '../../search/filter-param.ts';
import { incrementFor } from '../../search/increment.ts';
import { exactRange, parseRange, rangeBounds } from '../../search/range.ts';
import { usePageSearch } from '../../search/use-page-search.ts';
import { TimeChart } from '../../ui/chart/lazy-time-chart.tsx';
import { Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Empty } from '../../ui/states.tsx';
import { DIMENSIONS, type Dimension, readDimension, type Slice, seriesOf, slicesOf, VALUES_MAX } from './breakdown.ts';
import styles from './metrics.module.css';
import { intervalSearch, rangeSearch, type Selection, selectionFilter, timeFilter } from './selection.ts';

const NAMES: Readonly<Record<Dimension, string>> = {
  all: 'All',
  name: 'By name',
  model: 'By model',
  provider: 'By provider',
  user: 'By user',
};

/** Cost and latency over time, as a whole or told apart by the most frequent values of a dimension. */
export function OverTime({ selection }: { readonly selection: Selection }) {
  const [search, change] = usePageSearch();
  const navigate = useNavigate();
  const dimension = readDimension(search.by);
  const query = useQuery({
    queryKey: ['metrics', 'over-time', selection, dimension],
    queryFn: ({ signal }) => readOverTime(selection, dimension, signal),
  });
  const onRange = (fromMs: number, toMs: number) => change({ range: exactRange(fromMs, toMs) });
  return (
    <Section
      title="Over time"
      actions={
        <Segments
          label="Told apart"
          value={dimension}
          options={DIMENSIONS.map((one) => [one, NAMES[one]])}
          onChange={(by) => change({ by: by === 'all' ? undefined : by }, 'replace')}
        />
      }
    >
      <QueryView query={query} failure="Cost and latency over time could not be computed" lines={8}>
        {({ slices, cost, latency, requests, increment }) => {
          const isNothing = requests.series.every(({ values }) => values.every((value) => value === 0));
          if (isNothing) return <Empty title="No requests in this range" />;
          const onPick = (index: number) => {
            const fromMs = cost.times[index]!;
            const filter = writeFilter(selectionFilter(selection));
            const interval = intervalSearch(fromMs, cost.times[index + 1] ?? fromMs + increment.ms);
            void navigate({ to: '/sessions', search: { ...interval, ...(filter !== undefined && { filter }) } });
          };
          return (
            <>
              {dimension !== 'all' && <Legend slices={slices} selection={selection} />}
              <div className={styles.charts}>
                <TimeChart
                  title={`Cost per ${increment.word}, USD`}
                  {...cost}
                  kind={dimension === 'all' ? 'bars' : 'lines'}
                  format={money}
                  height={160}
                  onRange={onRange}
                  onPick={onPick}
                />
                <TimeChart
                  title={`Latency of a request, mean per ${increment.word}`}
                  {...latency}
                  kind="lines"
                  format={duration}
                  height={160}
                  onRange={onRange}
                  onPick={onPick}
                />
                <TimeChart
                  title={`Requests per ${increment.word}`}
                  {...requests}
                  kind={dimension === 'all' ? 'bars' : 'lines'}
                  format={count}
                  height={160}
                  onRange={onRange}
                  onPick={onPick}
                />
              </div>
            </>
          );
        }}
      </QueryView>
    </Section>
  );
}

function Legend({ slices, selection }: { readonly slices: readonly Slice[]; readonly selection: Selection }) {
  return (
    <ul className={styles.legend} aria-label="Lines of the charts, each with its sessions">
      {slices.map(({ label, role, filter }) => {
        const behind = writeFilter(allOf(selectionFilter(selection), filter));
        return (
          <li key={role}>
            <span className={styles.swatch} style={{ background: `var(${role})` }} aria-hidden />
            <Link
              to="/sessions"
              search={{ ...rangeSearch(selection), ...(behind !== undefined && { filter: behind }) }}
              className="truncate"
            >
              <bdi>{visibleText(label)}</bdi>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

/** Three calls for each line, of which there are five at most, and one for the values. */
async function readOverTime(selection: Selection, dimension: Dimension, signal: AbortSignal) {
  const { fromMs, toMs } = rangeBounds(parseRange(selection.range), Date.now());
  const increment = incrementFor(fromMs, toMs);
  const slices = slicesOf(dimension, await valuesOf(selection, dimension, signal));
  const read = async (slice: Slice) => {
    const body = {
      filter: allOf(selectionFilter(selection), slice.filter),
      timeFilter: timeFilter(selection),
      dbIncrement: increment.name,
      timeZoneDifference: new Date().getTimezoneOffset(),
    };
    const [cost, latency, made] = await Promise.all([
      dataOf(api().POST('/v1/metrics/costOverTime', { body, signal })),
      dataOf(api().POST('/v1/metrics/latencyOverTime', { body, signal })),
      dataOf(api().POST('/v1/metrics/requestOverTime', { body, signal })),
    ]);
    return {
      cost: cost.map(({ time, cost: value }) => ({ time, value })),
      latency: latency.map(({ time, duration: value }) => ({ time, value })),
      requests: made.map(({ time, count: value }) => ({ time, value })),
    };
  };
  const lines = await Promise.all(slices.map(read));
  return {
    slices,
    increment,
    cost: seriesOf(
      slices,
      lines.map(({ cost }) => cost),
      true,
    ),
    latency: seriesOf(
      slices,
      lines.map(({ latency }) => latency),
      false,
    ),
    requests: seriesOf(
      slices,
      lines.map(({ requests: made }) => made),
      true,
    ),
  };
}

/** The most frequent among sessions, one more than have a line. */
async function valuesOf(selection: Selection, dimension: Dimension, signal: AbortSignal): Promise<string[]> {
  if (dimension === 'all') return [];
  const { fromMs, toMs } = rangeBounds(parseRange(selection.range), Date.now());
  const body = {
    search: '',
    timeFilter: { startTimeUnixMs: fromMs, endTimeUnixMs: toMs },
    timezoneDifference: 0,
    filter: selectionFilter(selection),
    facets: [{ facet: dimension, limit: VALUES_MAX + 1 }],
  };
  const { facets } = await dataOf(api().POST('/v1/session/facets/query', { body, signal }));
  return (facets[0]?.values ?? []).map(({ value }) => value);
}
