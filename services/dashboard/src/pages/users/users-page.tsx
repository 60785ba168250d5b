import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { createLazyRoute } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { api, dataOf } from '../../api/client.ts';
import { useLiveRefetch } from '../../api/use-live-refetch.ts';
import { count } from '../../format/count.ts';
import { usePageSearch } from '../../search/use-page-search.ts';
import { useShortcut } from '../../shell/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Empty } from '../../ui/states.tsx';
import { nextUserSort, readUserSort, type UserSort, writeUserSort } from './user-sort.ts';
import styles from './users.module.css';
import { secondsRange, USERS_RANGE } from './users-range.ts';
import { UsersTable } from './users-table.tsx';

export const usersRoute = createLazyRoute('/signed-in/users')({ component: UsersPage });

const ROWS = 50;
/** How long a person may rest while typing before the server is asked, ms. */
const TYPING_MS = 200;
const LIVE_MS = 5_000;

/** Who made the calls, and what they come to. */
function UsersPage() {
  const [search, change] = usePageSearch();
  const range = search.range ?? USERS_RANGE;
  const sort = readUserSort(search.sort);
  const page = Math.max(1, Math.floor(Number(search.page)) || 1);
  const text = search.search ?? '';
  useLiveRefetch(['users'], LIVE_MS);
  const query = useQuery({
    queryKey: ['users', range, sort, page, text],
    queryFn: ({ signal }) => readUsers(range, sort, page, text, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <Page
      title="Users"
      about={
        <UserSearch
          value={text}
          onChange={(next) => change({ search: next || undefined, page: undefined }, 'replace')}
        />
      }
      actions={<RangePicker value={range} onChange={(next) => change({ range: next, page: undefined })} />}
    >
      <QueryView query={query} failure="The users could not be read" lines={12}>
        {({ users, count: total, hasUsers }) =>
          total === 0 ? (
            <NoUsers isAny={hasUsers} isSearched={text !== ''} />
          ) : (
            <>
              <UsersTable
                label="Users"
                users={users}
                range={search.range}
                sort={{
                  current: sort,
                  onSort: (key) => change({ sort: writeUserSort(nextUserSort(sort, key)), page: undefined }, 'replace'),
                }}
              />
              <Pages
                page={page}
                total={total}
                onPage={(next) => change({ page: next === 1 ? undefined : `${next}` })}
              />
            </>
          )
        }
      </QueryView>
    </Page>
  );
}

function readUsers(range: string, sort: UserSort, page: number, text: string, signal: AbortSignal) {
  const body = {
    filter: text === '' ? ('all' as const) : { users_view: { user_user_id: { contains: text } } },
    timeFilter: secondsRange(range),
    timeZoneDifferenceMinutes: new Date().getTimezoneOffset(),
    sort: { [sort.key]: sort.isDescending ? ('desc' as const) : ('asc' as const) },
    offset: (page - 1) * ROWS,
    limit: ROWS,
  };
  return dataOf(api().POST('/v1/user/metrics/query', { body, signal }));
}

/** What is typed goes into the URL when the typing rests. */
function UserSearch({ value, onChange }: { readonly value: string; readonly onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(value);
  const field = useRef<HTMLInputElement>(null);
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => latest.current(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, value]);
  useShortcut('search', () => field.current?.focus());
  return <SearchField ref={field} label="Search users by id" value={typed} onChange={setTyped} />;
}

function NoUsers({ isAny, isSearched }: { readonly isAny: boolean; readonly isSearched: boolean }) {
  if (!isAny) {
    return (
      <Empty title="No call has named a user yet">
        <p>
          Send the header <code>Helicone-User-Id</code> with a call, or the field <code>user</code> in its body, and who
          made it shows up here.
        </p>
      </Empty>
    );
  }
  return (
    <Empty title={isSearched ? 'No user of this range is called that' : 'No users in this range'}>
      <p>{isSearched ? 'Type less of the id, or widen the range.' : 'Widen the range.'}</p>
    </Empty>
  );
}

interface PagesProps {
  readonly page: number;
  readonly total: number;
  readonly onPage: (page: number) => void;
}

function Pages({ page, total, onPage }: PagesProps) {
  const last = Math.max(1, Math.ceil(total / ROWS));
  const first = (page - 1) * ROWS + 1;
  return (
    <nav className={styles.pages} aria-label="Pages of users">
      <span className="quiet">
        {page > last ? 'None here' : `${count(first)} – ${count(Math.min(total, page * ROWS))}`} of {count(total)}
      </span>
      {last > 1 && (
        <>
          <Button disabled={page <= 1} onClick={() => onPage(Math.min(page - 1, last))}>
            Previous
          </Button>
          <Button disabled={page >= last} onClick={() => onPage(page + 1)}>
            Next
          </Button>
        </>
      )}
    </nav>
  );
}
