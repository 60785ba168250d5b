import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeftRight } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { api, dataOf, type Schemas } from '../../api/client.ts';
import { useLiveChange } from '../../api/live.tsx';
import { count, percent } from '../../format/count.ts';
import { duration } from '../../format/duration.ts';
import { money } from '../../format/money.ts';
import { p95Latency } from '../../format/p95-latency.ts';
import { visibleText } from '../../format/visible-text.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { PathName } from '../../ui/path-name.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { When } from '../../ui/when.tsx';
import { differenceText, relativeText } from '../patterns/contrast/metric-words.ts';
import { type AlignedNode, alignTrees, type PathFigures } from './align-trees.ts';
import styles from './compare.module.css';
import { useCompareChange } from './use-compare-change.ts';

type SessionWithTree = Schemas['SessionWithTree'];

interface CompareSessionsProps {
  readonly search: Readonly<Record<string, string | undefined>>;
}

/** Two sessions side by side: their figures, and their trees by path. */
export function CompareSessions({ search: { aSession, bSession } }: CompareSessionsProps) {
  const change = useCompareChange();
  const [a, b] = [useSession(aSession), useSession(bSession)];
  return (
    <Page
      title="Compare two sessions"
      actions={
        <>
          <Button onClick={() => change({ aSession: bSession, bSession: aSession })}>
            <ArrowLeftRight size={14} aria-hidden />
            Swap A and B
          </Button>
          {aSession !== undefined && bSession !== undefined && (
            <Link
              to="/sessions/$sessionId/diff/$otherSessionId"
              params={{ sessionId: aSession, otherSessionId: bSession }}
            >
              Step by step
            </Link>
          )}
          <Link to="/compare">Compare groups</Link>
        </>
      }
    >
      <div className={styles.groups}>
        <SessionCard name="A" id={aSession} query={a} onChoose={(id) => change({ aSession: id })} />
        <SessionCard name="B" id={bSession} query={b} onChoose={(id) => change({ bSession: id })} />
      </div>
      {a.data && b.data && <Both a={a.data} b={b.data} />}
    </Page>
  );
}

function useSession(sessionId: string | undefined) {
  const query = useQuery({
    queryKey: ['session', 'compared', sessionId],
    enabled: sessionId !== undefined,
    // Another session is another picture.
    placeholderData: undefined,
    queryFn: ({ signal }) =>
      dataOf(api().GET('/v1/session/{sessionId}', { params: { path: { sessionId: sessionId! } }, signal })),
  });
  useLiveChange(sessionId ?? null, () => sessionId !== undefined && void query.refetch());
  return query;
}

interface SessionCardProps {
  readonly name: string;
  readonly id: string | undefined;
  readonly query: ReturnType<typeof useSession>;
  readonly onChoose: (id: string) => void;
}

function SessionCard({ name, id, query, onChoose }: SessionCardProps) {
  const [typed, setTyped] = useState('');
  const choose = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() !== '') onChoose(typed.trim());
    setTyped('');
  };
  return (
    <section className={styles.group} aria-label={`Session ${name}`}>
      <header className={styles.groupHead}>
        <h2>{name}</h2>
        {id !== undefined && (
          <Link to="/sessions/$sessionId" params={{ sessionId: id }} className="truncate">
            <bdi className="mono">{visibleText(id)}</bdi>
          </Link>
        )}
      </header>
      {id !== undefined && (
        <QueryView query={query} failure="This session could not be read" lines={2}>
          {({ session_name, user_ids, created_at, live }) => (
            <p className={styles.filterWords}>
              {session_name === '' ? (
                <span className="quiet">without a name</span>
              ) : (
                <bdi>{visibleText(session_name)}</bdi>
              )}
              , <When at={created_at} />
              {user_ids.length > 0 && <>, {visibleText(user_ids.join(', '))}</>}
              {live && <span className="good">, live</span>}
            </p>
          )}
        </QueryView>
      )}
      <form className={styles.choices} onSubmit={choose}>
        <TextField
          label={`Id of another session for ${name}`}
          placeholder="Id of another session"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button type="submit" disabled={typed.trim() === ''} aria-label={`Use that session for ${name}`}>
          Use
        </Button>
      </form>
    </section>
  );
}

interface Row {
  readonly name: string;
  readonly metric: string;
  readonly a: number;
  readonly b: number;
  readonly print: (value: number) => string;
  readonly words: readonly [more: string, less: string];
}

