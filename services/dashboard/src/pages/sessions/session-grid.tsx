import { type ColumnDef, type Row, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import {
  memo,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react';
import { visibleText } from '../../format/visible-text.ts';
import { whyUnopenable } from '../../search/why-unopenable.ts';
import { useShortcut } from '../../shell/shortcuts.ts';
import { useNow } from '../../ui/use-now.ts';
import { type ColumnId, type ColumnSpec, SPEC_OF } from './column-specs.ts';
import type { Sort } from './list-picture.ts';
import { CELLS } from './session-cells.tsx';
import styles from './session-grid.module.css';
import type { Session } from './use-rows.ts';

/** px. */
const ROW_HEIGHT = 32;
/** Rows before the end at which the next page is asked for. */
const AHEAD_ROWS = 80;
/** px: what the name may grow to where there is room. */
const NAME_WIDTH_MAX = 640;
/** px: on telephones. */
const NAME_WIDTH_NARROW = 172;

/** What others may ask of the list. */
export interface GridHandle {
  readonly inSight: () => readonly Session[];
  readonly toTop: () => void;
}

/** Where a reader was: kept while the page is away. */
export interface Whereabouts {
  readonly offset: number;
  readonly activeId: string | null;
}

interface SessionGridProps {
  readonly handle: RefObject<GridHandle | null>;
  readonly rows: readonly Session[];
  /** Of the selection, where it is known. */
  readonly total: number | undefined;
  readonly columns: readonly ColumnId[];
  readonly isNarrow: boolean;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly hrefOf: (session: Session) => string;
  readonly onOpen: (session: Session) => void;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (session: Session) => void;
  readonly hasMore: boolean;
  readonly onMore: () => void;
  readonly whereabouts: Whereabouts | undefined;
  readonly onLeave: (whereabouts: Whereabouts) => void;
  /** What is shown belongs to what was asked before. */
  readonly isOld: boolean;
  /** Below the last row. */
  readonly footer: ReactNode;
}

const FEATURES = tableFeatures({});
type GridRow = Row<typeof FEATURES, Session>;

/** Any number of sessions, of which those in sight are drawn. Rows are links: the focus goes from one to the next. */
export function SessionGrid(props: SessionGridProps) {
  const { rows: data, columns: shown, sort, onSort, onMore, hasMore, selected, whereabouts } = props;
  const definitions = useMemo(
    () => shown.map((id): ColumnDef<typeof FEATURES, Session> => ({ id, header: SPEC_OF.get(id)!.label })),
    [shown],
  );
  const table = useTable({ features: FEATURES, columns: definitions, data: data as Session[], getRowId });
  const { rows } = table.getRowModel();
  const specs = useMemo(() => shown.map((id) => SPEC_OF.get(id)!), [shown]);
  const nameWidth = props.isNarrow ? NAME_WIDTH_NARROW : SPEC_OF.get('name')!.widthPx;
  const template = specs
    .map(({ id, widthPx }) => (id === 'name' ? `minmax(${nameWidth}px, ${NAME_WIDTH_MAX}px)` : `${widthPx}px`))
    .join(' ');
  const widthMin = specs.reduce((sum, { id, widthPx }) => sum + (id === 'name' ? nameWidth : widthPx), 0);

  const nowMs = useNow();
  const scroller = useRef<HTMLDivElement>(null);
  // Another function would have all places measured anew.
  const keyOf = useCallback((index: number) => rows[index]?.id ?? index, [rows]);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
    scrollMargin: 0,
    scrollPaddingStart: ROW_HEIGHT,
    initialOffset: whereabouts?.offset ?? 0,
    getItemKey: keyOf,
  });
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= rows.length - AHEAD_ROWS) onMore();
  }, [hasMore, last, rows.length, onMore]);

  const latest = useRef({ props, rows });
  latest.current = { props, rows };
  const [activeId, setActiveId] = useState(whereabouts?.activeId ?? null);
  const keys = useRowKeys({ latest, virtualizer, scroller, activeId, setActiveId });
  // One row can be reached by Tab: the current one, or the first in sight.
  const firstInSight = rows[virtualizer.range?.startIndex ?? 0]?.id;
  const isDrawn = items.some(({ index }) => rows[index]?.id === activeId);
  const tabId = isDrawn ? activeId : firstInSight;

  useImperativeHandle(
    props.handle,
    () => ({
      inSight: () => virtualizer.getVirtualItems().flatMap(({ index }) => latest.current.rows[index]?.original ?? []),
      toTop: () => {
        virtualizer.scrollToOffset(0);
        keys.forget();
      },
    }),
    [virtualizer, keys],
  );
  const leave = props.onLeave;
  useEffect(
    () => () => leave({ offset: virtualizer.scrollOffset ?? 0, activeId: keys.activeId() }),
    [leave, virtualizer, keys],
  );

  return (
    <div ref={scroller} className={styles.scroller} data-old={props.isOld}>
      <table
        className={styles.table}
        aria-label="Sessions"
        aria-rowcount={props.total === undefined ? -1 : props.total + 1}
        aria-busy={props.isOld}
      >
        <thead className={styles.head} style={{ minWidth: widthMin }}>
          <tr className={styles.row} aria-rowindex={1} style={{ gridTemplateColumns: template }}>
            {specs.map((spec) => (
              <Head key={spec.id} spec={spec} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody className={styles.body} style={{ minWidth: widthMin, height: virtualizer.getTotalSize() }}>
          {items.map(({ index, start, key }) => {
            const row = rows[index];
            if (!row) return null;
            return (
              <SessionRow
                key={key}
                row={row}
                session={row.original}
                index={index}
                start={start}
                specs={specs}
                template={template}
                href={props.hrefOf(row.original)}
                isSelected={selected.has(row.id)}
                isTabStop={row.id === tabId}
                nowMs={nowMs}
                latest={latest}
                onFocus={setActiveId}
              />
            );
          })}
        </tbody>
      </table>
      {props.footer}
    </div>
  );
}

function getRowId({ session_id }: Session): string {
  return session_id;
}

interface Latest {
  readonly props: SessionGridProps;
  readonly rows: readonly GridRow[];
}

/** `j` and `k`: which row is the current one is which one has, or had, the focus. */
function useRowKeys({
  latest,
  virtualizer,
  scroller,
  activeId,
  setActiveId,
}: {
  readonly latest: RefObject<Latest>;
  readonly virtualizer: ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly activeId: string | null;
  readonly setActiveId: (id: string | null) => void;
}) {
  const active = useRef(activeId);
  active.current = activeId;
  const keys = useMemo(() => {
    const focus = (index: number) => {
      const row = latest.current.rows[index];
      if (!row) return;
      active.current = row.id;
      setActiveId(row.id);
      virtualizer.scrollToIndex(index, { align: 'auto' });
      const link = linkOf(scroller.current, index);
      if (link) return link.focus({ preventScroll: true });
      // The row has to be drawn first; by then another may be the current one.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          if (active.current === row.id) linkOf(scroller.current, index)?.focus({ preventScroll: true });
        }),
      );
    };
    const activeIndex = () => latest.current.rows.findIndex(({ id }) => id === active.current);
    return {
      move: (by: number) => {
        const from = activeIndex();
        const end = latest.current.rows.length - 1;
        focus(from < 0 ? 0 : Math.max(0, Math.min(end, from + by)));
      },
      current: () => latest.current.rows[activeIndex()]?.original,
      focusActive: () => focus(activeIndex()),
      activeId: () => active.current,
      forget: () => setActiveId(null),
    };
  }, [latest, virtualizer, scroller, setActiveId]);
  useShortcut('next', () => keys.move(1));
  useShortcut('previous', () => keys.move(-1));
  useShortcut('select', () => {
    const session = keys.current();
    if (session) latest.current.props.onSelect(session);
  });
  // Who comes back goes on where they were, unless something else has the focus.
  useEffect(() => {
    if (active.current !== null && document.activeElement === document.body) keys.focusActive();
  }, [keys]);
  return keys;
}

