import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { ServerException } from './exception.ts';

/** The query string of a request, sorted into what each part is for. */
export interface RequestParams {
  readonly query: string;
  readonly queryId: string | undefined;
  readonly database: string | undefined;
  readonly defaultFormat: string | undefined;
  readonly sessionId: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly waitEndOfQuery: boolean;
  /** `param_<name>`, in ClickHouse's escaped text. */
  readonly params: readonly (readonly [string, string])[];
  /** Everything that is for nobody else. */
  readonly settings: readonly (readonly [string, string])[];
}

export function readParams(search: URLSearchParams, headers: IncomingHttpHeaders): RequestParams {
  for (const name of ['compress', 'decompress']) {
    if (Number(search.get(name))) {
      throw new ServerException(48, 'NOT_IMPLEMENTED', `${name}=1 (the native protocol's blocks) is not served here.`);
    }
  }
  const get = (name: string, header?: string) =>
    search.get(name) ?? (header && (headers[header] as string | undefined)) ?? undefined;
  const rest = [...search].filter(([name]) => !RESERVED.has(name));
  return {
    query: search.get('query') ?? '',
    queryId: get('query_id'),
    database: get('database', 'x-clickhouse-database'),
    defaultFormat: get('default_format', 'x-clickhouse-format'),
    sessionId: get('session_id'),
    user: get('user'),
    password: get('password'),
    waitEndOfQuery: ['1', 'true'].includes(search.get('wait_end_of_query') ?? ''),
    params: rest.flatMap(([name, value]) => (name.startsWith(PARAM) ? [[name.slice(PARAM.length), value]] : [])),
    settings: rest.filter(([name]) => !name.startsWith(PARAM)),
  };
}

const PARAM = 'param_';

const RESERVED = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'session_id',
  'session_timeout',
  'session_check',
  'user',
  'password',
  'quota_key',
  'role',
  'compress',
  'decompress',
  'buffer_size',
  'wait_end_of_query',
  'stacktrace',
  'close_session',
]);

/** More than any test sends; the body is held in memory. */
const BODY_BYTES_MAX = 512 * 1024 ** 2;

/**
 * The whole body, decompressed.
 *
 * @returns undefined when the client went away in the middle of it.
 * @throws ServerException for an encoding that is unknown or broken.
 */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? '';
  const make = DECODERS.get(encoding);
  if (!make) {
    throw new ServerException(89, 'UNKNOWN_COMPRESSION_METHOD', `Unknown compression method '${encoding}'.`);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  const collect = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) {
      size += chunk.length;
      if (size > BODY_BYTES_MAX)
        throw new ServerException(62, 'SYNTAX_ERROR', 'The body is too large for this server.');
      chunks.push(chunk);
    }
  };
  try {
    const decoder = make();
    if (decoder) await pipeline(request, decoder, collect);
    else await pipeline(request, collect);
  } catch (error) {
    if (error instanceof ServerException) throw error;
    if (!request.complete) return undefined;
    throw new ServerException(
      354,
      'ZLIB_INFLATE_FAILED',
      `The body cannot be decompressed: ${(error as Error).message}.`,
    );
  }
  return request.complete ? Buffer.concat(chunks) : undefined;
}

const DECODERS = new Map<string, () => Transform | undefined>([
  ['', () => undefined],
  ['identity', () => undefined],
  ['gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
  ['zstd', createZstdDecompress],
]);
