import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answerOf, api, type Schemas } from '../../api/client.ts';
import { count, percent } from '../../format/count.ts';
import { duration } from '../../format/duration.ts';
import { money } from '../../format/money.ts';
import { visibleText } from '../../format/visible-text.ts';
import { writeFilter } from '../../search/filter-param.ts';
import { parseRange, rangeBounds } from '../../search/range.ts';
import { Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { SessionLink } from '../../ui/session-link.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { When } from '../../ui/when.tsx';
import { sessionsOfUser } from './user-queries.ts';

const SHOWN = 20;

/** The sessions that a user took part in, the latest first, and where all of them are. */
export function UserSessions({ userId, range }: { readonly userId: string; readonly range: string }) {
  const query = useQuery({
    queryKey: ['user', userId, 'sessions', range],
    queryFn: ({ signal }) => {
      const { fromMs, toMs } = rangeBounds(parseRange(range), Date.now());
      const body = {
        search: '',
        timeFilter: { startTimeUnixMs: fromMs, endTimeUnixMs: toMs },
        timezoneDifference: 0,
        filter: sessionsOfUser(userId),
        sort: { latest_request_created_at: 'desc' as const },
        limit: SHOWN,
      };
      return answerOf(api().POST('/v1/session/query', { body, signal }));
    },
  });
  const filter = writeFilter(sessionsOfUser(userId));
  return (
    <Section
      title="Sessions"
      actions={
        <Link to="/sessions" search={{ range, ...(filter !== undefined && { filter }) }}>
          {query.data?.next_cursor == null ? 'In the list of sessions' : 'All of them'}
        </Link>
      }
    >
      <QueryView query={query} failure="The sessions could not be read" lines={6}>
        {({ data }) => <Table label="Sessions" rows={data} keyOf={(session) => session.session_id} columns={COLUMNS} />}
      </QueryView>
    </Section>
  );
}

const COLUMNS: readonly Column<Schemas['Session']>[] = [
  {
    name: 'Session',
    kind: 'name',
    cell: ({ session_id: id, session_name: name }) => (
      <SessionLink sessionId={id}>
        <bdi>{visibleText(name) || 'Without a name'}</bdi>
      </SessionLink>
    ),
  },
  {
    name: 'Id',
    kind: 'name',
    cell: ({ session_id: id }) => <bdi className="mono quiet">{visibleText(id)}</bdi>,
  },
  { name: 'Cost', kind: 'figure', cell: (session) => money(session.total_cost) },
  {
    name: 'Errors',
    kind: 'figure',
    cell: ({ error_count: errors }) => <span className={errors > 0 ? 'bad' : ''}>{count(errors)}</span>,
  },
  { name: 'Requests', kind: 'figure', cell: (session) => count(session.total_requests) },
  { name: 'Success', kind: 'figure', cell: (session) => percent(session.success_rate) },
  { name: 'Duration', kind: 'figure', cell: (session) => duration(session.duration_ms) },
  { name: 'Last activity', kind: 'figure', cell: (session) => <When at={session.latest_request_created_at} /> },
];
