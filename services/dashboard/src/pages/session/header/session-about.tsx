import { visibleText } from '../../../format/visible-text.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import type { SessionSteps } from '../steps/session-steps.ts';
import type { SessionTotals } from '../use-session.ts';
import styles from './header.module.css';
import { ReplayLinks } from './replay-links.tsx';

/** Beside the name: what it is known by, and whether it still runs. */
export function SessionAbout({
  sessionId,
  session,
  steps,
}: {
  readonly sessionId: string;
  readonly session: SessionTotals | undefined;
  readonly steps: SessionSteps | undefined;
}) {
  const others = (session?.session_names ?? []).filter((name) => name !== session?.session_name);
  return (
    <div className={styles.about}>
      {session?.live && (
        <span className={styles.live}>
          <span className={styles.dot} aria-hidden />
          live
        </span>
      )}
      <code className={`quiet ${styles.id}`}>{visibleText(sessionId)}</code>
      <CopyButton text={sessionId} label="Copy the session's id" />
      {others.length > 0 && <span className="faint">also called {others.slice(0, 3).map(visibleText).join(', ')}</span>}
      <ReplayLinks sessionId={sessionId} steps={steps} />
    </div>
  );
}
