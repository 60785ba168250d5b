import { percent } from '../../../format/count.ts';
import { allOf, type Filter } from '../../../search/filter-param.ts';
import { Section } from '../../../ui/page.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { Segments } from '../../../ui/segments.tsx';
import { Select } from '../../../ui/select.tsx';
import { Empty } from '../../../ui/states.tsx';
import { BehindLink } from '../behind/behind-link.tsx';
import { sessionsWord } from '../flow/flow-words.ts';
import { NoSessions } from '../no-sessions.tsx';
import styles from '../patterns.module.css';
import { readPatternsSearch, SHARES } from '../patterns-search.ts';
import type { ViewProps } from '../view-props.ts';
import { ViewState } from '../view-state.tsx';
import { FeaturesTable } from './features-table.tsx';
import type { Groups } from './groups.ts';
import { readKind } from './kinds.ts';
import { MetricsTable } from './metrics-table.tsx';
import { useContrast } from './use-contrast.ts';

/** What the dearest, slowest or failing sessions do differently from the rest. */
export function ContrastView({ asked, search, change }: ViewProps) {
  const { against, share, foldPaths } = readPatternsSearch(search);
  const { query, changedSince, cancel } = useContrast(asked, against, share, foldPaths);
  const nameOfA =
    against === 'failing'
      ? 'Failing'
      : `${against === 'dearest' ? 'Dearest' : 'Slowest'} ${percent(Number(share)).replace('.0', '')}`;
  return (
    <Section
      title="What they do differently"
      actions={
        <>
          <ViewState query={query} changedSince={changedSince} cancel={cancel} />
          <div className={styles.options}>
            <Segments
              label="Which sessions"
              value={against}
              options={[
                ['dearest', 'Dearest'],
                ['slowest', 'Slowest'],
                ['failing', 'Failing'],
              ]}
              onChange={(next) => change({ against: next }, { replace: true })}
            />
            {against !== 'failing' && (
              <Select
                label="How many of them"
                value={share}
                options={SHARES.map((one) => [one, `${Number(one) * 100}%`])}
                onChange={(next) => change({ share: next }, { replace: true })}
              />
            )}
          </div>
        </>
      }
    >
      <QueryView query={query} failure="The difference could not be read" lines={12}>
        {({ a, b, metrics, features }) => {
          if (a.sessions + b.sessions === 0) return <NoSessions search={search} change={change} />;
          const groups: Groups = {
            a: {
              name: nameOfA,
              asked: { ...asked, filter: allOf(asked.filter, a.filter as Filter | null) },
              sessions: a.sessions,
            },
            b: {
              name: 'The rest',
              asked: { ...asked, filter: allOf(asked.filter, b.filter as Filter | null) },
              sessions: b.sessions,
            },
          };
          return (
            <div className={query.isPlaceholderData ? styles.waiting : undefined} aria-busy={query.isPlaceholderData}>
              <p className={styles.notes}>
                {[groups.a, groups.b].map((group) => (
                  <span key={group.name}>
                    {group.name}:{' '}
                    <BehindLink asked={group.asked} aria-label={`${group.name}: ${sessionsWord(group.sessions)}`}>
                      {sessionsWord(group.sessions)}
                    </BehindLink>
                  </span>
                ))}
              </p>
              {a.sessions === 0 || b.sessions === 0 ? (
                <Empty
                  title={
                    a.sessions === 0 && against === 'failing'
                      ? 'None of them failed'
                      : 'There is nothing to compare with'
                  }
                >
                  <p>Choose a longer range, another share or other sessions.</p>
                </Empty>
              ) : (
                <>
                  <FeaturesTable
                    groups={groups}
                    features={features}
                    kind={readKind(search.kind)}
                    onKind={(kind) => change({ kind: kind === 'all' ? undefined : kind }, { replace: true })}
                  />
                  <h3 className={styles.subhead}>
                    Figures per session: mean, and below it median · 95th percentile (nearest rank)
                  </h3>
                  <MetricsTable groups={groups} metrics={metrics} />
                </>
              )}
            </div>
          );
        }}
      </QueryView>
    </Section>
  );
}
