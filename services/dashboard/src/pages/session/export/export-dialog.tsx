import { useEffect, useState } from 'react';
import { bytes, wholeCount } from '../../../format/count.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ProgressBar } from '../../../ui/progress-bar.tsx';
import { saveAs } from '../../../ui/save-as.ts';
import { failureSentence } from '../../../ui/states.tsx';
import type { SessionTotals } from '../use-session.ts';
import { askExported } from './ask-exported.ts';
import { type ExportProgress, writeExport } from './write-export.ts';

interface ExportDialogProps {
  readonly session: SessionTotals;
  readonly requestIds: readonly string[];
  readonly fileName: string;
  readonly onClose: () => void;
}

type State =
  | { readonly is: 'running'; readonly progress: ExportProgress }
  | { readonly is: 'done'; readonly bytes: number; readonly missing: number }
  | { readonly is: 'failed'; readonly error: unknown };

const NOTHING: ExportProgress = { requests: 0, bytes: 0 };
/** How often progress is shown, ms. */
const SHOWN_EVERY_MS = 100;

/** Writes a session with the bodies of its requests as it is now. Closing cancels. */
export function ExportDialog({ session, requestIds, fileName, onClose }: ExportDialogProps) {
  // The session may go on meanwhile.
  const [{ totals, ids }] = useState(() => ({ totals: totalsOf(session), ids: requestIds }));
  const [state, setState] = useState<State>({ is: 'running', progress: NOTHING });
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is made of the same
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    let shownAtMs = 0;
    const onProgress = (progress: ExportProgress) => {
      if (Date.now() - shownAtMs < SHOWN_EVERY_MS) return;
      shownAtMs = Date.now();
      setState({ is: 'running', progress });
    };
    setState({ is: 'running', progress: NOTHING });
    const ask = (requestId: string, until: AbortSignal) => askExported(totals.session_id, requestId, until);
    writeExport({ session: totals, requestIds: ids, ask, signal, onProgress }).then(
      ({ blob, missing }) => {
        saveAs(blob, fileName);
        setState({ is: 'done', bytes: blob.size, missing });
      },
      (error) => {
        if (!signal.aborted) setState({ is: 'failed', error });
      },
    );
    return () => abort.abort();
  }, [totals, ids, attempt]);
  return (
    <Dialog
      title="Export with bodies"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{state.is === 'running' ? 'Cancel the export' : 'Close'}</Button>
          {state.is === 'failed' && (
            <Button kind="primary" onClick={() => setAttempt(attempt + 1)}>
              Try again
            </Button>
          )}
        </>
      }
    >
      {state.is === 'running' && (
        <ProgressBar
          label="Exporting"
          share={ids.length === 0 ? null : state.progress.requests / ids.length}
          note={`${wholeCount(state.progress.requests)} of ${wholeCount(ids.length)} requests, ${bytes(state.progress.bytes)}`}
        />
      )}
      <p role="status" className="good">
        {state.is === 'done' && `Saved, ${bytes(state.bytes)}${missingWords(state.missing)}.`}
      </p>
      {state.is === 'failed' && (
        <p role="alert" className="bad">
          The export failed: {failureSentence(state.error)}
        </p>
      )}
    </Dialog>
  );
}

/** Without the tree of paths: its requests are all there. */
function totalsOf({ tree: _, tree_truncated: __, ...totals }: SessionTotals) {
  return totals;
}

function missingWords(missing: number): string {
  if (missing === 0) return '';
  return `; ${wholeCount(missing)} ${missing === 1 ? 'request was' : 'requests were'} deleted meanwhile`;
}