function linkOf(scroller: HTMLElement | null, index: number): HTMLElement | null {
  return scroller?.querySelector<HTMLElement>(`[aria-rowindex="${index + 2}"] a`) ?? null;
}

interface HeadProps {
  readonly spec: ColumnSpec;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
}

function Head({ spec: { id, label, sort: field, isFigure }, sort, onSort }: HeadProps) {
  const direction = field !== undefined && sort.field === field ? sort.direction : undefined;
  const Arrow = direction === 'asc' ? ArrowUp : ArrowDown;
  return (
    <th
      scope="col"
      className={styles.cell}
      data-id={id}
      data-align={isFigure ? 'end' : undefined}
      aria-sort={direction && (direction === 'asc' ? 'ascending' : 'descending')}
    >
      {field === undefined ? (
        label
      ) : (
        <button
          type="button"
          className={styles.sort}
          title={`Sort ${direction === 'desc' ? 'ascending' : 'descending'}`}
          onClick={() => onSort({ field, direction: direction === 'desc' ? 'asc' : 'desc' })}
        >
          {label}
          {direction && <Arrow size={12} aria-hidden />}
        </button>
      )}
    </th>
  );
}

interface SessionRowProps {
  readonly row: GridRow;
  /** The row's own: what it is drawn anew for. */
  readonly session: Session;
  readonly index: number;
  readonly start: number;
  readonly specs: readonly (ColumnSpec & { readonly id: ColumnId })[];
  readonly template: string;
  readonly href: string;
  readonly isSelected: boolean;
  readonly isTabStop: boolean;
  readonly nowMs: number;
  readonly latest: RefObject<Latest>;
  readonly onFocus: (id: string) => void;
}

