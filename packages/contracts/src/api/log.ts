import { z } from 'zod';

/** Bytes of a call of the log endpoints: wire contract 3.3. */
export const LOG_BYTES_MAX = 10 * 1024 * 1024;

/** Whatever is there, left as it is: what is logged is data, and is not copied key by key. */
const present = z.custom<unknown>((value) => value !== undefined && value !== null, 'is required');
const object = z
  .custom<Record<string, unknown>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'must be an object',
  )
  // For the OpenAPI document, which cannot know what a function checks.
  .meta({ type: 'object', additionalProperties: true });
const logUrl = z.string('must be a string');
const status = z.number('must be a number');
/** Of a provider that a client names itself. */
const provider = z.string('must be a string').nullish();
const cost = z.number('must be a number').nonnegative('must not be negative').nullish();
const timeToFirstToken = z.number('must be a number').nullish();

const part = z.number('must be a number').nonnegative('must not be negative');
const instant = z.object({ seconds: part, milliseconds: part }, 'must be {seconds, milliseconds}');

const providerRequest = z.object({ url: logUrl, json: present, meta: object.nullish() }, 'is required');
const providerResponse = z.object(
  {
    json: present,
    textBody: z.string('must be a string').nullish(),
    status,
    headers: object.nullish(),
    cost,
  },
  'is required',
);

/** Body of `POST /custom/v1/log`, `/oai/v1/log`, `/anthropic/v1/log`, `/googleapis/v1/log`. */
export const logBody = z.object(
  {
    providerRequest,
    providerResponse,
    timing: z.object({ startTime: instant, endTime: instant, timeToFirstToken }, 'must be an object').nullish(),
    provider,
  },
  'must be an object',
);

/** The API form also takes texts for times: ISO dates, and digits. */
const looseInstant = z.union([
  z.string(),
  z.number(),
  z.object({ seconds: z.union([part, z.string()]), milliseconds: z.union([part, z.string()]).optional() }),
]);

/** Body of `POST /v1/trace/custom/v1/log` and its like. */
export const traceLogBody = z.object({
  providerRequest,
  providerResponse,
  timing: z.object({ startTime: looseInstant, endTime: looseInstant, timeToFirstToken }).nullish(),
  provider,
});

/** Body of `POST /v1/trace/custom/log/typed`: headers are required, and one of the two forms of a response is. */
export const typedLogBody = z.object({
  providerRequest: z.object({ url: logUrl, json: present, meta: object }),
  providerResponse: z.object({
    json: z.unknown().optional(),
    textBody: z.string().nullish(),
    status,
    headers: object,
    cost,
  }),
  timing: z.object({ startTime: z.string(), endTime: z.string(), timeToFirstToken }).nullish(),
  provider,
});

export type LogBody = z.infer<typeof logBody>;
export type TraceLogBody = z.infer<typeof traceLogBody>;
export type TypedLogBody = z.infer<typeof typedLogBody>;
