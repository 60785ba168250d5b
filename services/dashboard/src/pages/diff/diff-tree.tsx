import type { ReactNode } from 'react';
import { count } from '../../format/count.ts';
import { duration } from '../../format/duration.ts';
import { money } from '../../format/money.ts';
import { visibleText } from '../../format/visible-text.ts';
import { type Column, Table } from '../../ui/table.tsx';
import { useMedia } from '../../ui/use-media.ts';
import { PathDot } from '../session/steps/path-dot.tsx';
import { StepIcon } from '../session/steps/step-icon.tsx';
import styles from './diff.module.css';
import { type DiffRow, type DiffStep, stepKey } from './diff-rows.ts';
import { notComparedWords, STATE_SIGNS, stateWords } from './diff-words.ts';
import { NARROW } from './narrow.ts';

interface DiffTreeProps {
  readonly rows: readonly DiffRow[];
  /** `stepKey` of the step that is looked at. */
  readonly opened: string | undefined;
  readonly onOpen: (step: DiffStep) => void;
}

/** One tree of paths for both sessions, each step with both of its sides; where there is little room, these one below the other. */
export function DiffTree({ rows, opened, onOpen }: DiffTreeProps) {
  const isNarrow = useMedia(NARROW);
  const indent = isNarrow ? NARROW_INDENT : INDENT;
  const step: Column<DiffRow> = {
    name: 'Step',
    kind: 'name',
    cell: (row) => (
      <div style={{ paddingLeft: Math.min(row.level, indent.levelsMax) * indent.px }}>
        <span className={styles.step}>
          {row.kind === 'path' ? (
            <>
              <PathDot path={row.path} />
              <bdi className="truncate">{visibleText(row.name)}</bdi>
            </>
          ) : (
            <button
              type="button"
              className={styles.open}
              aria-haspopup="dialog"
              aria-expanded={stepKey(row.step) === opened}
              onClick={() => onOpen(row.step)}
            >
              <StepIcon kind={(row.step.a ?? row.step.b)!.kind} />
              <bdi className="truncate">{visibleText(modelWords(row.step))}</bdi>
            </button>
          )}
        </span>
        {isNarrow && row.kind === 'step' && <Changed step={row.step} />}
      </div>
    ),
  };
  const changed: Column<DiffRow> = {
    name: 'What changed',
    kind: 'name',
    cell: (row) => (row.kind === 'path' ? null : <Changed step={row.step} />),
  };
  const columns = isNarrow ? [step, stacked('A'), stacked('B')] : [step, changed, ...FIGURES.flatMap(sideBySide)];
  return <Table label="Steps of both sessions by path" columns={columns} rows={rows} keyOf={keyOf} />;
}

/** Of a level. Deeper ones are not moved further: their names would leave the column. */
const INDENT = { px: 16, levelsMax: 12 } as const;
const NARROW_INDENT = { px: 8, levelsMax: 6 } as const;

function Changed({ step }: { readonly step: DiffStep }) {
  return (
    <span className={styles.state} data-state={step.state}>
      <span aria-hidden>{STATE_SIGNS[step.state]}</span> {stateWords(step)}
      <span className="faint">{notComparedWords(step)}</span>
    </span>
  );
}

type Side = NonNullable<DiffStep['a']>;

interface Figure {
  readonly name: string;
  readonly print: (side: Side) => ReactNode;
  /** Behind it where no head of a column says what it is. */
  readonly unit?: string;
}

const FIGURES: readonly Figure[] = [
  { name: 'Cost', print: ({ cost }) => money(cost) },
  {
    name: 'Tokens',
    print: ({ prompt_tokens: prompt, completion_tokens: completion }) =>
      prompt === null && completion === null ? 'unknown' : count((prompt ?? 0) + (completion ?? 0)),
    unit: 'tok',
  },
  { name: 'Latency', print: ({ latency_ms: latency }) => duration(latency) },
  { name: 'Status', print: ({ status, error }) => <span className={error ? 'bad' : undefined}>{status}</span> },
];

/** The same of A and of B. */
function sideBySide({ name, print }: Figure): Column<DiffRow>[] {
  return SIDES.map((side) => ({
    name: `${name}, ${side}`,
    kind: 'figure',
    cell: (row) => ofSide(row, side, print),
  }));
}

/** All of A, or of B. */
function stacked(side: (typeof SIDES)[number]): Column<DiffRow> {
  const all = (own: Side) => (
    <ul className={styles.stacked}>
      {FIGURES.map(({ name, print, unit }) => (
        <li key={name} aria-label={name}>
          {print(own)}
          {unit && <span className="faint"> {unit}</span>}
        </li>
      ))}
    </ul>
  );
  return { name: side, kind: 'figure', cell: (row) => ofSide(row, side, all) };
}

const SIDES = ['A', 'B'] as const;

function ofSide(row: DiffRow, side: (typeof SIDES)[number], print: (side: Side) => ReactNode): ReactNode {
  if (row.kind === 'path') return null;
  const own = row.step[side === 'A' ? 'a' : 'b'];
  return own ? print(own) : <span className="faint">–</span>;
}

function modelWords({ a, b }: DiffStep): string {
  const named = (side: Side) => side.model.replace(/^(?:tool|data):/, '') || side.provider || side.request_id;
  if (!a || !b) return named((a ?? b)!);
  return named(a) === named(b) ? named(a) : `${named(a)} → ${named(b)}`;
}

function keyOf(row: DiffRow): string {
  return row.kind === 'path' ? `path ${row.path}` : `step ${stepKey(row.step)}`;
}
