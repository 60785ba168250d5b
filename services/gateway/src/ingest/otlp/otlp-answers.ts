import type { ServerResponse } from 'node:http';
import type { ApiError } from '@throughline/contracts/errors';
import { errorBody } from '@throughline/http/error-handler';
import protobuf from 'protobufjs/light.js';
import { retryAfter, send } from '../ingest-answers.ts';

/** The encoding of an export, and so of its answer. */
export type OtlpEncoding = 'json' | 'protobuf';

const CONTENT_TYPES: Readonly<Record<OtlpEncoding, string>> = {
  json: 'application/json',
  protobuf: 'application/x-protobuf',
};

/** `ExportTraceServiceResponse`: empty, or with what was left out and why. */
export function answerTraces(res: ServerResponse, encoding: OtlpEncoding, rejected: number, reason: string): void {
  if (encoding === 'json') {
    // 64 bits are text in protobuf's JSON.
    const partial = { partialSuccess: { rejectedSpans: String(rejected), errorMessage: reason } };
    send(res, 200, CONTENT_TYPES.json, JSON.stringify(rejected === 0 ? {} : partial));
    return;
  }
  const writer = protobuf.Writer.create();
  if (rejected > 0) writer.uint32(tag(1, SIZED)).fork().uint32(tag(1, VARINT)).int64(rejected);
  if (rejected > 0) writer.uint32(tag(2, SIZED)).string(reason).ldelim();
  send(res, 200, CONTENT_TYPES.protobuf, writer.finish());
}

/** `google.rpc.Status`; in JSON with what the API says beside it. */
export function answerTraceError(res: ServerResponse, encoding: OtlpEncoding, error: ApiError): void {
  const code = CODES.get(error.status) ?? UNKNOWN;
  if (encoding === 'json') {
    const body = JSON.stringify({ ...errorBody(error), code, message: error.message });
    send(res, error.status, CONTENT_TYPES.json, body, retryAfter(error));
    return;
  }
  const writer = protobuf.Writer.create();
  writer.uint32(tag(1, VARINT)).int32(code).uint32(tag(2, SIZED)).string(error.message);
  send(res, error.status, CONTENT_TYPES.protobuf, writer.finish(), retryAfter(error));
}

const VARINT = 0;
const SIZED = 2;
const tag = (field: number, wire: number) => (field << 3) | wire;

/** HTTP status → code of gRPC. */
const CODES: ReadonlyMap<number, number> = new Map([
  [400, 3],
  [401, 16],
  [413, 8],
  [415, 3],
  [500, 13],
  [503, 14],
]);
const UNKNOWN = 2;
