import { Link } from '@tanstack/react-router';
import { visibleText } from '../../format/visible-text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import styles from './diff.module.css';
import type { DiffStep } from './diff-rows.ts';
import { bodyWords, changesOf, notComparedWords, stateWords } from './diff-words.ts';
import { type Compared, useDiffedStep } from './use-diff.ts';
import { WordDiff } from './word-diff.tsx';

interface StepDialogProps {
  readonly sessions: Compared;
  /** Undefined: it is closed. */
  readonly step: DiffStep | undefined;
  readonly onClose: () => void;
}

/** What differs in a step: from what to what, and the words of request and response. */
export function StepDialog({ sessions, step, onClose }: StepDialogProps) {
  return (
    <Dialog
      title={step ? `${visibleText(step.path)}: ${stateWords(step)}${notComparedWords(step)}` : ''}
      isOpen={step !== undefined}
      onClose={onClose}
      size="wide"
      isRead
      actions={<Button onClick={onClose}>Close</Button>}
    >
      {step && <StepDiff sessions={sessions} step={step} />}
    </Dialog>
  );
}

function StepDiff({ sessions, step }: { readonly sessions: Compared; readonly step: DiffStep }) {
  const query = useDiffedStep(sessions, step);
  const changes = changesOf(step);
  return (
    <>
      <p className={styles.links}>
        {step.a && <RequestLink name="A" sessionId={sessions.a} requestId={step.a.request_id} />}
        {step.b && <RequestLink name="B" sessionId={sessions.b} requestId={step.b.request_id} />}
      </p>
      {changes.length > 0 && (
        <dl className={styles.changes}>
          {changes.map(([name, from, to]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <del>{visibleText(from)}</del> <ins>{visibleText(to)}</ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {step.a && step.b && (
        <QueryView query={query} failure="The texts could not be compared">
          {(found) => (
            <>
              <Text name="request" step={found} />
              <Text name="response" step={found} />
            </>
          )}
        </QueryView>
      )}
    </>
  );
}

interface RequestLinkProps {
  readonly name: string;
  readonly sessionId: string;
  readonly requestId: string;
}

function RequestLink({ name, sessionId, requestId }: RequestLinkProps) {
  return (
    <Link to="/sessions/$sessionId" params={{ sessionId }} search={{ request: requestId }} className="truncate">
      {name}: <bdi className="mono">{visibleText(requestId)}</bdi>
    </Link>
  );
}

function Text({ name, step }: { readonly name: 'request' | 'response'; readonly step: DiffStep }) {
  const pieces = step[name];
  const title = name === 'request' ? 'Request' : 'Response';
  const missing = [
    ['A', step.a && bodyWords(step.a[name])],
    ['B', step.b && bodyWords(step.b[name])],
  ].filter(([, words]) => words != null);
  return (
    <section aria-label={title} className={styles.text}>
      <h3>{title}</h3>
      {missing.map(([side, words]) => (
        <p key={side} className="quiet">
          That of {side} {words}.
        </p>
      ))}
      {pieces ? (
        <WordDiff label={`${title}, word by word`} pieces={pieces} />
      ) : (
        missing.length === 0 && <p className="quiet">{step.changed.includes(name) ? 'Reads the same.' : 'The same.'}</p>
      )}
    </section>
  );
}
