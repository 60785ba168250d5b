import { useEffect, useState } from 'react';
import { api } from '../../../api/client.ts';
import { type FileProgress, readFile } from '../../../api/read-file.ts';
import { bytes, wholeCount } from '../../../format/count.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ProgressBar } from '../../../ui/progress-bar.tsx';
import { saveAs } from '../../../ui/save-as.ts';
import { failureSentence } from '../../../ui/states.tsx';
import { rowCounter } from '../../sessions/count-rows.ts';

interface ExportDialogProps {
  readonly sessionId: string;
  readonly fileName: string;
  readonly onClose: () => void;
}

type State =
  | { readonly is: 'running'; readonly progress: FileProgress }
  | { readonly is: 'done'; readonly bytes: number }
  | { readonly is: 'failed'; readonly error: unknown };

const NOTHING: FileProgress = { rows: null, totalRows: null, bytes: 0 };

/** A session with everything that is recorded of it, as it is now. Closing cancels. */
export function ExportDialog({ sessionId, fileName, onClose }: ExportDialogProps) {
  const [state, setState] = useState<State>({ is: 'running', progress: NOTHING });
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is made of the same
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    setState({ is: 'running', progress: NOTHING });
    const calling = api().GET('/v1/session/{sessionId}/export', {
      params: { path: { sessionId } },
      parseAs: 'stream',
      signal,
    });
    const onProgress = (progress: FileProgress) => setState({ is: 'running', progress });
    readFile(calling, { count: requestCounter(), signal, onProgress }).then(
      (blob) => {
        saveAs(blob, fileName);
        setState({ is: 'done', bytes: blob.size });
      },
      (error) => {
        if (!signal.aborted) setState({ is: 'failed', error });
      },
    );
    return () => abort.abort();
  }, [sessionId, fileName, attempt]);
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
      {state.is === 'running' && <Running progress={state.progress} />}
      <p role="status" className="good">
        {state.is === 'done' &&
          `Saved, ${bytes(state.bytes)}. \`throughline import\` reads it; API keys and tokens in it are masked.`}
      </p>
      {state.is === 'failed' && (
        <p role="alert" className="bad">
          The export failed: {failureSentence(state.error)}
        </p>
      )}
    </Dialog>
  );
}

function Running({ progress: { rows, totalRows, bytes: size } }: { readonly progress: FileProgress }) {
  const share = rows !== null && totalRows ? rows / totalRows : null;
  const counted = totalRows === null ? '' : `${wholeCount(rows ?? 0)} of ${wholeCount(totalRows)} requests, `;
  return <ProgressBar label="Exporting" share={share} note={`${counted}${bytes(size)}`} />;
}

/** The first line is the session's. */
function requestCounter(): (value: Uint8Array) => number | null {
  const lines = rowCounter('jsonl');
  return (value) => Math.max(0, (lines(value) ?? 0) - 1);
}
