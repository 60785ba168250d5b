import { EllipsisVertical } from 'lucide-react';
import { visibleText } from '../../format/visible-text.ts';
import { IconButton } from '../../ui/button.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { useNow } from '../../ui/use-now.ts';
import { When } from '../../ui/when.tsx';
import { endingOf } from './expiry.ts';
import type { ApiKey } from './key-queries.ts';
import styles from './keys.module.css';
import { permissionWords } from './permissions.ts';

interface KeysTableProps {
  readonly keys: readonly ApiKey[];
  readonly isOwn: (key: ApiKey) => boolean;
  /** Whether keys with `operator` can be changed. */
  readonly mayOperate: boolean;
  readonly onDo: (what: 'rename' | 'rotate' | 'revoke', key: ApiKey) => void;
}

export function KeysTable({ keys, isOwn, mayOperate, onDo }: KeysTableProps) {
  if (keys.length === 0) return <Empty title="There are no keys" />;
  return (
    <Table
      label="Keys"
      rows={keys}
      keyOf={({ id }) => id}
      columns={[
        {
          name: 'Name',
          kind: 'name',
          cell: (key) => (
            <span className={styles.name}>
              <bdi className="truncate">{visibleText(key.api_key_name)}</bdi>
              {isOwn(key) && <span className={styles.own}>signed in</span>}
            </span>
          ),
        },
        { name: 'May', cell: (key) => permissionWords(key.key_permissions) },
        { name: 'Ends with', cell: ({ hint }) => <code>…{hint}</code> },
        { name: 'Made', cell: ({ created_at: at }) => <When at={at} /> },
        { name: 'Last used', cell: ({ last_used_at: at }) => (at === null ? 'never' : <When at={at} />) },
        { name: 'Expires', cell: ({ expires_at: at }) => <Expiry expiresAt={at} /> },
        { name: 'Actions', cell: (key) => <Actions apiKey={key} mayOperate={mayOperate} onDo={onDo} /> },
      ]}
    />
  );
}

function Expiry({ expiresAt }: { readonly expiresAt: string | null }) {
  const now = useNow();
  if (expiresAt === null) return <span className="quiet">never</span>;
  const ending = endingOf(expiresAt, now);
  return (
    <span className={ending === 'over' ? 'bad' : ending === 'soon' ? 'warn' : undefined}>
      {ending === 'over' && 'expired '}
      <When at={expiresAt} />
    </span>
  );
}

interface ActionsProps {
  readonly apiKey: ApiKey;
  readonly mayOperate: boolean;
  readonly onDo: KeysTableProps['onDo'];
}

function Actions({ apiKey, mayOperate, onDo }: ActionsProps) {
  if (apiKey.is_bootstrap)
    return (
      <span
        className="quiet"
        title="It comes with the instance, from its data folder or THROUGHLINE_API_KEY, and is changed there."
      >
        the instance’s first key
      </span>
    );
  if (!mayOperate && apiKey.key_permissions.includes('operator')) {
    return <span className="quiet">takes a key that may operate</span>;
  }
  return (
    <Menu
      trigger={
        <IconButton
          label={`Actions for ${visibleText(apiKey.api_key_name)}`}
          icon={<EllipsisVertical size={16} aria-hidden />}
        />
      }
    >
      <MenuItem onClick={() => onDo('rename', apiKey)}>Rename…</MenuItem>
      <MenuItem onClick={() => onDo('rotate', apiKey)}>Rotate…</MenuItem>
      <MenuItem onClick={() => onDo('revoke', apiKey)}>Revoke…</MenuItem>
    </Menu>
  );
}
