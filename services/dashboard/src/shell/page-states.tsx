import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { signOut } from '../api/key-store.ts';
import { Button } from '../ui/button.tsx';
import { Empty, Failure, failureSentence, Skeleton } from '../ui/states.tsx';

export function PageSkeleton() {
  return (
    <main id="page">
      <Skeleton lines={12} />
    </main>
  );
}

export function PageFailure({ error, reset }: ErrorComponentProps) {
  // A page's files are fetched when it is opened, and have other names after an upgrade.
  const isWithoutFiles = FILES_MISSING.test(failureSentence(error));
  return (
    <main id="page">
      {isWithoutFiles ? (
        <Failure
          what="This page could not be loaded"
          error={new Error('No answer came from Throughline, or it has been upgraded since this tab was opened.')}
          onRetry={loadAnew}
        />
      ) : (
        <Failure what="This page could not be shown" error={error} onRetry={reset} />
      )}
    </main>
  );
}

/** As browsers and the bundler say it. */
const FILES_MISSING = /dynamically imported module|Importing a module script failed|Unable to preload/;

/** Once there is an answer: until then this page says more than the browser's own would. */
function loadAnew(): void {
  void fetch(window.location.href).then(
    () => window.location.reload(),
    () => {},
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
        <p>{sentence}</p>
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
