import { useState } from 'react';
import { useStoredKey } from '../api/key-store.ts';
import { mayWrite, useUsedKey } from '../api/used-key.ts';
import { CopyButton } from './copy-button.tsx';
import { Scroller } from './scroller.tsx';
import { Segments } from './segments.tsx';
import { SNIPPET_KINDS, SNIPPET_NOTES, type SnippetKind, snippetText } from './snippet-texts.ts';
import styles from './snippets.module.css';
import { When } from './when.tsx';

/** How to make a first session, with the address of this page and the key that one is signed in with. */
export function Snippets() {
  const [kind, setKind] = useState<SnippetKind>('curl');
  const apiKey = useStoredKey() ?? '';
  const { data: key } = useUsedKey();
  if (!mayWrite(key)) {
    return (
      <p className="warn">
        This key records nothing: that takes the permission <code>w</code> or <code>rw</code>. Sign in with such a key,
        or let whoever manages keys make one, on the page <i>Keys</i>.
      </p>
    );
  }
  const text = snippetText(kind, { origin: window.location.origin, apiKey });
  return (
    <div className={styles.snippets}>
      <div className={styles.head}>
        <Segments label="Language" value={kind} options={SNIPPET_KINDS} onChange={setKind} />
        <CopyButton text={text} label="Copy the snippet" word="Copy" />
      </div>
      <Scroller label="Snippet" className={styles.text}>
        <pre>{text}</pre>
      </Scroller>
      <p className="quiet">{SNIPPET_NOTES[kind]}</p>
      {key?.expires_at && (
        <p className="quiet">
          The key in it ends <When at={key.expires_at} />: for an application, make one that stays on the page{' '}
          <i>Keys</i>.
        </p>
      )}
    </div>
  );
}
