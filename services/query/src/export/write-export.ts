import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AnalyticsError } from '@throughline/analytics/analytics-store';
import type { Response } from 'express';
import type { ExportEncoder } from './export-column.ts';

/** As long as a proxied call waits for a client that reads nothing; no query takes a tenth of it. */
const READER_IDLE_MS_MAX = 300_000;

/**
 * Writes a file page by page, each as soon as the caller has taken the one before it, and ends it. A failure in the middle
 * cuts the connection, so that nobody takes half of a file for the whole.
 *
 * @param signal aborted when the caller has gone: nobody is told of what fails then. @param idleMsMax how long the caller may
 *   read nothing until it is taken for gone.
 */
export async function writeExport<Row>(
  pages: AsyncIterable<readonly Row[]>,
  encoder: ExportEncoder<Row>,
  res: Response,
  signal: AbortSignal,
  idleMsMax = READER_IDLE_MS_MAX,
): Promise<void> {
  await sendFile(bytesOf(pages, encoder), res, signal, { idleMsMax });
}

/**
 * Sends a file piece by piece, each as soon as the caller has taken the one before it, and ends it. As `writeExport`.
 *
 * @param through changes what is sent on its way.
 */
export async function sendFile(
  pieces: AsyncIterable<Uint8Array | string>,
  res: Response,
  signal: AbortSignal,
  { idleMsMax = READER_IDLE_MS_MAX, through = [] }: { idleMsMax?: number; through?: readonly Transform[] } = {},
): Promise<void> {
  res.setTimeout(idleMsMax, () => res.destroy());
  try {
    await pipeline([Readable.from(pieces, { objectMode: true, highWaterMark: 1 }), ...through, res]);
  } catch (error) {
    if (!(signal.aborted && isHangUp(error))) throw error;
  }
}

/** The same pages, the first of which is read before: what cannot be read at all is refused, with a status. */
export async function firstRead<Page>(pages: AsyncGenerator<Page, void, undefined>): Promise<AsyncIterable<Page>> {
  const first = await pages.next();
  return (async function* () {
    if (!first.done) yield first.value;
    yield* pages;
  })();
}

async function* bytesOf<Row>(
  pages: AsyncIterable<readonly Row[]>,
  encoder: ExportEncoder<Row>,
): AsyncGenerator<Uint8Array | string, void, undefined> {
  yield encoder.begin();
  for await (const rows of pages) {
    if (rows.length > 0) yield encoder.page(rows);
  }
  yield encoder.end();
}

/** What follows when the caller goes before the end. */
function isHangUp(error: unknown): boolean {
  if (error instanceof AnalyticsError) return error.code === 'cancelled';
  return (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE';
}
