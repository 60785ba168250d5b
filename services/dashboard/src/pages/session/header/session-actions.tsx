import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight, Download, Trash2 } from 'lucide-react';
import { Suspense, useState } from 'react';
import { api, dataOf } from '../../../api/client.ts';
import { count } from '../../../format/count.ts';
import { useShortcut } from '../../../shell/shortcuts.ts';
import { IconButton } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { lazyPart } from '../../../ui/lazy-part.ts';
import { Menu, MenuGroup, MenuItem } from '../../../ui/menu.tsx';
import { saveAs } from '../../../ui/save-as.ts';
import { stepsAsCsv, stepsAsJsonLines } from '../export/export-steps.ts';
import { ReplayButton } from '../replay/replay-button.tsx';
import { isUnderWay, useReplayRun } from '../replay/replay-runs.ts';
import type { SessionSteps } from '../steps/session-steps.ts';
import type { SessionTotals } from '../use-session.ts';
import { DeleteSession } from './delete-session.tsx';
import styles from './header.module.css';
import { Rating } from './rating.tsx';
import { TagEditor } from './tag-editor.tsx';

const ExportDialog = lazyPart(() => import('../export/export-dialog.tsx').then((part) => part.ExportDialog));

interface SessionActionsProps {
  readonly sessionId: string;
  readonly session: SessionTotals;
  readonly steps: SessionSteps | undefined;
  readonly onReplay: () => void;
}

/** What can be done with a session as a whole. */
export function SessionActions({ sessionId, session, steps, onReplay }: SessionActionsProps) {
  const run = useReplayRun(sessionId);
  const [isDeleting, setDeleting] = useState(false);
  const [isExporting, setExporting] = useState(false);
  return (
    <>
      <Neighbours session={session} />
      <TagEditor sessionId={sessionId} tag={session.tag} />
      <Rating sessionId={sessionId} rating={session.feedback} />
      <ReplayButton isUnderWay={run !== undefined && isUnderWay(run)} onOpen={onReplay} />
      <span className={styles.group}>
        <CopyButton text={() => window.location.href} label="Copy a link to what is shown" />
        <Menu
          trigger={
            <IconButton
              label="Export the requests of this session"
              icon={<Download size={16} aria-hidden />}
              disabled={!steps}
            />
          }
        >
          <MenuGroup label={`${count(steps?.count ?? 0)} requests, without bodies`}>
            <MenuItem onClick={() => save(stepsAsCsv(steps!), 'text/csv', `${fileName(sessionId)}.csv`)}>CSV</MenuItem>
            <MenuItem
              onClick={() => save(stepsAsJsonLines(steps!), 'application/x-ndjson', `${fileName(sessionId)}.jsonl`)}
            >
              JSON lines
            </MenuItem>
          </MenuGroup>
          <MenuGroup label="With bodies">
            <MenuItem onClick={() => setExporting(true)}>JSON lines</MenuItem>
          </MenuGroup>
        </Menu>
        <IconButton
          label="Delete this session"
          icon={<Trash2 size={16} aria-hidden />}
          onClick={() => setDeleting(true)}
        />
      </span>
      <DeleteSession session={session} isOpen={isDeleting} onClose={() => setDeleting(false)} />
      {isExporting && (
        <Suspense>
          <ExportDialog
            sessionId={sessionId}
            fileName={`${fileName(sessionId)}.throughline.jsonl`}
            onClose={() => setExporting(false)}
          />
        </Suspense>
      )}
    </>
  );
}

/** How far neighbours of the same name are looked for, ms. */
const REACH_MS = 365 * 86_400_000;

function Neighbours({ session }: { readonly session: SessionTotals }) {
  const navigate = useNavigate();
  const { view } = useSearch({ from: '/signed-in/sessions/$sessionId' });
  const hasName = session.session_name !== '';
  const previous = useNeighbour(session, 'previous');
  const next = useNeighbour(session, 'next');
  const go = (sessionId: string | undefined) => {
    if (sessionId === undefined) return;
    void navigate({ to: '/sessions/$sessionId', params: { sessionId }, search: view === undefined ? {} : { view } });
  };
  useShortcut('previousSession', () => go(previous));
  useShortcut('nextSession', () => go(next));
  const why = hasName ? 'of the same name' : 'of the same name: this one has none';
  return (
    <span className={styles.group}>
      <IconButton
        label={`Previous session ${why}`}
        icon={<ChevronLeft size={16} aria-hidden />}
        disabled={previous === undefined}
        onClick={() => go(previous)}
      />
      <IconButton
        label={`Next session ${why}`}
        icon={<ChevronRight size={16} aria-hidden />}
        disabled={next === undefined}
        onClick={() => go(next)}
      />
    </span>
  );
}

/** Id of the session of the same name that began just before, or just after. */
function useNeighbour(session: SessionTotals, side: 'previous' | 'next'): string | undefined {
  const startMs = Date.parse(session.created_at);
  const { data } = useQuery({
    queryKey: ['neighbour', side, session.session_id, session.session_name, session.created_at],
    enabled: session.session_name !== '',
    staleTime: 30_000,
    placeholderData: undefined,
    queryFn: ({ signal }) => {
      const isNext = side === 'next';
      const body = {
        search: '',
        nameEquals: session.session_name,
        // Whatever has a request before this one began, has begun before it.
        timeFilter: isNext
          ? { startTimeUnixMs: startMs, endTimeUnixMs: Math.min(startMs + REACH_MS, Date.now() + 86_400_000) }
          : { startTimeUnixMs: startMs - REACH_MS, endTimeUnixMs: startMs },
        timezoneDifference: 0,
        filter: isNext
          ? { sessions_request_response_rmt: { session_created_at: { gt: new Date(startMs).toISOString() } } }
          : ('all' as const),
        sort: { created_at: isNext ? ('asc' as const) : ('desc' as const) },
        limit: 1,
      };
      return dataOf(api().POST('/v1/session/query', { body, signal }));
    },
  });
  return data?.[0]?.session_id;
}

/** Safe as the name of a file everywhere. */
function fileName(sessionId: string): string {
  return `session-${sessionId.replace(/[^\w.-]+/g, '_').slice(0, 80)}`;
}

function save(text: string, type: string, name: string): void {
  saveAs(new Blob([text], { type }), name);
}
