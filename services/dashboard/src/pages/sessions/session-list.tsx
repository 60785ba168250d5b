import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  Bookmark,
  CalendarRange,
  ChartColumn,
  Columns3,
  Download,
  FileDiff,
  Filter as FilterIcon,
  GitCompare,
  ListFilter,
  RefreshCw,
  X,
} from 'lucide-react';
import { Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { hasSession } from '../../api/has-session.ts';
import { useStoredKey } from '../../api/key-store.ts';
import { useLiveChange } from '../../api/live.tsx';
import { wholeCount } from '../../format/count.ts';
import { conditionCount, NO_FILTER } from '../../search/filter/filter-node.ts';
import { parseRange, rangeLabel } from '../../search/range.ts';
import { useShortcut } from '../../shell/shortcuts.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { lazyPart } from '../../ui/lazy-part.ts';
import { Page } from '../../ui/page.tsx';
import { Empty, Failure, Running, Skeleton, Stale } from '../../ui/states.tsx';
import { useMedia } from '../../ui/use-media.ts';
import type { ColumnId } from './column-specs.ts';
import { FilterChips } from './filter-chips.tsx';
import { keepWhereabouts, whereaboutsIn } from './list-memory.ts';
import { type Picture, pictureKey } from './list-picture.ts';
import { SearchField } from './search-field.tsx';
import { type GridHandle, SessionGrid, type Whereabouts } from './session-grid.tsx';
import styles from './sessions-page.module.css';
import { Totals, useTotals } from './totals.tsx';
import { useColumns } from './use-columns.ts';
import { useLiveRows } from './use-live-rows.ts';
import type { UsedPicture } from './use-picture.ts';
import { type Session, useRows } from './use-rows.ts';
import { useSettled } from './use-settled.ts';
import { useSpread } from './use-spread.ts';

const ListCharts = lazyPart(() => import('./list-charts.tsx').then((part) => part.ListCharts));
/** Nothing but the rows is loaded before the rows. */
const Tools = lazyPart(() => import('./list-tools.tsx').then((part) => part.ListTools));
const FacetPanel = lazyPart(() => import('./facets/facet-panel.tsx').then((part) => part.FacetPanel));
const FacetDrawer = lazyPart(() => import('./facets/facet-drawer.tsx').then((part) => part.FacetDrawer));
const FirstRun = lazyPart(() => import('./first-run.tsx').then((part) => part.FirstRun));
const FilterDialog = lazyPart(() => import('./filter-editor/filter-dialog.tsx').then((part) => part.FilterDialog));
const ExportDialog = lazyPart(() => import('./export-dialog.tsx').then((part) => part.ExportDialog));

/** What stands beside the rows is counted anew no more often than this while sessions come in, ms. */
const BESIDE_APART_MS = 5_000;

/** Two sessions are compared. */
const SELECTED_MAX = 2;

const NARROW_FIRST: readonly ColumnId[] = ['name', 'cost', 'errors'];

interface SessionListProps extends Omit<UsedPicture, 'read'> {
  readonly picture: Picture;
}

export function SessionList({ picture, change, shown, show }: SessionListProps) {
  const navigate = useNavigate();
  const isDrawerSize = useMedia('(max-width: 1100px)');
  const isNarrow = useMedia('(max-width: 720px)');
  const [dialog, setDialog] = useState<'facets' | 'filter' | 'export' | undefined>();
  const [selected, setSelected] = useState<readonly string[]>([]);
  const [isCancelled, setCancelled] = useState(false);
  const grid = useRef<GridHandle>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const firstFacet = useRef<HTMLButtonElement>(null);
  const wantsFacets = useRef(false);
  const { columns, choose } = useColumns(shown.cols, show);
  const key = pictureKey(picture);

  // The rows come first, whatever stands beside them.
  const { query, rows, readAgain, cancel } = useRows(picture);
  const isReady = query.isSuccess && !query.isPlaceholderData;
  const wasReady = useRef(false);
  wasReady.current ||= isReady || query.isError || isCancelled;
  const isSettled = wasReady.current;
  const isFailed = useFailed(query, key);
  const beside = useSettled(BESIDE_APART_MS);
  const totals = useTotals(picture, isReady, beside.step);
  const spread = useSpread(picture, isReady, beside.step);

  const inSight = useCallback(() => grid.current?.inSight() ?? [], []);
  const { newCount, forget } = useLiveRows({
    picture,
    rows,
    inSight,
    isOn: isReady,
    readAtMs: query.dataUpdatedAt,
    onRead: beside.changed,
  });
  const showNew = useCallback(() => {
    forget();
    grid.current?.toTop();
    void readAgain();
  }, [forget, readAgain]);
  // Nobody reads an empty list: what comes is shown at once.
  useEffect(() => {
    if (rows.length === 0 && newCount > 0) showNew();
  }, [rows.length, newCount, showNew]);

  const { fetchNextPage, isFetchingNextPage, hasNextPage, isFetching } = query;
  const more = useCallback(() => {
    if (!isFetchingNextPage && !query.isPlaceholderData) void fetchNextPage();
  }, [isFetchingNextPage, query.isPlaceholderData, fetchNextPage]);
  const stop = () => {
    setCancelled(true);
    cancel();
  };
  useEffect(() => {
    if (isFetching) setCancelled(false);
  }, [isFetching]);

  useShortcut('search', () => searchField.current?.select());
  useShortcut('filter', () => {
    // Pressed before they are there: they have the focus when they come.
    wantsFacets.current = firstFacet.current === null;
    if (isDrawerSize) setDialog('facets');
    else firstFacet.current?.focus();
  });
  useShortcut('back', () => setSelected([]), selected.length > 0);

  const find = picture.isInBodies ? picture.search : '';
  const searchOf = useCallback(
    ({ error_count: errors }: Session) => ({
      ...(errors > 0 && find === '' && { focus: 'error' }),
      ...(find !== '' && { find }),
    }),
    [find],
  );
  const hrefOf = useCallback(
    (session: Session) => {
      const params = new URLSearchParams(searchOf(session)).toString();
      return `/sessions/${encodeURIComponent(session.session_id)}${params === '' ? '' : `?${params}`}`;
    },
    [searchOf],
  );
  const open = useCallback(
    (session: Session) =>
      void navigate({
        to: '/sessions/$sessionId',
        params: { sessionId: session.session_id },
        search: searchOf(session),
      }),
    [navigate, searchOf],
  );
  const select = useCallback(({ session_id: id }: Session) => {
    setSelected((before) =>
      before.includes(id) ? before.filter((other) => other !== id) : [...before, id].slice(-SELECTED_MAX),
    );
  }, []);
  const selectedSet = useMemo(() => new Set(selected), [selected]);
  const compare = () => {
    const [aSession, bSession] = selected;
    void navigate({ to: '/compare', search: { aSession, bSession } });
  };
  const diff = () => {
    const [sessionId, otherSessionId] = selected;
    if (sessionId === undefined || otherSessionId === undefined) return;
    void navigate({ to: '/sessions/$sessionId/diff/$otherSessionId', params: { sessionId, otherSessionId } });
  };
  const leave = useCallback((whereabouts: Whereabouts) => keepWhereabouts(key, whereabouts), [key]);

  const hasCharts = shown.charts === undefined ? !isNarrow : shown.charts === 'on';
  const shownColumns = useMemo(
    () =>
      isNarrow
        ? [...NARROW_FIRST.filter((id) => columns.includes(id)), ...columns.filter((id) => !NARROW_FIRST.includes(id))]
        : columns,
    [isNarrow, columns],
  );
  const conditions = conditionCount(picture.filter);
  const isNarrowed = conditions > 0 || picture.search !== '';
  const isEmpty = isReady && rows.length === 0;
  const hasAny = useHasAny(isEmpty && !isNarrowed, readAgain);
  const clear = () => change({ filter: NO_FILTER, search: '' });
  const facets = isSettled ? (
    <Suspense fallback={<Skeleton lines={24} />}>
      <FacetPanel
        picture={picture}
        change={change}
        isReady={isReady}
        isFailed={isFailed}
        first={firstFacet}
        takesFocus={wantsFacets}
        asOf={beside.step}
      />
    </Suspense>
  ) : (
    <Skeleton lines={24} />
  );

  return (
    <Page
      title="Sessions"
      isFilled
      about={<SearchField picture={picture} change={change} field={searchField} />}
      actions={
        <>
          {isDrawerSize && (
            <Button onClick={() => setDialog('facets')}>
              <ListFilter size={14} aria-hidden /> Facets
            </Button>
          )}
          <Button
            onClick={() => setDialog('filter')}
            aria-label={conditions === 0 ? 'Filter' : `Filter: ${conditions} conditions`}
          >
            <FilterIcon size={14} aria-hidden />
            Filter
            {conditions > 0 && <span className="quiet">{conditions}</span>}
          </Button>
          {isSettled ? (
            <Suspense fallback={<ToolsToCome range={picture.range} />}>
              <Tools picture={picture} change={change} columns={columns} onColumns={choose} />
            </Suspense>
          ) : (
            <ToolsToCome range={picture.range} />
          )}
          <IconButton
            label="Charts"
            icon={<ChartColumn size={16} aria-hidden />}
            aria-pressed={hasCharts}
            onClick={() => show({ charts: hasCharts ? 'off' : 'on' })}
          />
          <IconButton
            label="Export the selection"
            icon={<Download size={16} aria-hidden />}
            onClick={() => setDialog('export')}
          />
          <IconButton label="Read again" icon={<RefreshCw size={16} aria-hidden />} onClick={showNew} />
        </>
      }
    >
      {hasAny === false ? (
        <Suspense fallback={<Skeleton lines={10} />}>
          <FirstRun />
        </Suspense>
      ) : (
        <div className={styles.layout}>
          {!isDrawerSize && (
            <aside className={styles.facets} aria-label="Facets">
              {facets}
            </aside>
          )}
          <div className={styles.main}>
            {!isFailed && <Totals query={totals} spread={spread.data} />}
            {hasCharts && !isFailed && (
              <div className={styles.chartsPlace}>
                {spread.data ? (
                  <Suspense fallback={<Skeleton lines={4} />}>
                    <ListCharts spread={spread.data} onRange={(range) => change({ range })} />
                  </Suspense>
                ) : spread.error ? (
                  <Failure
                    what="The charts could not be read"
                    error={spread.error}
                    onRetry={() => void spread.refetch()}
                  />
                ) : (
                  <Skeleton lines={4} />
                )}
              </div>
            )}
            <div className={styles.bar}>
              <FilterChips picture={picture} change={change} />
              {rows.length > 0 && newCount > 0 && (
                <Button kind="primary" onClick={showNew}>
                  {newCount >= 200 ? '200 or more' : newCount} new
                </Button>
              )}
              {selected.length > 0 && (
                <>
                  <span className="quiet">
                    {selected.length === 1 ? 'One selected: select another to compare' : 'Two selected'}
                  </span>
                  {selected.length === SELECTED_MAX && (
                    <>
                      <Button kind="primary" onClick={compare}>
                        <GitCompare size={14} aria-hidden /> Compare
                      </Button>
                      <Button onClick={diff}>
                        <FileDiff size={14} aria-hidden /> Diff
                      </Button>
                    </>
                  )}
                  <Button kind="quiet" onClick={() => setSelected([])}>
                    <X size={14} aria-hidden /> Clear selection
                  </Button>
                </>
              )}
              <Running isRunning={isFetching} onCancel={stop} />
            </div>
            <div className={styles.list}>
              {query.error && query.data && (
                <Stale asOf={query.dataUpdatedAt} error={query.error} onRetry={() => void query.refetch()} />
              )}
              {query.data === undefined ? (
                query.error ? (
                  <Failure
                    what="The sessions could not be read"
                    error={query.error}
                    onRetry={() => void query.refetch()}
                  />
                ) : isCancelled ? (
                  <Empty title="The query was cancelled">
                    <Button onClick={() => void query.refetch()}>Run it again</Button>
                  </Empty>
                ) : (
                  <Skeleton lines={16} />
                )
              ) : isEmpty ? (
                <NoSessions isNarrowed={isNarrowed} onClear={clear} onWiden={() => change({ range: '365d' })} />
              ) : (
                <SessionGrid
                  key={query.isPlaceholderData ? 'old' : key}
                  handle={grid}
                  rows={rows}
                  total={totals.data?.count}
                  columns={shownColumns}
                  isNarrow={isNarrow}
                  sort={picture.sort}
                  onSort={(sort) => change({ sort })}
                  hrefOf={hrefOf}
                  onOpen={open}
                  selected={selectedSet}
                  onSelect={select}
                  hasMore={hasNextPage}
                  onMore={more}
                  whereabouts={whereaboutsIn(key)}
                  onLeave={leave}
                  isOld={query.isPlaceholderData}
                  footer={
                    <p className={styles.footer}>
                      {hasNextPage
                        ? 'More is being read…'
                        : `${wholeCount(rows.length)} ${rows.length === 1 ? 'session' : 'sessions'}: that is all`}
                    </p>
                  }
                />
              )}
            </div>
          </div>
        </div>
      )}
      {isDrawerSize && (
        <Suspense>
          {dialog === 'facets' && (
            <FacetDrawer isOpen onClose={() => setDialog(undefined)} first={firstFacet}>
              {facets}
            </FacetDrawer>
          )}
        </Suspense>
      )}
      <Suspense>
        {dialog === 'filter' && (
          <FilterDialog
            filter={picture.filter}
            onApply={(filter) => change({ filter })}
            onClose={() => setDialog(undefined)}
          />
        )}
        {dialog === 'export' && <ExportDialog picture={picture} onClose={() => setDialog(undefined)} />}
      </Suspense>
    </Page>
  );
}

/** Of the size of what comes. */
function ToolsToCome({ range }: { readonly range: string | undefined }) {
  return (
    <>
      <Button disabled>
        <Bookmark size={14} aria-hidden /> Views
      </Button>
      <Button disabled>
        <CalendarRange size={14} aria-hidden />
        {rangeLabel(parseRange(range))}
      </Button>
      <Button disabled>
        <Columns3 size={14} aria-hidden /> Columns
      </Button>
    </>
  );
}

interface NoSessionsProps {
  readonly isNarrowed: boolean;
  readonly onClear: () => void;
  readonly onWiden: () => void;
}

function NoSessions({ isNarrowed, onClear, onWiden }: NoSessionsProps) {
  return (
    <Empty title={isNarrowed ? 'No session in this range is like that' : 'No sessions in this range'}>
      {isNarrowed ? (
        <Button onClick={onClear}>Clear filter and search</Button>
      ) : (
        <Button onClick={onWiden}>Show the last year</Button>
      )}
    </Empty>
  );
}

/**
 * Whether the rows of a picture could not be had: so while they are asked for again, too, until they are there. What is asked
 * for after them is not shown as if it were coming.
 */
function useFailed(query: Pick<ReturnType<typeof useRows>['query'], 'data' | 'isError'>, key: string): boolean {
  const failed = useRef<string | undefined>(undefined);
  if (query.data !== undefined) failed.current = undefined;
  else if (query.isError) failed.current = key;
  return failed.current === key;
}

/** How often the first session is looked for where nothing tells of it, ms. */
const FIRST_EVERY_MS = 2_000;

/** Whether there is any session of whatever time; undefined: not asked, or not known yet. */
function useHasAny(isAsked: boolean, onFirst: () => void): boolean | undefined {
  const key = useStoredKey();
  const query = useQuery({
    ...hasSession(key),
    enabled: isAsked && key !== null,
    refetchInterval: ({ state }) => (state.data === false ? FIRST_EVERY_MS : false),
  });
  const { data, refetch } = query;
  useLiveChange(null, () => {
    if (isAsked && data === false) void refetch();
  });
  const wasNone = useRef(false);
  useEffect(() => {
    if (data === false) wasNone.current = true;
    if (data === true && wasNone.current) {
      wasNone.current = false;
      onFirst();
    }
  }, [data, onFirst]);
  return isAsked ? data : undefined;
}
