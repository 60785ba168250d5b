import {
  EXPORT_CONTENT_TYPES,
  exportAnswer,
  type SessionExportBody,
  sessionExportBody,
} from '@throughline/contracts/api/session-export';
import { csvEncoder } from '../export/csv.ts';
import type { ExportColumn, ExportEncoder } from '../export/export-column.ts';
import { createFilePlaces, TENANT_EXPORTS_MAX } from '../export/export-places.ts';
import { jsonLinesEncoder } from '../export/json-lines.ts';
import { requestPages } from '../export/request-pages.ts';
import { type ExportRow, exportColumns, requestRow, sessionRow } from '../export/session-export-columns.ts';
import { sessionPages } from '../export/session-pages.ts';
import { firstRead, writeExport } from '../export/write-export.ts';
import { parseBody } from '../parse-body.ts';
import { countSessions } from '../queries/count-sessions.ts';
import type { SessionSelection } from '../queries/select-sessions.ts';
import type { QueryDeps } from '../query-deps.ts';
import { readSelection } from '../read-selection.ts';
import type { Route, RouteCall } from '../route.ts';

/** Everything that is selected, as a file. */
export function sessionExportRoutes(deps: QueryDeps): Route[] {
  const takePlace = createFilePlaces(TENANT_EXPORTS_MAX, 'too-many-exports');
  return [
    {
      method: 'post',
      path: '/v1/session/export',
      access: 'read',
      doc: {
        summary:
          'The selected sessions, newest first, or all their requests, as a file that is written while it is read',
        body: sessionExportBody,
        query: null,
        answer: exportAnswer,
        contentType: Object.values(EXPORT_CONTENT_TYPES),
        errors: ['unsupported-filter', 'invalid-timezone', 'too-many-exports'],
      },
      handle: async ({ key, body: given, analytics }) => {
        const body = parseBody(sessionExportBody, given);
        const { format, what = 'sessions' } = body;
        const selection = readSelection(key, body, deps);
        const leave = takePlace(key.tenantId);
        try {
          const sums = await countSessions(analytics, selection, 'session');
          const pages = await firstRead(readRows(analytics, selection, what));
          const encoder = await openEncoder(body, exportColumns(what, body.columns));
          const at = new Date(selection.nowMs).toISOString().slice(0, 19).replaceAll(':', '-');
          const charset = format === 'parquet' ? '' : '; charset=utf-8';
          return {
            headers: {
              'Content-Type': `${EXPORT_CONTENT_TYPES[format]}${charset}`,
              'Content-Disposition': `attachment; filename="${what}-${at}Z.${format}"`,
              'Throughline-Total-Rows': String(what === 'requests' ? sums.requests : sums.count),
              'Cache-Control': 'no-store',
            },
            from: 'snapshots',
            stream: (res, signal) => writeExport(pages, encoder, res, signal).finally(leave),
          };
        } catch (error) {
          leave();
          throw error;
        }
      },
    },
  ];
}

/** Reading and writing one holds up whatever else the thread does by 10 ms, and the footer of Parquet has 2 kB for each. */
const SESSIONS_PER_PAGE = 500;

async function* readRows(
  analytics: RouteCall['analytics'],
  selection: SessionSelection,
  what: 'sessions' | 'requests',
): AsyncGenerator<readonly ExportRow[], void, undefined> {
  if (what === 'requests') {
    for await (const rows of requestPages(analytics, selection)) yield rows.map(requestRow);
    return;
  }
  for await (const sessions of sessionPages(analytics, selection, SESSIONS_PER_PAGE)) {
    yield sessions.map((facts) => sessionRow(facts, selection.nowMs));
  }
}

/** Parquet is loaded when somebody asks for it. */
async function openEncoder(
  { format, timezoneDifference }: SessionExportBody,
  columns: readonly ExportColumn<ExportRow>[],
): Promise<ExportEncoder<ExportRow>> {
  switch (format) {
    case 'csv':
      return csvEncoder(columns, timezoneDifference);
    case 'jsonl':
      return jsonLinesEncoder(columns, timezoneDifference);
    case 'parquet':
      return (await import('../export/parquet.ts')).parquetEncoder(columns);
  }
}
