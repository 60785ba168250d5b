import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import {
  BUNDLE_FORMAT,
  BUNDLE_LINE_BYTES_MAX,
  BUNDLE_REQUESTS_MAX,
  BUNDLE_VERSION,
  type BundleHeader,
  type BundleRequest,
  bundleEnd,
  bundleHeader,
  bundleRequest,
} from '@throughline/contracts/session-bundle';
import type { z } from 'zod';
import { type BundleLine, LineTooLong, linesOf } from './bundle-lines.ts';
import { requestFlaw } from './request-flaw.ts';

/** A file is not one of a session, or not as it was written. */
export class InvalidBundle extends Error {
  readonly line: number;
  readonly reason: string;

  constructor(line: number, reason: string) {
    super(`line ${line} ${reason}`);
    this.name = 'InvalidBundle';
    this.line = line;
    this.reason = reason;
  }
}

/** What is in a file, in order: one header, then its requests. */
export type BundlePart =
  | { readonly kind: 'session'; readonly header: BundleHeader }
  | { readonly kind: 'request'; readonly request: BundleRequest; readonly index: number };

export interface ReadBundleOptions {
  readonly lineBytesMax?: number;
  readonly requestsMax?: number;
  readonly factsBytesMax?: number;
}

/** Of all that a line says beside its bodies: the log takes an event of 40 MiB, and shortens nothing but bodies. */
const FACTS_BYTES_MAX = 32 * 1024 * 1024;

/**
 * Reads a file line by line, as its parts are taken. That all of it is as it was written is known once it has come to its end.
 * Requests may stand in any order: that of a session follows from their times, which are not always those that it is sorted by.
 *
 * @throws InvalidBundle naming the line.
 */
export async function* readBundle(
  chunks: AsyncIterable<Buffer>,
  {
    lineBytesMax = BUNDLE_LINE_BYTES_MAX,
    requestsMax = BUNDLE_REQUESTS_MAX,
    factsBytesMax = FACTS_BYTES_MAX,
  }: ReadBundleOptions = {},
): AsyncGenerator<BundlePart> {
  const hash = createHash('sha256');
  let header: BundleHeader | undefined;
  /** Where the request of an id is. */
  const lines = new Map<string, number>();
  let isEnded = false;
  let last = 0;
  for await (const line of checkedLines(chunks, lineBytesMax)) {
    last = line.number;
    if (isEnded) throw new InvalidBundle(line.number, 'comes behind the last one');
    const value = parseLine(line);
    if (header === undefined) {
      header = parseHeader(value, line.number);
      yield { kind: 'session', header };
    } else if (value.kind === 'end') {
      const requests = lines.size;
      const end = parsed(bundleEnd, value, line.number);
      if (end.sha256 !== hash.digest('hex')) {
        throw new InvalidBundle(line.number, 'says another sum than that of what is before it: the file was changed');
      }
      if (end.requests !== requests || header.totals.requests !== requests) {
        throw new InvalidBundle(
          line.number,
          `counts ${end.requests} requests, the session ${header.totals.requests}, and there are ${requests}`,
        );
      }
      if (requests === 0)
        throw new InvalidBundle(line.number, 'ends a file without requests: there is no such session');
      isEnded = true;
      continue;
    } else {
      const index = lines.size;
      if (index === requestsMax)
        throw new InvalidBundle(line.number, `is one request more than the ${requestsMax} that a file may have`);
      const request = parsedRequest(value, line, factsBytesMax);
      const { request_id: id } = request;
      const before = lines.get(id);
      if (before !== undefined) throw new InvalidBundle(line.number, `has the request id ${id} of line ${before}`);
      lines.set(id, line.number);
      yield { kind: 'request', request, index };
    }
    hash.update(line.bytes).update(NEWLINE);
    // Reading a line takes a while where bodies are long: others are let in between.
    await turn();
  }
  if (!isEnded) {
    throw new InvalidBundle(
      last + 1,
      last === 0 ? 'is missing: the file is empty' : 'is missing: the file ends before its end',
    );
  }
}

const NEWLINE = Buffer.from('\n');

async function* checkedLines(chunks: AsyncIterable<Buffer>, bytesMax: number): AsyncGenerator<BundleLine> {
  try {
    yield* linesOf(chunks, bytesMax);
  } catch (error) {
    if (!(error instanceof LineTooLong)) throw error;
    throw new InvalidBundle(error.line, `is longer than ${bytesMax} bytes`);
  }
}

function parseLine({ number, bytes }: BundleLine): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    // Its message would quote the file.
    throw new InvalidBundle(number, 'is no JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidBundle(number, 'is no JSON object');
  }
  return value as Readonly<Record<string, unknown>>;
}

function parseHeader(value: Readonly<Record<string, unknown>>, line: number): BundleHeader {
  if (value.kind !== 'session' || value.format !== BUNDLE_FORMAT) {
    throw new InvalidBundle(line, 'does not begin the file of a session');
  }
  if (typeof value.version === 'number' && value.version > BUNDLE_VERSION) {
    throw new InvalidBundle(
      line,
      `says version ${value.version}, and this reads files up to version ${BUNDLE_VERSION}`,
    );
  }
  const header = parsed(bundleHeader, value, line);
  // For people alone; of somebody who has given the session another id by hand, the one place and not the other.
  if (header.session.session_id !== header.session_id) {
    throw new InvalidBundle(line, 'has two ids of the session: to give it another one, import it with `as`');
  }
  return header;
}

function parsedRequest(value: unknown, line: BundleLine, factsBytesMax: number): BundleRequest {
  const request = parsed(bundleRequest, value, line.number);
  if (line.bytes.length > factsBytesMax && factsBytes(request) > factsBytesMax) {
    throw new InvalidBundle(line.number, `has more than ${factsBytesMax} bytes beside its bodies`);
  }
  const flaw = requestFlaw(request);
  if (flaw !== undefined) throw new InvalidBundle(line.number, flaw);
  return request;
}

function factsBytes({ request: _, response: __, ...facts }: BundleRequest): number {
  return Buffer.byteLength(JSON.stringify(facts));
}

const PATH_CHARS_MAX = 200;

function parsed<T>(schema: z.ZodType<T>, value: unknown, line: number): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue!.path.map(String).join('.').slice(0, PATH_CHARS_MAX);
  throw new InvalidBundle(
    line,
    `is not as it must be: ${path === '' ? '' : `${path}: `}${issue!.message.slice(0, PATH_CHARS_MAX)}`,
  );
}
