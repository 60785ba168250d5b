import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, dataOf } from '../../api/client.ts';
import { useStoredKey } from '../../api/key-store.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Scroller } from '../../ui/scroller.tsx';
import { Segments } from '../../ui/segments.tsx';
import styles from './first-run.module.css';
import { firstRunSnippets, withoutProvider } from './first-run-snippets.ts';

/** Where there is no session yet: how to make one. It comes by itself. */
export function FirstRun() {
  const key = useStoredKey() ?? '';
  const [chosen, choose] = useState<'curl' | 'Node' | 'Python' | 'none'>('curl');
  const { data: used } = useQuery({
    queryKey: ['used-key', key],
    queryFn: ({ signal }) => dataOf(api().GET('/v1/key', { signal })),
  });
  const mayWrite = used === undefined || used.permissions.some((permission) => /w/.test(permission));
  const origin = window.location.origin;
  const snippets = firstRunSnippets(origin, key);
  const shown = snippets.find(({ name }) => name === chosen);
  const code = shown?.code ?? withoutProvider(origin, key);
  return (
    <section className={styles.first} aria-label="Make a first session">
      <h2>No sessions yet: make a first one</h2>
      <p className="quiet">
        Point an SDK at this address. The call goes on to its provider, and what it did, cost and answered appears here
        by itself.
      </p>
      <Segments
        label="Language"
        value={chosen}
        options={[...snippets.map(({ name }) => [name, name] as const), ['none', 'Without a provider']]}
        onChange={choose}
      />
      <Scroller label="Snippet" className={styles.code}>
        <pre>
          <code>{code}</code>
        </pre>
      </Scroller>
      <div className={styles.actions}>
        <CopyButton text={code} label="Copy the snippet" word="Copy" />
        <span className="quiet">
          {shown ? `Needs ${shown.needs}.` : 'Needs nothing else: it logs a call as if it had been made.'}
        </span>
      </div>
      {!mayWrite && (
        <p className="warn">
          The key that you are signed in with may read, not log: take one with <code>w</code> or <code>rw</code>{' '}
          instead.
        </p>
      )}
      <p className="quiet" role="status">
        Waiting for the first session…
      </p>
    </section>
  );
}
