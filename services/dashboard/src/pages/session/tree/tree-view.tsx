import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronRight, ChevronsDownUp, ChevronsUpDown } from 'lucide-react';
import { type KeyboardEvent, memo, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { count } from '../../../format/count.ts';
import { duration } from '../../../format/duration.ts';
import { money } from '../../../format/money.ts';
import { visibleText } from '../../../format/visible-text.ts';
import { useShortcut } from '../../../shell/shortcuts.ts';
import { Button } from '../../../ui/button.tsx';
import { SearchField } from '../../../ui/search-field.tsx';
import { Empty } from '../../../ui/states.tsx';
import virtualRows from '../../../ui/virtual-rows.module.css';
import { FoundMark } from '../found/found-mark.tsx';
import type { ViewProps } from '../session-choice.ts';
import type { StepColumns } from '../steps/ask-steps.ts';
import { stepMatcher } from '../steps/match-step.ts';
import { PathDot } from '../steps/path-dot.tsx';
import { plainPath } from '../steps/path-segments.ts';
import { StepIcon } from '../steps/step-icon.tsx';
import { StepStatus } from '../steps/step-status.tsx';
import shared from '../steps/steps.module.css';
import { type Figures, type PathNode, pathTree } from './path-tree.ts';
import { allPaths, type TreeRow, treeRows } from './tree-rows.ts';
import styles from './tree-view.module.css';

const ROW_PX = 28;
/** Cost and errors first: on a telephone, the rest is scrolled to. */
const COLUMNS = [
  'Cost',
  'Errors',
  'Latency, sum',
  'Requests',
  'Own cost',
  'Own errors',
  'Own latency, sum',
  'Own requests',
];

/** The paths of the session, what each comes to, and its requests below it. */
export function TreeView({ steps, selected, found, onSelect, choice, onChoose }: ViewProps) {
  const { columns } = steps;
  const roots = useMemo(() => pathTree(columns), [columns]);
  const [closed, setClosed] = useState<ReadonlySet<string>>(() => new Set());
  const text = choice.q ?? '';
  const sought = useDeferredValue(text);
  const matches = useMemo(() => stepMatcher(columns, sought), [columns, sought]);
  const rows = useMemo(() => treeRows(roots, { closed, matches }), [roots, closed, matches]);

  // A request that is selected is in sight: what it lies in opens.
  useEffect(() => {
    if (selected === -1) return;
    const path = plainPath(columns.path[selected]!);
    setClosed((before) => {
      const leading = [...before].filter((one) => path === one || path.startsWith(`${one}/`));
      if (leading.length === 0) return before;
      return new Set([...before].filter((one) => !leading.includes(one)));
    });
  }, [selected, columns]);

  const search = useRef<HTMLInputElement>(null);
  useShortcut('search', () => search.current?.focus());
  return (
    <>
      <div className={shared.toolbar}>
        <SearchField
          ref={search}
          label="Search paths, models, errors and ids"
          value={text}
          onChange={(q) => onChoose({ q: q === '' ? undefined : q })}
        />
        <span className={shared.together}>
          <Button kind="quiet" onClick={() => setClosed(new Set())}>
            <ChevronsUpDown size={14} aria-hidden /> Expand all
          </Button>
          <Button kind="quiet" onClick={() => setClosed(new Set(allPaths(roots)))}>
            <ChevronsDownUp size={14} aria-hidden /> Collapse all
          </Button>
        </span>
      </div>
      {rows.length === 0 ? (
        <Empty title="No request is like that">
          <Button onClick={() => onChoose({ q: undefined })}>Clear the search</Button>
        </Empty>
      ) : (
        <TreeGrid
          rows={rows}
          columns={columns}
          selected={selected}
          found={found}
          onSelect={onSelect}
          onOpen={(path, isOpen) =>
            setClosed((before) => {
              const next = new Set(before);
              if (isOpen) next.delete(path);
              else next.add(path);
              return next;
            })
          }
        />
      )}
    </>
  );
}

interface TreeGridProps {
  readonly rows: readonly TreeRow[];
  readonly columns: StepColumns;
  readonly selected: number;
  readonly found: ReadonlySet<number>;
  readonly onSelect: (step: number | undefined) => void;
  readonly onOpen: (path: string, isOpen: boolean) => void;
}

function TreeGrid({ rows, columns, selected, found, onSelect, onOpen }: TreeGridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    paddingStart: ROW_PX,
    scrollPaddingStart: ROW_PX,
  });
  const [active, setActive] = useState(0);
  const at = Math.min(active, rows.length - 1);
  const place = useMemo(() => {
    const places = new Map<number, number>();
    for (const [index, row] of rows.entries()) if (row.kind === 'step') places.set(row.step, index);
    return places;
  }, [rows]);

  const moveTo = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setActive(next);
    virtual.scrollToIndex(next);
  };
  // Where the selection goes, by whatever means, the rows follow.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when it changes, so that scrolling on is not undone
  useEffect(() => {
    const index = place.get(selected);
    if (index !== undefined) moveTo(index);
  }, [selected]);

  const step = (direction: 1 | -1) => {
    const from = place.get(selected) ?? (direction === 1 ? at - 1 : at);
    for (let index = from + direction; index >= 0 && index < rows.length; index += direction) {
      const row = rows[index]!;
      if (row.kind === 'step') return onSelect(row.step);
    }
  };
  useShortcut('next', () => step(1));
  useShortcut('previous', () => step(-1));

  const use = (index: number) => {
    const row = rows[index]!;
    setActive(index);
    if (row.kind === 'step') onSelect(row.step);
    else onOpen(row.node.path, !row.isOpen);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[at];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_PX) - 2);
    const keys = new Map<string, () => void>([
      ['ArrowDown', () => moveTo(at + 1)],
      ['ArrowUp', () => moveTo(at - 1)],
      ['PageDown', () => moveTo(at + page)],
      ['PageUp', () => moveTo(at - page)],
      ['Home', () => moveTo(0)],
      ['End', () => moveTo(rows.length - 1)],
      ['Enter', () => use(at)],
      [' ', () => use(at)],
      ['ArrowRight', () => (row.kind === 'node' && !row.isOpen ? onOpen(row.node.path, true) : moveTo(at + 1))],
      [
        'ArrowLeft',
        () => (row.kind === 'node' && row.isOpen ? onOpen(row.node.path, false) : moveTo(ownerOf(rows, at))),
      ],
    ]);
    const run = keys.get(event.key);
    if (!run) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };

  return (
    <div ref={scroller} className={styles.grid}>
      <table
        className={styles.canvas}
        style={{ height: virtual.getTotalSize() }}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a tree of rows is a grid in a table's elements
        role="treegrid"
        aria-label="Requests by path"
        aria-rowcount={rows.length + 1}
        aria-activedescendant={`tree-row-${at}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <thead className={virtualRows.head}>
          <tr className={styles.row} aria-rowindex={1}>
            <th scope="col">Path</th>
            {COLUMNS.map((name) => (
              <th key={name} scope="col" className="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index]!;
            return (
              <tr
                key={row.kind === 'step' ? row.step : row.node.path}
                id={`tree-row-${index}`}
                className={styles.row}
                style={{ transform: `translateY(${start}px)` }}
                aria-rowindex={index + 2}
                aria-level={row.level}
                aria-posinset={row.place}
                aria-setsize={row.siblings}
                aria-expanded={row.kind === 'node' ? row.isOpen : undefined}
                aria-selected={row.kind === 'step' && row.step === selected}
                data-active={index === at || undefined}
                onClick={() => use(index)}
              >
                {row.kind === 'node' ? (
                  <NodeCells node={row.node} row={row} />
                ) : (
                  <StepCells row={row} columns={columns} isFound={found.has(row.step)} />
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Index of the row that a row lies below; its own at the top. */
function ownerOf(rows: readonly TreeRow[], at: number): number {
  const { level } = rows[at]!;
  for (let index = at; index >= 0; index--) if (rows[index]!.level < level) return index;
  return at;
}

/** Deeper levels are not moved further: their names would leave the column. */
const INDENTS_MAX = 12;

function indent(level: number) {
  return { paddingLeft: 8 + Math.min(level - 1, INDENTS_MAX) * 16 };
}

const NodeCells = memo(function NodeCells({ node, row }: { readonly node: PathNode; readonly row: TreeRow }) {
  const Chevron = row.isOpen ? ChevronDown : ChevronRight;
  return (
    <>
      <td className={styles.name} style={indent(row.level)} title={visibleText(node.path)}>
        <Chevron size={14} aria-hidden className="faint" />
        <PathDot path={node.path} />
        <bdi className="truncate">{visibleText(node.name)}</bdi>
      </td>
      <FigureCells figures={node.total} />
      <FigureCells figures={node.own} isFaint />
    </>
  );
});

function FigureCells({ figures, isFaint = false }: { readonly figures: Figures; readonly isFaint?: boolean }) {
  const { requests, cost, unpriced, latencyMs, errors } = figures;
  const tone = `number ${isFaint ? 'faint' : ''}`;
  const isNone = isFaint && requests === 0;
  const priced = unpriced === requests ? null : cost;
  return (
    <>
      <td className={tone} title={unpriced > 0 && !isNone ? `${unpriced} unknown` : undefined}>
        {isNone ? '–' : `${money(priced)}${unpriced > 0 && priced !== null ? '+' : ''}`}
      </td>
      <td className={`number ${errors > 0 ? 'bad' : 'faint'}`}>
        {isNone ? '–' : errors > 0 ? `✕ ${count(errors)}` : '0'}
      </td>
      <td className={tone} title={isNone ? undefined : `Mean: ${duration(latencyMs / requests)}`}>
        {isNone ? '–' : duration(latencyMs)}
      </td>
      <td className={tone}>{isNone ? '0' : count(requests)}</td>
    </>
  );
}

/** Kept while rows are scrolled: only those that come into sight are made. */
const StepCells = memo(function StepCells({
  row: { step, level },
  columns,
  isFound,
}: {
  readonly row: TreeRow;
  readonly columns: StepColumns;
  readonly isFound: boolean;
}) {
  // Which kind it is, its sign says.
  const what =
    columns.model[step]!.replace(/^(?:tool|data):/, '') || columns.provider[step] || columns.request_id[step]!;
  return (
    <>
      <td className={styles.name} style={indent(level)}>
        <span className={styles.stem} />
        <StepIcon kind={columns.step_kind[step]!} />
        {isFound && <FoundMark />}
        <bdi className="truncate quiet">{visibleText(what)}</bdi>
        <span className={`faint number ${styles.at}`}>
          +{duration(columns.started_at[step]! - columns.started_at[0]!)}
        </span>
      </td>
      <td className="number">{money(columns.cost[step])}</td>
      <td className="number">
        <StepStatus columns={columns} step={step} />
      </td>
      <td className="number">{duration(columns.latency_ms[step])}</td>
      <td colSpan={5} />
    </>
  );
});
