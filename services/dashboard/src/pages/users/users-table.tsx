import { Link } from '@tanstack/react-router';
import type { Schemas } from '../../api/client.ts';
import { count, percent } from '../../format/count.ts';
import { money } from '../../format/money.ts';
import { visibleText } from '../../format/visible-text.ts';
import { type Column, Table } from '../../ui/table.tsx';
import { When } from '../../ui/when.tsx';
import type { UserSort } from './user-sort.ts';

type User = Schemas['User'];

interface UsersTableProps {
  readonly label: string;
  readonly users: readonly User[];
  /** The range of the pages that it leads to. */
  readonly range: string | undefined;
  /** How they are sorted. Left out: they cannot be. */
  readonly sort?: { readonly current: UserSort; readonly onSort: (key: UserSort['key']) => void };
}

export function UsersTable({ label, users, range, sort }: UsersTableProps) {
  const search = range === undefined ? {} : { range };
  const columns: readonly (Column<User> & { readonly key?: UserSort['key'] })[] = [
    {
      name: 'User',
      key: 'user_id',
      kind: 'name',
      cell: ({ user_id: id }) => (
        <Link to="/users/$userId" params={{ userId: id }} search={search}>
          <bdi>{visibleText(id)}</bdi>
        </Link>
      ),
    },
    { name: 'Cost', key: 'cost', kind: 'figure', cell: ({ cost }) => money(cost) },
    { name: 'Requests', key: 'total_requests', kind: 'figure', cell: (user) => count(user.total_requests) },
    {
      name: 'Errors',
      key: 'total_errors',
      kind: 'figure',
      cell: ({ total_errors: errors }) => <span className={errors > 0 ? 'bad' : ''}>{count(errors)}</span>,
    },
    {
      name: 'Success',
      kind: 'figure',
      cell: (user) => percent(user.total_requests === 0 ? null : 1 - user.total_errors / user.total_requests),
    },
    { name: 'Sessions', key: 'total_sessions', kind: 'figure', cell: (user) => count(user.total_sessions) },
    { name: 'Tokens in', key: 'total_prompt_tokens', kind: 'figure', cell: (user) => count(user.total_prompt_tokens) },
    {
      name: 'Tokens out',
      key: 'total_completion_tokens',
      kind: 'figure',
      cell: (user) => count(user.total_completion_tokens),
    },
    { name: 'Active days', key: 'active_for', kind: 'figure', cell: (user) => count(user.active_for) },
    { name: 'First seen', key: 'first_active', kind: 'figure', cell: (user) => <When at={user.first_active} /> },
    { name: 'Last seen', key: 'last_active', kind: 'figure', cell: (user) => <When at={user.last_active} /> },
  ];
  return (
    <Table
      label={label}
      columns={columns.map(({ key, ...column }) => {
        if (!sort || key === undefined) return column;
        const { current, onSort } = sort;
        const order = current.key === key ? (current.isDescending ? 'descending' : 'ascending') : undefined;
        return { ...column, sort: { order, onSort: () => onSort(key) } };
      })}
      rows={users}
      keyOf={({ user_id: id }) => id}
    />
  );
}
