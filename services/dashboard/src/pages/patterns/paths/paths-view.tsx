import { count, percent } from '../../../format/count.ts';
import { duration } from '../../../format/duration.ts';
import { money } from '../../../format/money.ts';
import { Section } from '../../../ui/page.tsx';
import { PathName } from '../../../ui/path-name.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { Segments } from '../../../ui/segments.tsx';
import { ShareBar } from '../../../ui/share-bar.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { BehindLink } from '../behind/behind-link.tsx';
import { sessionsWord } from '../flow/flow-words.ts';
import { NoSessions } from '../no-sessions.tsx';
import styles from '../patterns.module.css';
import { type PathSort, readPatternsSearch } from '../patterns-search.ts';
import type { ViewProps } from '../view-props.ts';
import { ViewState } from '../view-state.tsx';
import { type PathSums, usePaths } from './use-paths.ts';

/** What each path comes to: the dearest, the slowest, those that fail. */
export function PathsView({ asked, search, change }: ViewProps) {
  const { sort, foldPaths } = readPatternsSearch(search);
  const { query, changedSince, cancel } = usePaths(asked, sort, foldPaths);
  const setSort = (next: PathSort) => change({ sort: next }, { replace: true });
  const sortBy = (by: PathSort) => ({
    order: by === sort ? ('descending' as const) : undefined,
    onSort: () => setSort(by),
  });
  const columns: readonly Column<PathSums>[] = [
    { name: 'Path', kind: 'name', cell: ({ path }) => <PathName path={path} /> },
    { name: 'Cost', kind: 'figure', sort: sortBy('cost'), cell: ({ cost }) => money(cost) },
    {
      name: 'Errors',
      kind: 'figure',
      sort: sortBy('errors'),
      cell: ({ errors, requests }) =>
        errors === 0 ? (
          <span className="faint">0</span>
        ) : (
          <span className="bad">{`${count(errors)} (${percent(errors / requests)})`}</span>
        ),
    },
    {
      name: 'Sessions',
      kind: 'figure',
      sort: sortBy('sessions'),
      cell: ({ path, sessions, pattern }) =>
        pattern ? (
          <BehindLink asked={{ ...asked, pattern }} aria-label={`${sessionsWord(sessions)} with ${path}`}>
            {count(sessions)}
          </BehindLink>
        ) : (
          count(sessions)
        ),
    },
    { name: 'Requests', kind: 'figure', sort: sortBy('requests'), cell: ({ requests }) => count(requests) },
    { name: 'Of all cost', cell: ({ share_of_cost: share }) => <ShareBar share={share} /> },
    { name: 'Per request', kind: 'figure', sort: sortBy('avg_cost'), cell: ({ avg_cost: cost }) => money(cost) },
    {
      name: 'Mean latency',
      kind: 'figure',
      sort: sortBy('avg_latency'),
      cell: ({ avg_latency: latency }) => duration(latency),
    },
  ];
  return (
    <Section
      title={TITLES[sort]}
      actions={
        <>
          <ViewState query={query} changedSince={changedSince} cancel={cancel} />
          <div className={styles.options}>
            <Segments
              label="Paths first"
              value={sort}
              options={[
                ['cost', 'Dearest'],
                ['avg_latency', 'Slowest'],
                ['errors', 'Failing'],
              ]}
              onChange={setSort}
            />
          </div>
        </>
      }
    >
      <QueryView query={query} failure="The paths could not be read" lines={10}>
        {({ paths, sessions, sessions_without_paths: without, total_cost: cost }) =>
          sessions === 0 ? (
            <NoSessions search={search} change={change} />
          ) : (
            <div className={query.isPlaceholderData ? styles.waiting : undefined} aria-busy={query.isPlaceholderData}>
              <p className={styles.notes}>
                <span>
                  {count(sessions - without)} sessions, {money(cost)} in all
                </span>
                {without > 0 && (
                  <span className="warn">{count(without)} left out: recorded before paths were kept</span>
                )}
              </p>
              <Table label={TITLES[sort]} columns={columns} rows={paths} keyOf={({ path }) => path} />
            </div>
          )
        }
      </QueryView>
    </Section>
  );
}

const TITLES: Readonly<Record<PathSort, string>> = {
  cost: 'Dearest paths',
  avg_cost: 'Paths, dearest per request',
  avg_latency: 'Slowest paths',
  requests: 'Paths with most requests',
  errors: 'Paths with most errors',
  sessions: 'Paths of most sessions',
};
