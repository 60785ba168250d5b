import { createLazyRoute, Link, useNavigate } from '@tanstack/react-router';
import { Suspense, useCallback, useEffect, useMemo, useRef } from 'react';
import { ApiFailure } from '../../api/failure.ts';
import { visibleText } from '../../format/visible-text.ts';
import { lastList } from '../../search/last-list.ts';
import { whyUnopenable } from '../../search/why-unopenable.ts';
import { useShortcut } from '../../shell/shortcuts.ts';
import { lazyPart } from '../../ui/lazy-part.ts';
import { Page } from '../../ui/page.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Empty, Failure, Skeleton, Stale } from '../../ui/states.tsx';
import { FoundBar } from './found/found-bar.tsx';
import { useFound } from './found/use-found.ts';
import { SessionAbout } from './header/session-about.tsx';
import { SessionActions } from './header/session-actions.tsx';
import { SessionFigures } from './header/session-figures.tsx';
import { RequestPanel } from './panel/request-panel.tsx';
import { type ChoiceTexts, type View, type ViewProps, viewOf } from './session-choice.ts';
import styles from './session-page.module.css';
import type { SessionSteps } from './steps/session-steps.ts';
import { useSteps } from './steps/use-steps.ts';
import { TreeView } from './tree/tree-view.tsx';
import { type SessionTotals, useSession } from './use-session.ts';

export const sessionRoute = createLazyRoute('/signed-in/sessions/$sessionId')({ component: SessionPage });

const LAZY = {
  timeline: lazyPart(() => import('./timeline/timeline-view.tsx').then((part) => part.TimelineView)),
  chat: lazyPart(() => import('./chat/chat-view.tsx').then((part) => part.ChatView)),
  paths: lazyPart(() => import('./paths/paths-view.tsx').then((part) => part.PathsView)),
};
const ReplayDialog = lazyPart(() => import('./replay/replay-dialog.tsx').then((part) => part.ReplayDialog));
const VIEW_NAMES: readonly (readonly [View, string])[] = [
  ['tree', 'Tree'],
  ['timeline', 'Timeline'],
  ['chat', 'Chat'],
  ['paths', 'Paths'],
];

/** One session: what it came to, and its requests in four views that share a selection. */
function SessionPage() {
  const { sessionId } = sessionRoute.useParams();
  const why = whyUnopenable(sessionId);
  if (why !== undefined) return <UnopenableSession sessionId={sessionId} why={why} />;
  // Nothing of one session is left when another is shown.
  return <OneSession key={sessionId} sessionId={sessionId} />;
}

function OneSession({ sessionId }: { readonly sessionId: string }) {
  const { replay, from } = sessionRoute.useSearch();
  const navigate = sessionRoute.useNavigate();
  const totals = useSession(sessionId);
  const steps = useSteps(sessionId);
  const session = totals.data;
  const slowestMs = useMemo(() => steps.data && slowestOf(steps.data, session), [steps.data, session]);
  const error = totals.error ?? steps.error;
  if (error instanceof ApiFailure && error.status === 404) return <UnknownSession sessionId={sessionId} />;
  const retry = () => {
    void totals.refetch();
    void steps.refetch();
  };
  const showReplay = (texts: ChoiceTexts) =>
    void navigate({ search: (before) => ({ ...before, ...texts }), replace: true, resetScroll: false });
  const name = session ? visibleText(session.session_name) || 'Without a name' : 'Session';
  return (
    <Page
      title={name}
      about={<SessionAbout sessionId={sessionId} session={session} steps={steps.data} />}
      actions={
        session && (
          <SessionActions
            sessionId={sessionId}
            session={session}
            steps={steps.data}
            onReplay={() => showReplay({ replay: '1', from: undefined })}
          />
        )
      }
    >
      {session ? (
        <SessionFigures session={session} slowestMs={slowestMs} />
      ) : totals.error ? (
        <Failure what="The figures of this session could not be read" error={totals.error} onRetry={retry} />
      ) : (
        <Skeleton lines={2} />
      )}
      {error !== null && session && steps.data && (
        <Stale asOf={Math.min(totals.dataUpdatedAt, steps.dataUpdatedAt)} error={error} onRetry={retry} />
      )}
      {steps.data ? (
        <Views sessionId={sessionId} session={session} steps={steps.data} />
      ) : steps.error ? (
        <Failure what="The requests of this session could not be read" error={steps.error} onRetry={retry} />
      ) : (
        <Skeleton lines={10} />
      )}
      {replay === '1' && steps.data && (
        <Suspense>
          <ReplayDialog
            sessionId={sessionId}
            steps={steps.data}
            from={from}
            onClose={() => showReplay({ replay: undefined, from: undefined })}
          />
        </Suspense>
      )}
    </Page>
  );
}

