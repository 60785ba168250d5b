import { useState } from 'react';
import { percent } from '../../format/count.ts';
import { duration } from '../../format/duration.ts';
import { money } from '../../format/money.ts';
import { Button } from '../../ui/button.tsx';
import { PathName } from '../../ui/path-name.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ShareBar } from '../../ui/share-bar.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { BehindLink } from '../patterns/behind/behind-link.tsx';
import type { Group, Groups } from '../patterns/contrast/groups.ts';
import { relativeText } from '../patterns/contrast/metric-words.ts';
import { sessionsWord } from '../patterns/flow/flow-words.ts';
import { usePaths } from '../patterns/paths/use-paths.ts';
import styles from './compare.module.css';
import { type JoinedPath, joinPaths, type PathShare } from './join-paths.ts';

/** Rows shown at first. */
const ROWS = 20;

/** What each path comes to in either group. */
export function PathsCompared({ groups: { a, b } }: { readonly groups: Groups }) {
  const [one, other] = [usePaths(a.asked, 'cost').query, usePaths(b.asked, 'cost').query];
  const [isWhole, setWhole] = useState(false);
  const columns: readonly Column<JoinedPath>[] = [
    { name: 'Path', kind: 'name', cell: ({ path }) => <PathName path={path} /> },
    { name: 'Sessions, A', cell: ({ path, a: share }) => <Share path={path} share={share} group={a} /> },
    { name: 'Sessions, B', cell: ({ path, b: share }) => <Share path={path} share={share} group={b} /> },
    { name: 'Cost, A', kind: 'figure', cell: (row) => money(row.a.costPerSession) },
    { name: 'Cost, B', kind: 'figure', cell: (row) => money(row.b.costPerSession) },
    {
      name: 'A is',
      kind: 'figure',
      cell: (row) => <Change a={row.a.costPerSession} b={row.b.costPerSession} words={COST} />,
    },
    { name: 'Latency, A', kind: 'figure', cell: (row) => known(row.a.latency, duration) },
    { name: 'Latency, B', kind: 'figure', cell: (row) => known(row.b.latency, duration) },
    {
      name: 'A takes',
      kind: 'figure',
      cell: (row) => <Change a={row.a.latency} b={row.b.latency} words={LATENCY} />,
    },
    { name: 'Errors, A', kind: 'figure', cell: (row) => known(row.a.errorShare, percent) },
    { name: 'Errors, B', kind: 'figure', cell: (row) => known(row.b.errorShare, percent) },
  ];
  return (
    <QueryView query={one} failure="The paths of A could not be read">
      {(ofA) => (
        <QueryView query={other} failure="The paths of B could not be read">
          {(ofB) => {
            const rows = joinPaths(
              { sessions: ofA.sessions - ofA.sessions_without_paths, paths: ofA.paths },
              { sessions: ofB.sessions - ofB.sessions_without_paths, paths: ofB.paths },
            );
            return (
              <>
                <p className={styles.note}>
                  Cost is per session of the group, latency per request, errors of requests.
                </p>
                <Table
                  label="Paths in A and B, largest difference in cost first"
                  columns={columns}
                  rows={isWhole ? rows : rows.slice(0, ROWS)}
                  keyOf={({ path }) => path}
                />
                {rows.length > ROWS && !isWhole && (
                  <div className={styles.more}>
                    <Button onClick={() => setWhole(true)}>Show all {rows.length}</Button>
                  </div>
                )}
              </>
            );
          }}
        </QueryView>
      )}
    </QueryView>
  );
}

const COST = { more: 'dearer', less: 'cheaper' } as const;
const LATENCY = { more: 'longer', less: 'shorter' } as const;

function known(value: number | null, print: (value: number) => string) {
  return value === null ? <span className="faint">none</span> : print(value);
}

interface ChangeProps {
  readonly a: number | null;
  readonly b: number | null;
  readonly words: { readonly more: string; readonly less: string };
}

function Change({ a, b, words: { more, less } }: ChangeProps) {
  if (a === null || b === null || b === 0) return null;
  if (a === b) return <span className="faint">the same</span>;
  return (
    <>
      {relativeText(a, b)} <span className="quiet">{a > b ? more : less}</span>
    </>
  );
}

interface ShareProps {
  readonly path: string;
  readonly share: PathShare;
  readonly group: Group;
}

function Share({ path, share: { share, sessions, pattern }, group }: ShareProps) {
  if (pattern === null) return <ShareBar share={share} width={48} />;
  return (
    <BehindLink
      asked={{ ...group.asked, pattern }}
      aria-label={`${group.name}: ${sessionsWord(sessions)} with ${path}, ${percent(share)}`}
    >
      <ShareBar share={share} width={48} />
    </BehindLink>
  );
}
