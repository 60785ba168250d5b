import { api } from '../../api/client.ts';
import { ApiFailure, refusalSentence } from '../../api/failure.ts';
import { type ExportFormat, rowCounter } from './count-rows.ts';
import type { Selection } from './list-picture.ts';

export interface ExportProgress {
  /** null: the format does not tell. */
  readonly rows: number | null;
  /** null: the server did not say. */
  readonly totalRows: number | null;
  readonly bytes: number;
}

interface Asked {
  readonly selection: Selection;
  readonly format: ExportFormat;
  readonly what: 'sessions' | 'requests';
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ExportProgress) => void;
}

/** How often progress is told, ms. */
const TOLD_EVERY_MS = 100;

/**
 * Reads an export to its end. The browser keeps the parts, on disk where they are many.
 *
 * @throws ApiFailure where it was refused or broke off; AbortError where it was cancelled.
 */
export async function readExport({ selection, format, what, signal, onProgress }: Asked): Promise<Blob> {
  const { data, error, response } = await api()
    .POST('/v1/session/export', { body: { ...selection, format, what }, parseAs: 'stream', signal })
    .catch((reason) => {
      signal.throwIfAborted();
      throw new ApiFailure(0, `No answer came from Throughline: ${String(reason)}`);
    });
  if (!response.ok || !data) throw new ApiFailure(response.status, refusalSentence(error, response.status));
  const total = Number(response.headers.get('Throughline-Total-Rows') ?? Number.NaN);
  const totalRows = Number.isFinite(total) ? total : null;
  const count = rowCounter(format);
  const parts: Blob[] = [];
  let [bytes, toldAtMs] = [0, 0];
  const reader = (data as ReadableStream<Uint8Array<ArrayBuffer>>).getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      signal.throwIfAborted();
      throw new ApiFailure(0, 'The export broke off before its end. Nothing was saved.');
    });
    if (done) return new Blob(parts, { type: response.headers.get('content-type') ?? 'application/octet-stream' });
    parts.push(new Blob([value]));
    bytes += value.byteLength;
    const rows = count(value);
    if (Date.now() - toldAtMs < TOLD_EVERY_MS) continue;
    toldAtMs = Date.now();
    onProgress({ rows: rows === null || totalRows === null ? rows : Math.min(rows, totalRows), totalRows, bytes });
  }
}
