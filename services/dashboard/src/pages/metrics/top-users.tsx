import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, dataOf } from '../../api/client.ts';
import { DEFAULT_RANGE } from '../../search/range.ts';
import { Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { secondsRange } from '../users/users-range.ts';
import { UsersTable } from '../users/users-table.tsx';
import type { Selection } from './selection.ts';

const SHOWN = 10;

/** Who caused the most cost. */
export function TopUsers({ selection: { range = DEFAULT_RANGE, name } }: { readonly selection: Selection }) {
  const query = useQuery({
    queryKey: ['metrics', 'users', range, name],
    queryFn: ({ signal }) => {
      const properties = { 'Helicone-Session-Name': { equals: name ?? '' } };
      const body = {
        filter: name === undefined ? ('all' as const) : { request_response_rmt: { properties } },
        timeFilter: secondsRange(range),
        timeZoneDifferenceMinutes: new Date().getTimezoneOffset(),
        sort: { cost: 'desc' as const },
        offset: 0,
        limit: SHOWN,
      };
      return dataOf(api().POST('/v1/user/metrics/query', { body, signal }));
    },
  });
  return (
    <Section
      title="Users who cost most"
      actions={
        <Link to="/users" search={{ range }}>
          All users
        </Link>
      }
    >
      <QueryView query={query} failure="The users could not be read" lines={5}>
        {({ users }) =>
          users.length === 0 ? (
            <Empty title="No call in this range names a user" />
          ) : (
            <UsersTable label="Users who cost most" users={users} range={range} />
          )
        }
      </QueryView>
    </Section>
  );
}