/** The latency of the slowest request, ms; undefined where those of the figures are not all there, or there are none. */
function slowestOf({ columns, count }: SessionSteps, session: SessionTotals | undefined): number | undefined {
  if (count === 0 || count !== session?.total_requests) return undefined;
  return columns.latency_ms.reduce((slowest, ms) => Math.max(slowest, ms), 0);
}

interface ViewsProps {
  readonly sessionId: string;
  readonly session: SessionTotals | undefined;
  readonly steps: SessionSteps;
}

function Views({ sessionId, steps }: ViewsProps) {
  const choice: ChoiceTexts = sessionRoute.useSearch();
  const navigate = sessionRoute.useNavigate();
  const leave = useNavigate();
  const view = viewOf(choice.view);
  const onChoose = useCallback(
    (texts: ChoiceTexts, isStep = false) =>
      void navigate({ search: (before) => ({ ...before, ...texts }), replace: !isStep, resetScroll: false }),
    [navigate],
  );
  const show = useCallback((next: View) => onChoose({ view: next === 'tree' ? undefined : next }, true), [onChoose]);
  const onSelect = useCallback(
    (step: number | undefined) =>
      onChoose({ request: step === undefined ? undefined : steps.columns.request_id[step], focus: undefined }),
    [onChoose, steps],
  );
  const selected = choice.request === undefined ? -1 : (steps.byId.get(choice.request) ?? -1);
  useFocusOnError(choice, steps, onSelect);
  const found = useFound(sessionId, steps, choice, onSelect);
  const foundSet = useMemo(() => new Set(found.steps), [found.steps]);
  useShortcut('tree', () => show('tree'));
  useShortcut('timeline', () => show('timeline'));
  useShortcut('chat', () => show('chat'));
  useShortcut('paths', () => show('paths'));
  useShortcut('back', () => {
    if (selected !== -1) onSelect(undefined);
    else void leave({ to: '/sessions', search: lastList() });
  });
  const props: ViewProps = { sessionId, steps, selected, found: foundSet, onSelect, choice, onChoose };
  return (
    <>
      <div className={styles.tabs}>
        <Segments label="View of the session" value={view} options={VIEW_NAMES} onChange={show} />
        {found.sought !== '' && (
          <FoundBar
            found={found}
            selected={selected}
            onSelect={onSelect}
            onClear={() => onChoose({ find: undefined })}
          />
        )}
        {steps.isTruncated && (
          <span className="warn">The session has more requests than are shown: these are the first {steps.count}.</span>
        )}
        {choice.request !== undefined && selected === -1 && (
          <span className="warn">
            The request <code>{visibleText(choice.request)}</code> is not in this session.
          </span>
        )}
      </div>
      <div className={styles.frame}>
        <div className={styles.split}>
          <div className={styles.view}>
            <Suspense fallback={<Skeleton lines={10} />}>
              {view === 'tree' && <TreeView {...props} />}
              {view === 'timeline' && <LAZY.timeline {...props} />}
              {view === 'chat' && <LAZY.chat {...props} />}
              {view === 'paths' && <LAZY.paths {...props} />}
            </Suspense>
          </div>
          {selected !== -1 && <RequestPanel {...props} />}
        </div>
      </div>
    </>
  );
}

/** `focus=error`: the first request that failed, unless one is selected. */
function useFocusOnError(choice: ChoiceTexts, { columns }: SessionSteps, onSelect: (step: number) => void): void {
  const isDone = useRef(false);
  useEffect(() => {
    if (isDone.current || choice.focus !== 'error' || choice.request !== undefined) return;
    isDone.current = true;
    const failed = columns.is_error.indexOf(true);
    if (failed !== -1) onSelect(failed);
  }, [choice, columns, onSelect]);
}

function UnopenableSession({ sessionId, why }: { readonly sessionId: string; readonly why: string }) {
  const leave = useNavigate();
  useShortcut('back', () => void leave({ to: '/sessions', search: lastList() }));
  return (
    <Page title="No page for this id">
      <Empty title="A session with this id cannot be opened">
        <p>
          <code>{visibleText(sessionId)}</code>
        </p>
        <p>{why}</p>
        <Link to="/sessions" search={lastList()}>
          To the sessions
        </Link>
      </Empty>
    </Page>
  );
}

function UnknownSession({ sessionId }: { readonly sessionId: string }) {
  return (
    <Page title="No such session">
      <Empty title="There is no session with this id">
        <p>
          <code>{visibleText(sessionId)}</code>
        </p>
        <p>It may have been deleted, its time may be over, or the key is of another tenant.</p>
        <Link to="/sessions" search={lastList()}>
          To the sessions
        </Link>
      </Empty>
    </Page>
  );
}
