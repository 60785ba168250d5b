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
}

/**
 * Reads a file line by line, as its parts are taken. That all of it is as it was written is known once it has come to its end.
 *
 * @throws InvalidBundle naming the line.
 */
export async function* readBundle(
  chunks: AsyncIterable<Buffer>,
  { lineBytesMax = BUNDLE_LINE_BYTES_MAX, requestsMax = BUNDLE_REQUESTS_MAX }: ReadBundleOptions = {},
): AsyncGenerator<BundlePart> {
  const hash = createHash('sha256');
  let header: BundleHeader | undefined;
  let requests = 0;
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
      isEnded = true;
      continue;
    } else {
      if (requests === requestsMax)
        throw new InvalidBundle(line.number, `is one request more than the ${requestsMax} that a file may have`);
      yield { kind: 'request', request: parsed(bundleRequest, value, line.number), index: requests };
      requests++;
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
  return parsed(bundleHeader, value, line);
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
