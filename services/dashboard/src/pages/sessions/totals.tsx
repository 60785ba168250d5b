import { useQuery } from '@tanstack/react-query';
import { api, dataOf } from '../../api/client.ts';
import { count, percent, wholeCount } from '../../format/count.ts';
import { duration } from '../../format/duration.ts';
import { money } from '../../format/money.ts';
import { Stat, Stats } from '../../ui/stat.tsx';
import { failureSentence } from '../../ui/states.tsx';
import { type Picture, pictureKey, selectionOf, windowOf } from './list-picture.ts';
import styles from './sessions-page.module.css';
import type { Spread } from './use-spread.ts';

/** @param asOf they are read anew when this changes. */
export function useTotals(picture: Picture, isReady: boolean, asOf: number) {
  return useQuery({
    queryKey: ['session-totals', pictureKey(picture), asOf],
    enabled: isReady,
    queryFn: ({ signal }) => {
      const body = selectionOf(picture, windowOf(picture, Date.now()));
      return dataOf(api().POST('/v1/session/count', { body, signal }));
    },
  });
}

/** What all selected sessions come to. */
export function Totals({
  query: { data, error },
  spread,
}: {
  readonly query: ReturnType<typeof useTotals>;
  readonly spread: Spread | undefined;
}) {
  if (error && !data) return <p className={styles.note}>Totals could not be read: {failureSentence(error)}</p>;
  const known = (text: (totals: NonNullable<typeof data>) => string) =>
    data ? text(data) : <span className={styles.coming}>…</span>;
  // Of none there is no mean.
  const each = (text: (totals: NonNullable<typeof data>) => string) =>
    known((totals) => (totals.count === 0 ? '–' : text(totals)));
  const failing = spread && sumOf(spread, 'failing_sessions');
  const sessions = spread && sumOf(spread, 'sessions');
  const [requests, errors] = spread ? [sumOf(spread, 'requests'), sumOf(spread, 'errors')] : [undefined, undefined];
  return (
    <section aria-label="Totals of the selection">
      <Stats>
        <Stat label="Sessions">{known(({ count: of }) => count(of))}</Stat>
        <Stat label="Failing sessions">
          {failing === undefined ? (
            <span className={styles.coming}>…</span>
          ) : (
            <span className={failing > 0 ? 'bad' : undefined}>
              {count(failing)}{' '}
              <small className="quiet">{sessions === 0 ? '' : percent(failing / (sessions ?? 1))}</small>
            </span>
          )}
        </Stat>
        <Stat label="Request success">
          {requests === undefined || errors === undefined ? (
            <span className={styles.coming}>…</span>
          ) : (
            <span title={`${wholeCount(errors)} errors in ${wholeCount(requests)} requests`}>
              {requests === 0 ? '–' : percent(1 - errors / requests)}
            </span>
          )}
        </Stat>
        <Stat label="Cost">{known(({ total_cost: cost }) => money(cost))}</Stat>
        <Stat label="Cost per session">{each(({ avg_cost: cost }) => money(cost))}</Stat>
        <Stat label="Requests per session">{each(({ avg_requests: of }) => count(Math.round(of * 10) / 10))}</Stat>
        {/* The API's mean is of the sums of sessions. */}
        <Stat label="Latency per request">
          {each(({ avg_latency: ms, avg_requests: of }) => (of === 0 ? '–' : duration(ms / of)))}
        </Stat>
      </Stats>
    </section>
  );
}

function sumOf({ before, points }: Spread, name: 'sessions' | 'failing_sessions' | 'requests' | 'errors'): number {
  return points.reduce((sum, point) => sum + point[name], before[name]);
}
