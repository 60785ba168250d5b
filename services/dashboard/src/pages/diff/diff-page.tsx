import { createLazyRoute, Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeftRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Schemas } from '../../api/client.ts';
import { count } from '../../format/count.ts';
import { duration } from '../../format/duration.ts';
import { money } from '../../format/money.ts';
import { visibleText } from '../../format/visible-text.ts';
import { Button } from '../../ui/button.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Segments } from '../../ui/segments.tsx';
import { SessionLink } from '../../ui/session-link.tsx';
import { Empty } from '../../ui/states.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { useMedia } from '../../ui/use-media.ts';
import styles from './diff.module.css';
import { type DiffStep, diffRows, stepKey } from './diff-rows.ts';
import { DiffTree } from './diff-tree.tsx';
import { NARROW } from './narrow.ts';
import { StepDialog } from './step-dialog.tsx';
import { useDiff } from './use-diff.ts';

const ROUTE = '/signed-in/sessions/$sessionId/diff/$otherSessionId';

export const diffRoute = createLazyRoute(ROUTE)({ component: DiffPage });

/** Two sessions step by step: what became of the first in the second. */
function DiffPage() {
  const { sessionId: a, otherSessionId: b } = useParams({ from: ROUTE });
  const search = useSearch({ from: ROUTE });
  const navigate = useNavigate();
  const sessions = useMemo(() => ({ a, b }), [a, b]);
  const onlyChanged = search.show === 'changed';
  const query = useDiff(sessions, onlyChanged);
  const [opened, setOpened] = useState<DiffStep>();
  return (
    <Page
      title="Diff"
      actions={
        <>
          <Segments
            label="Steps"
            value={onlyChanged ? 'changed' : 'all'}
            options={[
              ['all', 'All steps'],
              ['changed', 'What changed'],
            ]}
            onChange={(show) =>
              void navigate({
                to: '.',
                search: { ...search, show: show === 'all' ? undefined : show },
                replace: true,
                resetScroll: false,
              })
            }
          />
          <Button
            onClick={() =>
              void navigate({
                to: '/sessions/$sessionId/diff/$otherSessionId',
                params: { sessionId: b, otherSessionId: a },
                search,
              })
            }
          >
            <ArrowLeftRight size={14} aria-hidden />
            Swap A and B
          </Button>
          <Link to="/compare" search={{ aSession: a, bSession: b }}>
            Compare their paths
          </Link>
        </>
      }
    >
      <QueryView query={query} failure="These sessions could not be compared">
        {({ pages }) => {
          const { summary } = pages[0]!.data;
          const steps = pages.flatMap(({ data }) => data.steps);
          return (
            <>
              <Summary summary={summary} />
              <Section title="Steps" actions={<Counts summary={summary} />}>
                {steps.length === 0 ? (
                  <Empty title="Nothing changed" />
                ) : (
                  <DiffTree rows={diffRows(steps)} onOpen={setOpened} opened={opened && stepKey(opened)} />
                )}
                {query.hasNextPage && (
                  <p className={styles.more}>
                    <Button disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                      More steps
                    </Button>
                  </p>
                )}
              </Section>
            </>
          );
        }}
      </QueryView>
      <StepDialog sessions={sessions} step={opened} onClose={() => setOpened(undefined)} />
    </Page>
  );
}

type DiffSummary = Schemas['DiffSummary'];
type Figure = keyof Schemas['ComparedTotals'];

interface FigureRow {
  readonly name: string;
  readonly a: string;
  readonly b: string;
  readonly change: string;
  readonly ratio: string;
}

function Summary({ summary }: { readonly summary: DiffSummary }) {
  const isNarrow = useMedia(NARROW);
  const rows = FIGURES.map(([figure, name, print]) => figureRow(summary, figure, name, print));
  return (
    <>
      <p className={styles.sessions}>
        <span>
          A: <SessionName side={summary.a} />
        </span>
        <span>
          B: <SessionName side={summary.b} />
        </span>
      </p>
      <Section title="Figures">
        <Table
          label="Figures of both sessions"
          columns={isNarrow ? NARROW_FIGURE_COLUMNS : FIGURE_COLUMNS}
          rows={rows}
          keyOf={({ name }) => name}
        />
      </Section>
    </>
  );
}

function SessionName({ side }: { readonly side: DiffSummary['a'] }) {
  return (
    <>
      <SessionLink sessionId={side.session_id}>
        {side.session_name !== '' && <bdi>{visibleText(side.session_name)} </bdi>}
        <bdi className="mono faint">{visibleText(side.session_id)}</bdi>
      </SessionLink>{' '}
      <span className="quiet">{visibleText(side.models.join(', '))}</span>
    </>
  );
}

const FIGURES: readonly (readonly [Figure, string, (value: number | null) => string])[] = [
  ['cost', 'Cost', money],
  ['duration', 'Duration', known(duration)],
  ['requests', 'Requests', known(count)],
  ['errors', 'Errors', known(count)],
  ['prompt_tokens', 'Tokens in', known(count)],
  ['completion_tokens', 'Tokens out', known(count)],
  ['avg_latency', 'Average latency', known(duration)],
  ['p95_latency', 'p95 latency', known(duration)],
];

function known(print: (value: number) => string): (value: number | null) => string {
  return (value) => (value === null ? 'unknown' : print(value));
}

function figureRow(
  { a, b, change }: DiffSummary,
  figure: Figure,
  name: string,
  print: (value: number | null) => string,
): FigureRow {
  const { absolute, ratio } = change[figure];
  const cell = (side: DiffSummary['a']) => {
    const isPart = figure === 'cost' && !side.cost_complete && side.figures.cost !== null;
    return `${print(side.figures[figure])}${isPart ? ' and unknown' : ''}`;
  };
  return {
    name,
    a: cell(a),
    b: cell(b),
    change: absolute === null ? '' : absolute === 0 ? '0' : `${absolute > 0 ? '+' : '−'}${print(Math.abs(absolute))}`,
    ratio: ratio === null ? '' : `${ratio.toFixed(2)}×`,
  };
}

const BOTH: readonly Column<FigureRow>[] = [
  { name: 'Figure', cell: ({ name }) => name },
  { name: 'A', kind: 'figure', cell: ({ a }) => <span className={styles.cell}>{a}</span> },
  { name: 'B', kind: 'figure', cell: ({ b }) => <span className={styles.cell}>{b}</span> },
];

const FIGURE_COLUMNS: readonly Column<FigureRow>[] = [
  ...BOTH,
  { name: 'B minus A', kind: 'figure', cell: ({ change }) => change },
  { name: 'B by A', kind: 'figure', cell: ({ ratio }) => ratio },
];

const NARROW_FIGURE_COLUMNS: readonly Column<FigureRow>[] = [
  ...BOTH,
  {
    name: 'B minus, by A',
    kind: 'figure',
    cell: ({ change, ratio }) => (
      <span className={styles.cell}>
        {change} <span className="quiet">{ratio}</span>
      </span>
    ),
  },
];

function Counts({ summary: { steps, truncated } }: { readonly summary: DiffSummary }) {
  const parts = [
    `${count(steps.equal)} equal`,
    `${count(steps.changed)} changed`,
    `${count(steps.only_a)} only in A`,
    `${count(steps.only_b)} only in B`,
    ...(steps.not_compared > 0 ? [`bodies of ${count(steps.not_compared)} not compared`] : []),
    ...(truncated ? ['of a longer session only the first'] : []),
  ];
  return <span className="quiet">{parts.join(', ')}</span>;
}
