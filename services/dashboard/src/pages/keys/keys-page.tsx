import { useQuery } from '@tanstack/react-query';
import { createLazyRoute } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../api/client.ts';
import { ApiFailure } from '../../api/failure.ts';
import { useLiveRefetch } from '../../api/use-live-refetch.ts';
import { useUsedKey } from '../../api/used-key.ts';
import { visibleText } from '../../format/visible-text.ts';
import { Button } from '../../ui/button.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Sentence } from '../../ui/sentence.tsx';
import { Snippets } from '../../ui/snippets.tsx';
import { Empty } from '../../ui/states.tsx';
import { CreateKey } from './create-key.tsx';
import { type ApiKey, KEYS, readKeys } from './key-queries.ts';
import styles from './keys.module.css';
import { KeysTable } from './keys-table.tsx';
import { permissionWords } from './permissions.ts';
import { RenameKey } from './rename-key.tsx';
import { RevokeKey } from './revoke-key.tsx';
import { RotateKey } from './rotate-key.tsx';

export const keysRoute = createLazyRoute('/signed-in/keys')({ component: KeysPage });

/** What is being done, and with which key. */
type Doing = { readonly what: 'create' } | { readonly what: 'rename' | 'rotate' | 'revoke'; readonly key: ApiKey };

/** When keys were last used is right to the minute. */
const LIVE_MS = 20_000;

/** The tenant's keys: who may do what, since when, until when. */
function KeysPage() {
  const [doing, setDoing] = useState<Doing | undefined>();
  const used = useUsedKey();
  const query = useQuery({ queryKey: KEYS, queryFn: ({ signal }) => readKeys(signal) });
  useLiveRefetch(KEYS, LIVE_MS);
  const { error } = query;
  const isRefused = error instanceof ApiFailure && error.isNotAllowed;
  const close = () => setDoing(undefined);
  const isOwn = (key: ApiKey) => key.id === used.data?.id;
  return (
    <Page
      title="Keys"
      about={used.data && <SignedIn used={used.data} />}
      actions={
        !isRefused && (
          <Button kind="primary" onClick={() => setDoing({ what: 'create' })}>
            New key
          </Button>
        )
      }
    >
      {isRefused ? (
        <Empty title="This key may not manage keys">
          <p>
            <Sentence text={error.message} />
          </p>
          <p>
            Whoever has a key with the permission <code>rw</code> can list, make and revoke keys, and so can{' '}
            <code>throughline key</code> on the machine where Throughline runs.
          </p>
        </Empty>
      ) : (
        <QueryView query={query} failure="The keys could not be read" lines={6}>
          {(keys) => (
            <KeysTable
              keys={keys}
              isOwn={isOwn}
              mayOperate={used.data?.permissions.includes('operator') ?? true}
              onDo={(what, key) => setDoing({ what, key })}
            />
          )}
        </QueryView>
      )}
      <Section title="A session with this key">
        <div className={styles.snippets}>
          <Snippets />
        </div>
      </Section>
      {doing?.what === 'create' && (
        <CreateKey mayOperate={used.data?.permissions.includes('operator') ?? false} onClose={close} />
      )}
      {doing?.what === 'rename' && <RenameKey apiKey={doing.key} onClose={close} />}
      {doing?.what === 'rotate' && <RotateKey apiKey={doing.key} isOwn={isOwn(doing.key)} onClose={close} />}
      {doing?.what === 'revoke' && <RevokeKey apiKey={doing.key} isOwn={isOwn(doing.key)} onClose={close} />}
    </Page>
  );
}

function SignedIn({ used }: { readonly used: Schemas['UsedKey'] }) {
  return (
    <span className="quiet">
      Signed in with <bdi>{visibleText(used.name)}</bdi>, tenant <bdi>{visibleText(used.tenant_id)}</bdi>:{' '}
      {permissionWords(used.permissions.join(',')).toLowerCase()}
    </span>
  );
}