function Both({ a, b }: { readonly a: SessionWithTree; readonly b: SessionWithTree }) {
  const rows = FIGURES.map(({ of, ...row }): Row => ({ ...row, a: of(a), b: of(b) }));
  const columns: readonly Column<Row>[] = [
    { name: 'Figure', cell: ({ name }) => name },
    { name: 'A', kind: 'figure', cell: (row) => row.print(row.a) },
    { name: 'B', kind: 'figure', cell: (row) => row.print(row.b) },
    { name: 'A minus B', kind: 'figure', cell: (row) => differenceText(row.metric, row.a - row.b) },
    { name: 'In percent', kind: 'figure', cell: (row) => relativeText(row.a, row.b) },
    {
      name: 'A is',
      cell: ({ a: one, b: other, words: [more, less] }) =>
        one === other ? <span className="quiet">the same</span> : one > other ? `▲ ${more}` : `▼ ${less}`,
    },
  ];
  return (
    <>
      <Section title="Figures">
        {!(a.cost_complete && b.cost_complete) && (
          <p className={styles.note}>
            <span className="warn">Costs of some requests are not known</span>: {count(a.unpriced_requests)} of A,{' '}
            {count(b.unpriced_requests)} of B.
          </p>
        )}
        <Table label="Figures of both sessions" columns={columns} rows={rows} keyOf={({ name }) => name} />
      </Section>
      <Section title="Trees by path">
        {(a.tree_truncated || b.tree_truncated) && (
          <p className={`${styles.note} warn`}>A tree has more paths than are shown.</p>
        )}
        <Table
          label="Paths of both sessions"
          columns={TREE_COLUMNS}
          rows={alignTrees(a.tree, b.tree)}
          keyOf={({ path }) => path}
        />
      </Section>
    </>
  );
}

const FIGURES: readonly (Omit<Row, 'a' | 'b'> & { readonly of: (session: SessionWithTree) => number })[] = [
  { name: 'Cost', metric: 'cost', of: (one) => one.total_cost, print: money, words: ['dearer', 'cheaper'] },
  {
    name: 'Duration',
    metric: 'duration_ms',
    of: (one) => one.duration_ms,
    print: duration,
    words: ['longer', 'shorter'],
  },
  { name: 'Requests', metric: 'requests', of: (one) => one.total_requests, print: count, words: ['more', 'fewer'] },
  { name: 'Errors', metric: 'errors', of: (one) => one.error_count, print: count, words: ['more', 'fewer'] },
  {
    name: 'Success rate',
    metric: 'success_rate',
    of: (one) => one.success_rate,
    print: percent,
    words: ['higher', 'lower'],
  },
  { name: 'Tokens in', metric: 'tokens', of: (one) => one.prompt_tokens, print: count, words: ['more', 'fewer'] },
  { name: 'Tokens out', metric: 'tokens', of: (one) => one.completion_tokens, print: count, words: ['more', 'fewer'] },
  {
    name: 'Average latency',
    metric: 'avg_latency',
    of: (one) => one.avg_latency,
    print: duration,
    words: ['slower', 'faster'],
  },
  {
    name: 'p95 latency',
    metric: 'avg_latency',
    of: (one) => p95Latency(one),
    print: duration,
    words: ['slower', 'faster'],
  },
];

const TREE_COLUMNS: readonly Column<AlignedNode>[] = [
  {
    name: 'Path',
    kind: 'name',
    cell: ({ path, depth }) => (
      <span style={{ paddingLeft: Math.min(depth, 12) * 16 }}>
        <PathName path={path} />
      </span>
    ),
  },
  ...sides('Requests', ({ requests }) => count(requests)),
  ...sides('Errors', ({ errors }) => count(errors)),
  ...sides('Cost', ({ cost }) => money(cost)),
  {
    name: 'A minus B',
    kind: 'figure',
    cell: ({ a, b }) =>
      a?.cost != null && b?.cost != null ? differenceText('cost', a.cost - b.cost) : <span className="faint">–</span>,
  },
  ...sides('Latency', ({ latency_ms_sum: sum, requests }) => (requests === 0 ? 'none' : duration(sum / requests))),
];

/** The same of A and of B. */
function sides(name: string, print: (figures: PathFigures) => string): Column<AlignedNode>[] {
  const cell = (figures: PathFigures | null) => (figures === null ? <span className="faint">–</span> : print(figures));
  return [
    { name: `${name}, A`, kind: 'figure', cell: ({ a }) => cell(a) },
    { name: `${name}, B`, kind: 'figure', cell: ({ b }) => cell(b) },
  ];
}