const SessionRow = memo(
  function SessionRow(props: SessionRowProps) {
    const { session, index, start, specs, template, isSelected, nowMs, onFocus } = props;
    return (
      <tr
        aria-rowindex={index + 2}
        className={styles.row}
        data-selected={isSelected}
        style={{ gridTemplateColumns: template, top: start }}
        onFocus={() => onFocus(session.session_id)}
      >
        {specs.map(({ id, isFigure, isText }) =>
          id === 'name' ? (
            <th key={id} scope="row" className={styles.cell} data-id={id}>
              <Name {...props} />
            </th>
          ) : (
            <td
              key={id}
              className={styles.cell}
              data-kind={isText ? 'text' : undefined}
              data-align={isFigure ? 'end' : undefined}
            >
              {id === 'id' ? <Id {...props} /> : CELLS[id](session, nowMs)}
            </td>
          ),
        )}
      </tr>
    );
  },
  (before, after) =>
    before.session === after.session &&
    before.index === after.index &&
    before.start === after.start &&
    before.specs === after.specs &&
    before.href === after.href &&
    before.isSelected === after.isSelected &&
    before.isTabStop === after.isTabStop &&
    before.nowMs === after.nowMs,
);

function Name({ session, href, isSelected, isTabStop, latest }: SessionRowProps) {
  const { session_id: id, session_name: name, live: isLive } = session;
  const called = visibleText(name) || 'without a name';
  const why = whyUnopenable(id);
  return (
    <>
      <label className={styles.pick}>
        <input
          type="checkbox"
          tabIndex={isTabStop ? 0 : -1}
          checked={isSelected}
          aria-label={`Select ${called}, ${visibleText(id)}`}
          onChange={() => latest.current.props.onSelect(session)}
        />
      </label>
      <span
        className={styles.live}
        data-live={isLive}
        title={isLive ? 'Live: a request began within the last 5 minutes' : undefined}
      >
        {isLive && <span className="spoken">live</span>}
      </span>
      <a
        href={why === undefined ? href : undefined}
        role={why === undefined ? undefined : 'link'}
        aria-disabled={why !== undefined || undefined}
        title={why}
        tabIndex={isTabStop ? 0 : -1}
        className={`${styles.link} truncate`}
        data-unnamed={name === ''}
        onClick={(event) => {
          if (why !== undefined || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
          event.preventDefault();
          latest.current.props.onOpen(session);
        }}
      >
        <bdi>{called}</bdi>
      </a>
    </>
  );
}

/** How long it says that an id was copied, ms. */
const SAID_MS = 1_500;

function Id({ session: { session_id: id }, isTabStop }: SessionRowProps) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <button
      type="button"
      tabIndex={isTabStop ? 0 : -1}
      className={styles.id}
      data-copied={isCopied}
      aria-label={isCopied ? 'Copied' : `Copy id ${visibleText(id)}`}
      title={`${visibleText(id)}: copy`}
      onClick={() => void navigator.clipboard.writeText(id).then(() => setCopied(true))}
    >
      <bdi className="mono">{visibleText(id)}</bdi>
    </button>
  );
}
