import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, deflate, gzip, zstdCompress } from 'node:zlib';

/** Rows as the engine wrote them, and what is said about them in headers. */
export interface Answer {
  readonly bytes: Uint8Array;
  readonly format: string;
  readonly summary: Readonly<Record<string, number>>;
}

/**
 * Sends rows as chunks, compressed where the request asked for it (`enable_http_compression` and `Accept-Encoding`).
 *
 * @param tail sent behind the first half of the rows instead of the other one: what a server does whose query fails when
 *   rows are on their way.
 */
export async function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { bytes, format, summary }: Answer,
  options: { readonly compress: boolean; readonly tail?: string },
): Promise<void> {
  const encoding = options.compress ? wantedEncoding(request) : undefined;
  const { tail } = options;
  const plain = tail === undefined ? bytes : Buffer.concat([bytes.subarray(0, bytes.length >> 1), Buffer.from(tail)]);
  const body = encoding ? await ENCODERS.get(encoding)!(plain) : plain;
  response.writeHead(200, {
    'Content-Type': contentType(format),
    'X-ClickHouse-Format': format,
    'X-ClickHouse-Summary': JSON.stringify(
      Object.fromEntries(Object.entries(summary).map(([name, value]) => [name, String(value)])),
    ),
    ...(encoding && { 'Content-Encoding': encoding }),
  });
  for (let at = 0; at < body.length && !response.destroyed; at += CHUNK_BYTES) {
    if (response.write(body.subarray(at, at + CHUNK_BYTES))) continue;
    await new Promise<void>((resolve) => {
      response.once('drain', resolve);
      response.once('close', resolve);
    });
  }
  response.end();
}

const CHUNK_BYTES = 256 * 1024;

const ENCODERS = new Map<string, (bytes: Uint8Array) => Promise<Uint8Array>>([
  ['zstd', promisify(zstdCompress)],
  ['br', promisify(brotliCompress)],
  ['gzip', promisify(gzip)],
  ['deflate', promisify(deflate)],
]);

function wantedEncoding(request: IncomingMessage): string | undefined {
  const accepted = String(request.headers['accept-encoding'] ?? '');
  return [...ENCODERS.keys()].find((name) => new RegExp(`\\b${name}\\b`, 'i').test(accepted));
}

function contentType(format: string): string {
  if (/^(?:JSON|JSONCompact|JSONColumns)$/.test(format)) return 'application/json; charset=UTF-8';
  if (/^JSON.*EachRow/.test(format)) return 'application/x-ndjson; charset=UTF-8';
  if (/^CSV/.test(format)) return 'text/csv; charset=UTF-8; header=absent';
  if (/^(?:TSV|TabSeparated)/.test(format)) return 'text/tab-separated-values; charset=UTF-8';
  return /^(?:RowBinary|Native|Parquet|Arrow)/.test(format) ? 'application/octet-stream' : 'text/plain; charset=UTF-8';
}
