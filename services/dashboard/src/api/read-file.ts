import { ApiFailure, refusalSentence } from './failure.ts';

export interface FileProgress {
  /** null: its bytes do not tell. */
  readonly rows: number | null;
  /** null: the server did not say. */
  readonly totalRows: number | null;
  readonly bytes: number;
}

interface Read {
  /** Rows so far, by the next bytes. */
  readonly count: (bytes: Uint8Array) => number | null;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: FileProgress) => void;
}

/** What a call with `parseAs: 'stream'` resolves to. */
interface Outcome {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

/** How often progress is told, ms. */
const TOLD_EVERY_MS = 100;

/**
 * Reads a file that the API writes to its end. The browser keeps the parts, on disk where they are many.
 *
 * @throws ApiFailure where it was refused or broke off; AbortError where it was cancelled.
 */
export async function readFile(calling: Promise<Outcome>, { count, signal, onProgress }: Read): Promise<Blob> {
  const { data, error, response } = await calling.catch((reason) => {
    signal.throwIfAborted();
    throw new ApiFailure(0, `No answer came from Throughline: ${String(reason)}`);
  });
  if (!response.ok || !data) throw new ApiFailure(response.status, refusalSentence(error, response.status));
  const total = Number(response.headers.get('Throughline-Total-Rows') ?? Number.NaN);
  const totalRows = Number.isFinite(total) ? total : null;
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
