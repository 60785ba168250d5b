import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLiveChange } from '../../api/live.tsx';
import { asFilter, filterTree } from '../../search/filter/filter-node.ts';
import { type Picture, selectionOf, windowOf } from './list-picture.ts';
import { withNewer } from './merge-rows.ts';
import { PAGE_ROWS, type RowsData, readRows, rowsKey, type Session } from './use-rows.ts';

/** Two readings are at least so far apart, ms: the first change shows at once, a storm of them in steps. */
const APART_MS = 1_500;

/** Rows that were read longer ago, ms, are looked at again when one comes back to them. */
const OLD_MS = 3_000;

/** Rows in sight that are read by id: more than a screen has. */
const IN_SIGHT_MAX = 80;

interface LiveRows {
  readonly picture: Picture;
  /** Of the list as it is loaded. */
  readonly rows: readonly Session[];
  /** What a person sees now. */
  readonly inSight: () => readonly Session[];
  readonly isOn: boolean;
  /** When the rows were read, epoch ms. */
  readonly readAtMs: number;
  /** A change was read: what stands beside the list may have changed too. */
  readonly onRead: () => void;
}

/**
 * Keeps what is shown up to date without moving it: new values go where their rows are, and sessions that would stand above
 * or between are counted.
 */
export function useLiveRows({ picture, rows, inSight, isOn, readAtMs, onRead }: LiveRows): {
  /** Sessions that are not in the list and would be at its beginning. */
  readonly newCount: number;
  readonly forget: () => void;
} {
  const client = useQueryClient();
  const [onTop, setTop] = useState<ReadonlySet<string>>(NONE);
  const latest = useRef({ picture, rows, inSight, isOn, readAtMs, onRead });
  latest.current = { picture, rows, inSight, isOn, readAtMs, onRead };
  const pace = useRef<Pace>({ atMs: 0, timer: undefined, isBusy: false, isWanted: false });

  const read = useCallback(async () => {
    const { picture: of, inSight: shownRows, onRead: tell } = latest.current;
    const key = rowsKey(of);
    const window = windowOf(of, Date.now());
    const top = await readRows(selectionOf(of, window), of, { limit: PAGE_ROWS }, undefined);
    const ids = new Set(top.rows.map(({ session_id }) => session_id));
    const others = shownRows()
      .filter(({ session_id }) => !ids.has(session_id))
      .slice(0, IN_SIGHT_MAX);
    const newer = others.length === 0 ? [] : await readById(others);
    if (pictureOf(latest.current) !== pictureOf({ picture: of })) return;
    client.setQueryData<RowsData>(key, (data) => {
      const pages = data && withNewer(data.pages, [...top.rows, ...newer]);
      return pages === data?.pages ? data : { ...data!, pages: [...pages!] };
    });
    setTop(ids);
    tell();
  }, [client]);

  const want = useCallback(() => {
    const state = pace.current;
    state.isWanted = true;
    if (!latest.current.isOn || state.isBusy || state.timer !== undefined || document.hidden) return;
    const waitMs = Math.max(0, state.atMs + APART_MS - Date.now());
    state.timer = setTimeout(() => {
      state.timer = undefined;
      state.isWanted = false;
      state.isBusy = true;
      state.atMs = Date.now();
      const done = () => {
        state.isBusy = false;
        if (state.isWanted) want();
      };
      // The list then reads all it shows, and says why it cannot where that fails too.
      const mend = () => client.invalidateQueries({ queryKey: rowsKey(latest.current.picture) });
      read().catch(mend).then(done, done);
    }, waitMs);
  }, [client, read]);
  useLiveChange(null, want);

  useEffect(() => {
    const look = () => pace.current.isWanted && want();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      clearTimeout(pace.current.timer);
      pace.current.timer = undefined;
    };
  }, [want]);

  const key = pictureOf({ picture });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another picture has other new ones, and may be from before
  useEffect(() => {
    setTop(NONE);
    // What was told while they were on their way may not be in them.
    if (isOn && (pace.current.isWanted || Date.now() - latest.current.readAtMs > OLD_MS)) want();
  }, [key, isOn, want]);
  // Of the rows as they are by now: they may have been read anew meanwhile.
  const newCount = useMemo(() => {
    const known = new Set(onTop.size === 0 ? [] : rows.map(({ session_id }) => session_id));
    return [...onTop].filter((id) => !known.has(id)).length;
  }, [onTop, rows]);
  return { newCount, forget: useCallback(() => setTop(NONE), []) };
}

interface Pace {
  atMs: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  isBusy: boolean;
  isWanted: boolean;
}

const NONE: ReadonlySet<string> = new Set();

function pictureOf({ picture }: { readonly picture: Picture }): string {
  return String(rowsKey(picture)[1]);
}

/** Whatever they have become: a change may be one that the filter no longer selects. */
async function readById(sessions: readonly Session[]): Promise<readonly Session[]> {
  const starts = sessions.map(({ created_at }) => Date.parse(created_at));
  const filter = asFilter({
    kind: 'group',
    operator: 'or',
    children: sessions.map(({ session_id }) => ({
      kind: 'condition',
      table: 'sessions_request_response_rmt',
      column: 'session_session_id',
      key: null,
      operator: 'equals',
      value: session_id,
    })),
  });
  const selection = {
    search: '',
    timeFilter: { startTimeUnixMs: Math.min(...starts) - 1, endTimeUnixMs: Date.now() + 60_000 },
    timezoneDifference: 0,
    filter: filterTree(filter) as ReturnType<typeof selectionOf>['filter'],
  };
  const sort = { field: 'created_at', direction: 'desc' } as const;
  return (await readRows(selection, { sort }, { limit: sessions.length }, undefined)).rows;
}
