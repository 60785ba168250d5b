import { useQuery } from '@tanstack/react-query';
import { api, dataOf } from '../../api/client.ts';
import { count } from '../../format/count.ts';
import { money } from '../../format/money.ts';
import { incrementFor } from '../../search/increment.ts';
import { exactRange, parseRange, rangeBounds } from '../../search/range.ts';
import { TimeChart } from '../../ui/chart/lazy-time-chart.tsx';
import { Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { requestsOfUser, timesOf } from './user-queries.ts';
import styles from './users.module.css';

interface UserChartsProps {
  readonly userId: string;
  readonly range: string;
  readonly onRange: (range: string) => void;
}

/** Cost, requests and errors of a user over time. */
export function UserCharts({ userId, range, onRange }: UserChartsProps) {
  const query = useQuery({
    queryKey: ['user', userId, 'over-time', range],
    queryFn: async ({ signal }) => {
      const { fromMs, toMs } = rangeBounds(parseRange(range), Date.now());
      const increment = incrementFor(fromMs, toMs);
      const body = {
        filter: requestsOfUser(userId),
        timeFilter: timesOf(range),
        dbIncrement: increment.name,
        timeZoneDifference: new Date().getTimezoneOffset(),
      };
      const [cost, requests, errors] = await Promise.all([
        dataOf(api().POST('/v1/metrics/costOverTime', { body, signal })),
        dataOf(api().POST('/v1/metrics/requestOverTime', { body, signal })),
        dataOf(api().POST('/v1/metrics/errorOverTime', { body, signal })),
      ]);
      return {
        increment,
        times: cost.map(({ time }) => Date.parse(time)),
        cost: [{ name: 'Cost', role: '--accent', values: cost.map((point) => point.cost) }],
        // Errors stand before the requests that they are part of.
        requests: [
          { name: 'Requests', role: '--accent', values: requests.map((point) => point.count) },
          { name: 'Errors', role: '--bad', values: errors.map((point) => point.count) },
        ],
      };
    },
  });
  const drag = (fromMs: number, toMs: number) => onRange(exactRange(fromMs, toMs));
  return (
    <Section title="Over time">
      <QueryView query={query} failure="What happened over time could not be read" lines={6}>
        {({ increment, times, cost, requests }) => (
          <div className={styles.charts}>
            <TimeChart
              title={`Cost per ${increment.word}, USD`}
              times={times}
              series={cost}
              kind="bars"
              format={money}
              onRange={drag}
            />
            <TimeChart
              title={`Requests per ${increment.word}, and errors among them`}
              times={times}
              series={requests}
              kind="bars"
              format={count}
              onRange={drag}
            />
          </div>
        )}
      </QueryView>
    </Section>
  );
}
