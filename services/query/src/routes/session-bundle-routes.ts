import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { createGzip } from 'node:zlib';
import { bundleParameters, importAnswer, importParameters } from '@throughline/contracts/api/session-bundle';
import { exportAnswer } from '@throughline/contracts/api/session-export';
import { ApiError } from '@throughline/contracts/errors';
import { picoToUsd } from '@throughline/contracts/money';
import {
  BUNDLE_CONTENT_TYPE,
  BUNDLE_GZIP_CONTENT_TYPE,
  BUNDLE_REQUESTS_MAX,
} from '@throughline/contracts/session-bundle';
import { importBundle } from '../bundle/import-bundle.ts';
import { InvalidBundle } from '../bundle/read-bundle.ts';
import { type Spool, SpoolTooLarge, spool } from '../bundle/spool.ts';
import { writeBundle } from '../bundle/write-bundle.ts';
import { createFilePlaces, TENANT_EXPORTS_MAX } from '../export/export-places.ts';
import { firstRead, sendFile } from '../export/write-export.ts';
import { findSession } from '../queries/find-session.ts';
import type { QueryDeps } from '../query-deps.ts';
import { readYesOrNo } from '../read-parameter.ts';
import type { Route } from '../route.ts';

/** Of one tenant at a time: so that a file is not imported twice at once. */
const TENANT_IMPORTS_MAX = 1;
/** Of a file as it is sent, and of what comes out of it: ten thousand requests with 100 kB each, and eight times that. */
const IMPORT_BYTES_MAX = 2 * 1024 ** 3;
const DECODED_BYTES_MAX = 8 * 1024 ** 3;
/** Ten thousand requests show in a fraction of it. */
const IMPORT_WAIT_MS = 60_000;

/** A session as a file, and back. */
export function sessionBundleRoutes(deps: QueryDeps): Route[] {
  const takeExport = createFilePlaces(TENANT_EXPORTS_MAX, 'too-many-exports');
  const takeImport = createFilePlaces(TENANT_IMPORTS_MAX, 'too-many-imports');
  const { version = '0', spoolFolder = tmpdir() } = deps;
  const bounds = { folder: spoolFolder, bytesMax: IMPORT_BYTES_MAX, decodedBytesMax: DECODED_BYTES_MAX };
  return [
    {
      method: 'get',
      path: '/v1/session/:sessionId/export',
      access: 'read-bodies',
      doc: {
        summary: 'A session with everything that is recorded of it, as a file that an import reads',
        body: null,
        query: bundleParameters,
        answer: exportAnswer,
        contentType: [BUNDLE_CONTENT_TYPE, BUNDLE_GZIP_CONTENT_TYPE],
        errors: ['unknown-session', 'session-changed', 'too-many-values', 'too-many-exports', 'invalid-parameter'],
      },
      handle: async ({ key, req, analytics }) => {
        const sessionId = String(req.params.sessionId);
        const isMasked = readYesOrNo(req.query, 'mask') ?? true;
        const isGzip = readYesOrNo(req.query, 'gzip') ?? false;
        const state = await findSession({ totals: deps.totals, analytics }, key.tenantId, sessionId);
        if (!state || state.requests === 0) throw new ApiError('unknown-session');
        if (state.requests > BUNDLE_REQUESTS_MAX) {
          throw new ApiError('too-many-values', { max: BUNDLE_REQUESTS_MAX, what: 'requests in a file' });
        }
        const leave = takeExport(key.tenantId);
        try {
          const options = { isMasked, version, nowMs: deps.clock.now() };
          const lines = await firstRead(writeBundle(analytics, state, options));
          return {
            headers: {
              'Content-Type': isGzip ? BUNDLE_GZIP_CONTENT_TYPE : `${BUNDLE_CONTENT_TYPE}; charset=utf-8`,
              'Content-Disposition': `attachment; filename="${fileName(sessionId)}${isGzip ? '.gz' : ''}"`,
              'Throughline-Total-Rows': String(state.requests),
              'Cache-Control': 'no-store',
            },
            from: 'totals',
            stream: (res, signal) =>
              sendFile(lines, res, signal, { through: isGzip ? [createGzip()] : [] }).finally(leave),
          };
        } catch (error) {
          leave();
          throw error;
        }
      },
    },
    {
      method: 'post',
      path: '/v1/session/import',
      access: 'write',
      doc: {
        summary: 'Record the session of a file that was exported, here or elsewhere',
        body: exportAnswer,
        bodyContentType: [BUNDLE_CONTENT_TYPE, BUNDLE_GZIP_CONTENT_TYPE],
        query: importParameters,
        answer: importAnswer,
        errors: [
          'invalid-session-id',
          'invalid-bundle',
          'session-is-there',
          'requests-are-there',
          'too-many-imports',
          'import-refused',
          'import-incomplete',
          'not-shown-yet',
        ],
      },
      isStreamed: true,
      handle: async ({ key, req, analytics }) => {
        const as = readSessionId(req.query.as);
        const leave = takeImport(key.tenantId);
        try {
          await using file = await received(req, bounds);
          const imported = await importBundle(deps, file, {
            tenantId: key.tenantId,
            as,
            analytics,
            waitMs: IMPORT_WAIT_MS,
          });
          const { sessionId, requests, costPico, differences } = imported;
          return {
            data: {
              session_id: sessionId,
              requests,
              imported: imported.imported,
              shortened: imported.shortened,
              total_cost: picoToUsd(costPico),
              differences,
            },
            from: 'totals',
          };
        } catch (error) {
          throw asApiError(error);
        } finally {
          leave();
        }
      },
    },
  ];
}

const SESSION_ID_CHARS_MAX = 8_192;

/** @throws ApiError `invalid-session-id` */
function readSessionId(given: unknown): string | undefined {
  if (given === undefined) return undefined;
  const isOne = typeof given === 'string' && given !== '' && given.length <= SESSION_ID_CHARS_MAX;
  if (!isOne || !given.isWellFormed()) throw new ApiError('invalid-session-id', { max: SESSION_ID_CHARS_MAX });
  return given;
}

/** Of a file system that has no room. */
const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const CONNECTION_LOST = new Set(['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ECONNABORTED']);

async function received(req: IncomingMessage, bounds: Parameters<typeof spool>[1]): Promise<Spool & AsyncDisposable> {
  const file = await spool(req, bounds);
  return { ...file, [Symbol.asyncDispose]: () => file.close() };
}

function asApiError(error: unknown): unknown {
  if (error instanceof InvalidBundle) {
    return new ApiError('invalid-bundle', { line: error.line, reason: error.reason }, { cause: error });
  }
  if (error instanceof SpoolTooLarge)
    return new ApiError('body-too-large', { limit: error.bytesMax }, { cause: error });
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code.startsWith('Z_')) {
    return new ApiError(
      'invalid-bundle',
      { line: 1, reason: 'is in a compressed file that is damaged, or not whole' },
      { cause: error },
    );
  }
  if (NO_ROOM.has(code)) return new ApiError('import-refused', {}, { cause: error });
  if (CONNECTION_LOST.has(code))
    return new ApiError('bad-request', { reason: 'it did not come whole' }, { cause: error });
  return error;
}

const NAME_CHARS_MAX = 80;

/** A name for the file of a session, whatever its id is. */
function fileName(sessionId: string): string {
  const name = sessionId
    .slice(0, NAME_CHARS_MAX)
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '');
  return `session-${name === '' ? 'file' : name}.throughline.jsonl`;
}
