import type { ReactNode } from 'react';
import { count } from '../../format/count.ts';
import { duration } from '../../format/duration.ts';
import { money } from '../../format/money.ts';
import { visibleText } from '../../format/visible-text.ts';
import { type Column, Table } from '../../ui/table.tsx';
import { PathDot } from '../session/steps/path-dot.tsx';
import { StepIcon } from '../session/steps/step-icon.tsx';
import styles from './diff.module.css';
import { type DiffRow, type DiffStep, stepKey } from './diff-rows.ts';
import { STATE_SIGNS, stateWords } from './diff-words.ts';

interface DiffTreeProps {
  readonly rows: readonly DiffRow[];
  /** `stepKey` of the step that is looked at. */
  readonly opened: string | undefined;
  readonly onOpen: (step: DiffStep) => void;
}

/** One tree of paths for both sessions, each step with both of its sides. */
export function DiffTree({ rows, opened, onOpen }: DiffTreeProps) {
  const columns: readonly Column<DiffRow>[] = [
    {
      name: 'Step',
      kind: 'name',
      cell: (row) => (
        <span className={styles.step} style={{ paddingLeft: Math.min(row.level, LEVELS_MAX) * 16 }}>
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
      ),
    },
    {
      name: 'What changed',
      kind: 'name',
      cell: (row) =>
        row.kind === 'path' ? null : (
          <span className={styles.state} data-state={row.step.state}>
            <span aria-hidden>{STATE_SIGNS[row.step.state]}</span> {stateWords(row.step)}
            {row.step.a && row.step.b && !row.step.compared && <span className="faint">, not all compared</span>}
          </span>
        ),
    },
    ...sides('Cost', ({ cost }) => money(cost)),
    ...sides('Tokens', ({ prompt_tokens: prompt, completion_tokens: completion }) =>
      prompt === null && completion === null ? 'unknown' : count((prompt ?? 0) + (completion ?? 0)),
    ),
    ...sides('Latency', ({ latency_ms: latency }) => duration(latency)),
    ...sides('Status', ({ status, error }) => <span className={error ? 'bad' : undefined}>{status}</span>),
  ];
  return <Table label="Steps of both sessions by path" columns={columns} rows={rows} keyOf={keyOf} />;
}

/** Deeper levels are not moved further: their names would leave the column. */
const LEVELS_MAX = 12;

type Side = NonNullable<DiffStep['a']>;

/** The same of A and of B. */
function sides(name: string, print: (side: Side) => ReactNode): Column<DiffRow>[] {
  const cell = (row: DiffRow, side: 'a' | 'b') => {
    if (row.kind === 'path') return null;
    const own = row.step[side];
    return own ? print(own) : <span className="faint">–</span>;
  };
  return [
    { name: `${name}, A`, kind: 'figure', cell: (row) => cell(row, 'a') },
    { name: `${name}, B`, kind: 'figure', cell: (row) => cell(row, 'b') },
  ];
}

function modelWords({ a, b }: DiffStep): string {
  const named = (side: Side) => side.model.replace(/^(?:tool|data):/, '') || side.provider || side.request_id;
  if (!a || !b) return named((a ?? b)!);
  return named(a) === named(b) ? named(a) : `${named(a)} → ${named(b)}`;
}

function keyOf(row: DiffRow): string {
  return row.kind === 'path' ? `path ${row.path}` : `step ${stepKey(row.step)}`;
}
