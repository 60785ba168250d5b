import { api } from '../../api/client.ts';
import { type FileProgress, readFile } from '../../api/read-file.ts';
import { type ExportFormat, rowCounter } from './count-rows.ts';
import type { Selection } from './list-picture.ts';

interface Asked {
  readonly selection: Selection;
  readonly format: ExportFormat;
  readonly what: 'sessions' | 'requests';
  readonly signal: AbortSignal;
  readonly onProgress: (progress: FileProgress) => void;
}

/** Reads an export to its end. @throws as `readFile` */
export function readExport({ selection, format, what, signal, onProgress }: Asked): Promise<Blob> {
  const calling = api().POST('/v1/session/export', {
    body: { ...selection, format, what },
    parseAs: 'stream',
    signal,
  });
  return readFile(calling, { count: rowCounter(format), signal, onProgress });
}
