import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { signOut } from '../api/key-store.ts';
import { Button } from '../ui/button.tsx';
import { isWithoutFiles, loadAnew, loadAnewOnceAnswered } from '../ui/load-anew.ts';
import { Sentence } from '../ui/sentence.tsx';
import { Empty, Failure, Skeleton } from '../ui/states.tsx';

export function PageSkeleton() {
  return (
    <main id="page">
      <Skeleton lines={12} />
    </main>
  );
}

export function PageFailure({ error, reset }: ErrorComponentProps) {
  // A page's files are fetched when it is opened.
  return (
    <main id="page">
      {isWithoutFiles(error) ? (
        <WithoutFiles />
      ) : (
        <Failure what="This page could not be shown" error={error} onRetry={reset} />
      )}
    </main>
  );
}

function WithoutFiles() {
  useEffect(() => {
    const abort = new AbortController();
    loadAnewOnceAnswered(abort.signal);
    return () => abort.abort();
  }, []);
  return (
    <Failure
      what="This page could not be loaded"
      error={new Error('No answer came from Throughline, or it has been upgraded since this tab was opened.')}
      onRetry={loadAnew}
    />
  );
}

export function NotFoundPage() {
  return (
    <main id="page">
      <Empty title="There is no such page">
        <Link to="/sessions">To the sessions</Link>
      </Empty>
    </main>
  );
}

/** @param sentence of the API: which permission is missing. */
export function NotAllowed({ sentence }: { readonly sentence: string }) {
  return (
    <main id="page">
      <Empty title="This key may not read">
        <p>
          <Sentence text={sentence} />
        </p>
        <p>
          The dashboard reads what is recorded, so it takes a key with the permission <code>r</code> or <code>rw</code>.
          Whoever has a key with <code>rw</code> can make one on the page <i>Keys</i>, or with{' '}
          <code>throughline key create</code>.
        </p>
        <Button kind="primary" onClick={signOut}>
          Sign in with another key
        </Button>
      </Empty>
    </main>
  );
}
