import { errorAnswer, invalidBodyAnswer } from '@throughline/contracts/api/error-answer';
import { LOG_BYTES_MAX, logBody, traceLogBody, typedLogBody } from '@throughline/contracts/api/log';
import { ERRORS, type ErrorCode } from '@throughline/contracts/errors';
import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject, ZodOpenApiResponseObject } from 'zod-openapi';
import { byStatus } from './route-errors.ts';

/**
 * The endpoints that take finished calls and spans, as OpenAPI has them. The gateway answers them, on the same address
 * (`docs/logging.md`).
 */
export function loggingPaths(): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const [segment, provider] of SEGMENTS) {
    paths[`/${segment}/v1/log`] = { post: workerLog(segment, provider) };
    paths[`/v1/trace/${segment}/v1/log`] = { post: traceLog(segment, `postTrace${title(segment)}V1Log`) };
    paths[`/v1/trace/${segment}/log`] = { post: traceLog(segment, `postTrace${title(segment)}Log`) };
  }
  paths['/v1/trace/custom/log/typed'] = { post: typedLog() };
  for (const [path, id] of TRACES) paths[path] = { post: traces(id) };
  return paths;
}

const SEGMENTS = [
  ['custom', 'the provider that the body names, else `CUSTOM`'],
  ['oai', '`OPENAI`'],
  ['anthropic', '`ANTHROPIC`'],
  ['googleapis', '`GOOGLE`'],
] as const;

const TRACES = [
  ['/v1/traces', 'postTraces'],
  ['/v1/trace/log', 'postTraceLog'],
  ['/v1/trace/log-python', 'postTraceLogPython'],
] as const;

const TAGS = ['log'];

const log = logBody.meta({ id: 'LogBody' });
const looseLog = traceLogBody.meta({ id: 'TraceLogBody' });
const strictLog = typedLogBody.meta({ id: 'TypedLogBody' });

const sentence = z.string().meta({ description: 'A sentence of the catalogue of errors' });
const invalidTyped = z.strictObject({
  isValid: z.literal(false),
  errors: z.array(z.strictObject({ field: z.string(), message: z.string() })),
});

const BYTES = `At most ${LOG_BYTES_MAX / 1024 / 1024} MiB, compressed or not.`;

function workerLog(segment: string, provider: string): ZodOpenApiOperationObject {
  return {
    operationId: `post${title(segment)}V1Log`,
    summary: 'Log a call that is finished',
    description: `Stored as one of ${provider}. Session, user and properties are headers, or stand in \`meta\`. ${BYTES}`,
    tags: TAGS,
    requestBody: { required: true, content: { 'application/json': { schema: log } } },
    responses: {
      '200': LOGGED,
      // Its answers are those that existing clients read, not the API's.
      ...refusals(['invalid-log', 'payload-too-large'], z.strictObject({ error: sentence }), true),
      ...refusals(
        ['unauthorized', 'key-without-bearer', 'key-not-well-formed', 'unknown-key', 'missing-permission'],
        z.strictObject({ error: sentence }),
        true,
      ),
      ...refusals(OF_LOGS, z.strictObject({ error: sentence })),
    },
  };
}

function traceLog(segment: string, operationId: string): ZodOpenApiOperationObject {
  return {
    operationId,
    summary: 'Log a call that is finished, with the answers of the API',
    description: `As \`/${segment}/v1/log\`; times may be texts. ${BYTES}`,
    tags: TAGS,
    requestBody: { required: true, content: { 'application/json': { schema: looseLog } } },
    responses: {
      '200': LOGGED,
      ...refusals(['invalid-log', 'malformed-json', ...OF_KEYS, 'body-too-large', ...OF_LOGS], errorAnswer),
      ...refusals(['invalid-body'], invalidBodyAnswer),
    },
  };
}

function typedLog(): ZodOpenApiOperationObject {
  return {
    operationId: 'postTraceCustomLogTyped',
    summary: 'Log a call that is finished, mistakes listed field by field',
    description: `Times are texts, \`meta\` and \`headers\` required, and one of \`json\` and \`textBody\`. ${BYTES}`,
    tags: TAGS,
    requestBody: { required: true, content: { 'application/json': { schema: strictLog } } },
    responses: {
      '200': LOGGED,
      ...refusals(['malformed-json'], z.union([invalidTyped, errorAnswer])),
      ...refusals([...OF_KEYS, 'body-too-large', ...OF_LOGS], errorAnswer),
      ...refusals(['invalid-body'], invalidBodyAnswer),
    },
  };
}

function traces(operationId: string): ZodOpenApiOperationObject {
  return {
    operationId,
    summary: 'Spans of OpenTelemetry',
    description: 'OTLP over HTTP. What is read of them, and the bounds of an export, are in `docs/logging.md`.',
    tags: TAGS,
    requestBody: {
      required: true,
      content: { 'application/json': { schema: spans }, 'application/x-protobuf': { schema: protobuf } },
    },
    responses: {
      '200': {
        description: 'Every span that tells of a step is in the log, but for those that are counted',
        content: { 'application/json': { schema: taken }, 'application/x-protobuf': { schema: protobuf } },
      },
      ...refusals(['invalid-trace', ...OF_KEYS, 'body-too-large', ...OF_LOGS], otlpError),
    },
  };
}

const protobuf = z.string().meta({ format: 'binary' });
const spans = z.looseObject({ resourceSpans: z.array(z.unknown()) }).meta({ id: 'OtlpTraces' });
const taken = z
  .strictObject({
    partialSuccess: z.strictObject({ rejectedSpans: z.string(), errorMessage: z.string() }).optional(),
  })
  .meta({ id: 'OtlpTracesTaken' });
const otlpError = z
  .strictObject({ ...errorAnswer.shape, code: z.int().meta({ description: 'As gRPC has them' }), message: sentence })
  .meta({ id: 'OtlpError' });

const LOGGED: ZodOpenApiResponseObject = {
  description: 'The call is in the log',
  headers: z.object({ 'Helicone-Id': z.string().meta({ description: 'The id under which it is found' }) }),
  content: { 'text/plain': { schema: z.literal('ok') } },
};

const OF_KEYS: readonly ErrorCode[] = ['no-key', 'unknown-key', 'missing-permission'];
const OF_LOGS: readonly ErrorCode[] = ['unknown-encoding', 'internal', 'log-refused', 'too-many-logs'];

/** @param isTextToo some of them are bare text. */
function refusals(
  codes: readonly ErrorCode[],
  schema: z.ZodType,
  isTextToo = false,
): Record<`${400}`, ZodOpenApiResponseObject> {
  const responses: Record<string, ZodOpenApiResponseObject> = {};
  for (const [status, named] of byStatus(codes)) {
    responses[`${status}`] = {
      description: named.map((code) => `\`${code}\`: ${ERRORS[code].sentence}`).join('\n\n'),
      content: { 'application/json': { schema }, ...(isTextToo && { 'text/plain': { schema: sentence } }) },
      'x-error-codes': named,
    };
  }
  return responses;
}

function title(segment: string): string {
  return `${segment[0]!.toUpperCase()}${segment.slice(1)}`;
}
