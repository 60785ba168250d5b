import { useInfiniteQuery } from '@tanstack/react-query';
import { answerOf, api } from '../../api/client.ts';
import { visibleText } from '../../format/visible-text.ts';
import { Button } from '../../ui/button.tsx';
import { Section } from '../../ui/page.tsx';
import { Failure, Skeleton } from '../../ui/states.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { When } from '../../ui/when.tsx';
import styles from './system.module.css';

const ROWS = 20;

/** What was done with keys, tenants and data, of all tenants. */
export function AuditLog() {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['system', 'audit'],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => readAudit(pageParam, signal),
    getNextPageParam: ({ next_cursor: next }) => next ?? undefined,
  });
  const entries = data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Section title="Audit log">
      {data === undefined && error === null && <Skeleton lines={4} />}
      {error !== null && (
        <Failure what="The audit log could not be read" error={error} onRetry={() => void refetch()} />
      )}
      {data !== undefined && entries.length === 0 && (
        <p className={styles.quiet}>Nothing yet: making a key is the first thing that stands here.</p>
      )}
      {entries.length > 0 && <Table label="Audit log" rows={entries} keyOf={({ id }) => id} columns={COLUMNS} />}
      {hasNextPage && (
        <p className={styles.quiet}>
          <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Older
          </Button>
        </p>
      )}
    </Section>
  );
}

function readAudit(cursor: string, signal: AbortSignal) {
  const query = { limit: ROWS, ...(cursor !== '' && { cursor }) };
  return answerOf(api().GET('/v1/system/audit', { params: { query }, signal }));
}

type Entry = Awaited<ReturnType<typeof readAudit>>['data'][number];

const COLUMNS: readonly Column<Entry>[] = [
  { name: 'When', cell: ({ at }) => <When at={at} /> },
  { name: 'What', cell: ({ action }) => ACTIONS.get(action) ?? action },
  { name: 'Tenant', kind: 'name', cell: ({ tenant_id: tenant }) => <bdi>{visibleText(tenant) || '–'}</bdi> },
  { name: 'Which', kind: 'name', cell: ({ target }) => <bdi className="mono">{visibleText(target)}</bdi> },
  {
    name: 'By',
    kind: 'name',
    cell: ({ actor }) =>
      actor.key_id === 'command' ? 'a command' : <bdi className="mono">{visibleText(actor.key_id)}</bdi>,
  },
  {
    name: 'Details',
    kind: 'name',
    cell: ({ details }) => (
      <bdi className="quiet">
        {visibleText(
          Object.entries(details)
            .map(([name, value]) => `${name} ${value}`)
            .join(', '),
        )}
      </bdi>
    ),
  },
];

const ACTIONS: ReadonlyMap<string, string> = new Map([
  ['key.create', 'Key made'],
  ['key.rotate', 'Key rotated'],
  ['key.change', 'Key changed'],
  ['key.delete', 'Key revoked'],
  ['tenant.create', 'Tenant made'],
  ['tenant.retention', 'Retention changed'],
  ['tenant.disable', 'Tenant disabled'],
  ['tenant.enable', 'Tenant enabled'],
  ['session.delete', 'Session deleted'],
  ['user.delete', "User's data deleted"],
  ['dead-letter.replay', 'Dead letter tried again'],
]);
