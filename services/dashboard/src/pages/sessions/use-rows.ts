import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { answerOf, api, type Schemas } from '../../api/client.ts';
import { type Picture, pictureKey, type Selection, selectionOf, type Window, windowOf } from './list-picture.ts';
import { withoutTwins } from './merge-rows.ts';

export type Session = Schemas['Session'];

/** Rows of a page: what fills a tall screen at once, with one call. */
export const PAGE_ROWS = 200;

export interface RowsPage {
  readonly rows: readonly Session[];
  readonly nextCursor: string | null;
  /** The window that a relative range was when its first page was read. */
  readonly window: Window;
}

export type RowsData = InfiniteData<RowsPage, Place | null>;

/** Where a page begins; null: at the top, in the window of now. */
interface Place {
  readonly cursor: string;
  readonly window: Window;
}

export function rowsKey(picture: Picture): readonly unknown[] {
  return ['session-rows', pictureKey(picture)];
}

export async function readRows(
  selection: Selection,
  { sort }: Pick<Picture, 'sort'>,
  page: { readonly limit: number; readonly cursor?: string },
  signal: AbortSignal | undefined,
): Promise<{ readonly rows: readonly Session[]; readonly nextCursor: string | null }> {
  const body = { ...selection, sort: { [sort.field]: sort.direction }, ...page };
  const { data, next_cursor: nextCursor } = await answerOf(api().POST('/v1/session/query', { body, signal }));
  return { rows: data, nextCursor: nextCursor ?? null };
}

/** The rows of a picture, page by page. They stay as they are, and where they are, until they are asked for anew. */
export function useRows(picture: Picture) {
  const client = useQueryClient();
  const text = pictureKey(picture);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text holds all of the picture
  const key = useMemo(() => rowsKey(picture), [text]);
  const query = useInfiniteQuery({
    queryKey: key,
    initialPageParam: null as Place | null,
    queryFn: async ({ pageParam, signal }): Promise<RowsPage> => {
      const window = pageParam?.window ?? windowOf(picture, Date.now());
      const page = { limit: PAGE_ROWS, ...(pageParam && { cursor: pageParam.cursor }) };
      return { ...(await readRows(selectionOf(picture, window), picture, page, signal)), window };
    },
    getNextPageParam: ({ nextCursor, window }) => (nextCursor === null ? undefined : { cursor: nextCursor, window }),
    // Live updates change them in place; nothing else moves a reader.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    // Thousands of rows are not compared with each other for it: who changes them keeps what is the same.
    structuralSharing: false,
  });
  const rows = useMemo(() => withoutTwins(query.data?.pages.map(({ rows: of }) => of) ?? []), [query.data]);
  const { refetch } = query;
  /** Reads the first page anew and forgets the others. */
  const readAgain = useCallback(() => {
    client.setQueryData<RowsData>(
      key,
      (data) => data && { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) },
    );
    return refetch();
  }, [client, key, refetch]);
  const cancel = useCallback(() => void client.cancelQueries({ queryKey: key }), [client, key]);
  return { query, rows, key, readAgain, cancel };
}
