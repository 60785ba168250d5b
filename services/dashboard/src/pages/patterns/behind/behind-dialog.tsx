import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { answerOf, api, dataOf, type Schemas } from '../../../api/client.ts';
import { count, percent } from '../../../format/count.ts';
import { duration } from '../../../format/duration.ts';
import { money } from '../../../format/money.ts';
import { visibleText } from '../../../format/visible-text.ts';
import { type AskedSessions, askedBody, listSearch, readAsked, writeAsked } from '../../../search/asked-sessions.ts';
import { treeWords } from '../../../search/filter/filter-words.ts';
import { patternWords } from '../../../search/pattern-words.ts';
import { periodLabel } from '../../../search/period.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { SessionLink } from '../../../ui/session-link.tsx';
import { Empty } from '../../../ui/states.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { When } from '../../../ui/when.tsx';
import styles from './behind-dialog.module.css';

/** Sessions that are shown at first, and with each *More*. */
const PAGE = 50;

type Session = Schemas['Session'];

/** The sessions behind a mark, dearest first, as long as the URL names some (`behind=`). */
export function BehindDialog({ behind }: { readonly behind: string | undefined }) {
  const navigate = useNavigate();
  const asked = readAsked(behind);
  const close = () =>
    void navigate({
      to: '.',
      search: (prev: Readonly<Record<string, string | undefined>>) => ({ ...prev, behind: undefined }),
      resetScroll: false,
    });
  return (
    <Dialog title="Sessions behind this" isOpen={asked !== undefined} onClose={close} size="wide">
      {asked && <Behind asked={asked} onClose={close} />}
    </Dialog>
  );
}

function Behind({ asked, onClose }: { readonly asked: AskedSessions; readonly onClose: () => void }) {
  const key = writeAsked(asked);
  const total = useQuery({
    queryKey: ['behind-count', key],
    queryFn: ({ signal }) => {
      const body = { ...askedBody(asked, Date.now()), timezoneDifference: 0 };
      return dataOf(api().POST('/v1/session/count', { body, signal }));
    },
  });
  const pages = useInfiniteQuery({
    queryKey: ['behind', key],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) => {
      const body = {
        ...askedBody(asked, Date.now()),
        timezoneDifference: 0,
        sort: { total_cost: 'desc' as const },
        limit: PAGE,
        ...(pageParam !== undefined && { cursor: pageParam }),
      };
      return answerOf(api().POST('/v1/session/query', { body, signal }));
    },
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });
  return (
    <>
      <p className={styles.words}>{wordsOf(asked)}</p>
      {total.data && (
        <p>
          <b>
            {count(total.data.count)} session{total.data.count === 1 ? '' : 's'}
          </b>
          , {money(total.data.total_cost)}
        </p>
      )}
      <QueryView query={pages} failure="The sessions could not be read">
        {({ pages: shown }) => {
          const rows = shown.flatMap(({ data }) => data);
          if (rows.length === 0) {
            return (
              <Empty title="None now">
                <p>Sessions may have gone on since the figure was made, or have left the range of time.</p>
              </Empty>
            );
          }
          return <Table label="Sessions behind this, dearest first" columns={COLUMNS} rows={rows} keyOf={idOf} />;
        }}
      </QueryView>
      <div className={styles.foot}>
        {pages.hasNextPage && (
          <Button onClick={() => void pages.fetchNextPage()} disabled={pages.isFetchingNextPage}>
            More
          </Button>
        )}
        <Link to="/sessions" search={listSearch(asked, Date.now())}>
          Open in the list of sessions
        </Link>
        <Button onClick={onClose}>Close</Button>
      </div>
    </>
  );
}

const COLUMNS: readonly Column<Session>[] = [
  {
    name: 'Session',
    kind: 'name',
    cell: ({ session_id, session_name }) => (
      <SessionLink sessionId={session_id}>
        {session_name !== '' && <bdi>{visibleText(session_name)} </bdi>}
        <bdi className="mono faint">{visibleText(session_id)}</bdi>
      </SessionLink>
    ),
  },
  { name: 'Last activity', cell: ({ latest_request_created_at: at }) => <When at={at} /> },
  { name: 'Duration', kind: 'figure', cell: ({ duration_ms }) => duration(duration_ms) },
  { name: 'Requests', kind: 'figure', cell: ({ total_requests }) => count(total_requests) },
  {
    name: 'Errors',
    kind: 'figure',
    cell: ({ error_count, success_rate }) =>
      error_count === 0 ? <span className="faint">0</span> : `${count(error_count)} (${percent(1 - success_rate)})`,
  },
  {
    name: 'Cost',
    kind: 'figure',
    cell: ({ total_cost, cost_complete }) => (cost_complete ? money(total_cost) : `${money(total_cost)} and unknown`),
  },
];

function idOf({ session_id }: Session): string {
  return session_id;
}

function wordsOf({ name, period, filter, pattern }: AskedSessions): string {
  const said = [
    name === undefined ? 'Sessions of any name' : `Sessions named ${name}`,
    pattern && `that ${patternWords(pattern)}`,
    filter && filter !== 'all' && `where ${treeWords(filter)}`,
  ].filter((part) => part !== undefined && part !== false);
  return visibleText(`${said.join(' ')}. ${periodLabel(period)}.`);
}
