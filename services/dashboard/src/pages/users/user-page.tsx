import { useQuery } from '@tanstack/react-query';
import { createLazyRoute, Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useLiveRefetch } from '../../api/use-live-refetch.ts';
import { visibleText } from '../../format/visible-text.ts';
import { usePageSearch } from '../../search/use-page-search.ts';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { Empty } from '../../ui/states.tsx';
import { DeleteUser } from './delete-user.tsx';
import { UserCharts } from './user-charts.tsx';
import { UserFigures } from './user-figures.tsx';
import { UserModels } from './user-models.tsx';
import { readUser } from './user-queries.ts';
import { UserSessions } from './user-sessions.tsx';
import styles from './users.module.css';
import { USERS_RANGE } from './users-range.ts';

export const userRoute = createLazyRoute('/signed-in/users/$userId')({ component: UserPage });

const LIVE_MS = 5_000;

function UserPage() {
  const { userId } = useParams({ from: '/signed-in/users/$userId' });
  // Nothing of the user before is ever shown under the name of the next.
  return <OneUser key={userId} userId={userId} />;
}

/** What one user's calls come to, where they are, and a way to delete them. */
function OneUser({ userId }: { readonly userId: string }) {
  const [search, change] = usePageSearch();
  const [deleted, setDeleted] = useState<string | undefined>();
  const range = search.range ?? USERS_RANGE;
  useLiveRefetch(['user', userId], LIVE_MS);
  const query = useQuery({
    queryKey: ['user', userId, 'figures', range],
    queryFn: ({ signal }) => readUser(userId, range, signal),
  });
  return (
    <Page
      title={visibleText(userId)}
      about={<span className="quiet">User</span>}
      actions={
        <>
          <RangePicker value={range} onChange={(next) => change({ range: next })} />
          <DeleteUser userId={userId} onDeleted={setDeleted} />
        </>
      }
    >
      {deleted !== undefined && (
        <p role="status" className={styles.done}>
          {deleted}
        </p>
      )}
      <QueryView query={query} failure="The user could not be read" lines={4}>
        {(user) => (user === null ? <NoCalls /> : <UserFigures user={user} range={range} />)}
      </QueryView>
      {query.data && (
        <>
          <UserCharts userId={userId} range={range} onRange={(next) => change({ range: next })} />
          <UserSessions userId={userId} range={range} />
          <UserModels userId={userId} range={range} />
        </>
      )}
    </Page>
  );
}

function NoCalls() {
  return (
    <Empty title="No call of this user in this range">
      <p>
        Widen the range, or go to <Link to="/users">all users</Link>.
      </p>
    </Empty>
  );
}
