import { useEffect, useRef, useState } from 'react';
import type { FileProgress } from '../../api/read-file.ts';
import { bytes, wholeCount } from '../../format/count.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { saveAs } from '../../ui/save-as.ts';
import { Segments } from '../../ui/segments.tsx';
import { failureSentence } from '../../ui/states.tsx';
import type { ExportFormat } from './count-rows.ts';
import styles from './export-dialog.module.css';
import { type Picture, selectionOf, windowOf } from './list-picture.ts';
import { readExport } from './read-export.ts';

interface ExportDialogProps {
  readonly picture: Picture;
  readonly onClose: () => void;
}

type State =
  | { readonly is: 'asking' }
  | { readonly is: 'running'; readonly progress: FileProgress | undefined }
  | { readonly is: 'done'; readonly bytes: number }
  | { readonly is: 'failed'; readonly error: unknown };

/** The selection as a file. It goes on while the dialog is open; closing it cancels. */
export function ExportDialog({ picture, onClose }: ExportDialogProps) {
  const [format, setFormat] = useState<ExportFormat>('csv');
  const [what, setWhat] = useState<'sessions' | 'requests'>('sessions');
  const [state, setState] = useState<State>({ is: 'asking' });
  const abort = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => abort.current?.abort(), []);
  const start = async () => {
    const mine = new AbortController();
    abort.current = mine;
    setState({ is: 'running', progress: undefined });
    try {
      const selection = selectionOf(picture, windowOf(picture, Date.now()));
      const onProgress = (progress: FileProgress) => setState({ is: 'running', progress });
      const blob = await readExport({ selection, format, what, signal: mine.signal, onProgress });
      saveAs(blob, `${what}-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.${format}`);
      setState({ is: 'done', bytes: blob.size });
    } catch (error) {
      setState(mine.signal.aborted ? { is: 'asking' } : { is: 'failed', error });
    }
  };
  const isRunning = state.is === 'running';
  return (
    <Dialog
      title="Export the selection"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onClick={() => (isRunning ? abort.current?.abort() : onClose())}>
            {isRunning ? 'Cancel the export' : 'Close'}
          </Button>
          <Button kind="primary" disabled={isRunning} onClick={() => void start()}>
            Export
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <Segments
          label="What"
          value={what}
          options={[
            ['sessions', 'Sessions'],
            ['requests', 'Their requests'],
          ]}
          onChange={setWhat}
        />
        <Segments
          label="Format"
          value={format}
          options={[
            ['csv', 'CSV'],
            ['jsonl', 'JSON lines'],
            ['parquet', 'Parquet'],
          ]}
          onChange={setFormat}
        />
        {isRunning && <Running progress={state.progress} />}
        <p role="status" className={state.is === 'done' ? 'good' : 'quiet'}>
          {state.is === 'done' && `Saved, ${bytes(state.bytes)}.`}
          {state.is === 'asking' && 'All columns, without bodies.'}
        </p>
        {state.is === 'failed' && (
          <p role="alert" className="bad">
            The export failed: {failureSentence(state.error)}
          </p>
        )}
      </div>
    </Dialog>
  );
}

function Running({ progress }: { readonly progress: FileProgress | undefined }) {
  const { rows = null, totalRows = null, bytes: size = 0 } = progress ?? {};
  const share = rows !== null && totalRows !== null && totalRows > 0 ? rows / totalRows : null;
  const known = totalRows === null ? '' : ` of ${wholeCount(totalRows)} rows`;
  const note = rows === null ? `${bytes(size)}${known}` : `${wholeCount(rows)}${known}, ${bytes(size)}`;
  return <ProgressBar label="Exporting" share={share} note={note} />;
}
