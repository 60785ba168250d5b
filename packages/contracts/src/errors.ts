/**
 * The catalogue of HTTP errors: code → status and sentence. `docs/errors.md` lists the same codes, and a test compares.
 * `{x}` in a sentence is filled from the parameters of `ApiError`.
 */
export const ERRORS = {
  // Keys and permissions (wire contract 8.3)
  'no-key': { status: 401, sentence: 'No authorization header' },
  'unknown-key': { status: 401, sentence: 'No API key found' },
  'keys-unavailable': {
    status: 503,
    sentence: 'The key is not known here and cannot be looked up at the moment; try again in a few seconds',
  },
  'missing-permission': {
    status: 401,
    sentence: 'This key lacks the permission {permission}; use a key that has it',
  },
  'invalid-auth-header': { status: 401, sentence: 'Invalid auth header' },
  'invalid-auth-header-format': { status: 401, sentence: 'Invalid auth header format' },
  'foreign-host': {
    status: 403,
    sentence: 'Host {host} is not a loopback name; on loopback, call http://127.0.0.1 or http://localhost',
  },
  'foreign-origin': {
    status: 403,
    sentence: 'Pages of {origin} may not open sockets here; CORS_ORIGINS={origin} would allow it',
  },

  // Requests to the JSON API
  'malformed-json': { status: 400, sentence: 'The body is not JSON: {reason}' },
  'bad-request': { status: 400, sentence: 'The request cannot be read: {reason}' },
  'invalid-body': { status: 422, sentence: 'Validation Failed' },
  'invalid-timezone': { status: 400, sentence: 'Invalid timezone difference' },
  'invalid-time-filter': { status: 400, sentence: 'Invalid time filter' },
  'invalid-time-increment': { status: 400, sentence: 'Invalid time increment' },
  'invalid-time-zone': { status: 400, sentence: 'Invalid time zone difference' },
  'too-many-intervals': {
    status: 400,
    sentence: 'This is more than {max} points of one {increment} each: choose a longer increment or a shorter range',
  },
  'invalid-metric': { status: 400, sentence: 'Invalid metric: it is one of {metrics}' },
  'invalid-parameter': { status: 400, sentence: 'The query parameter {name} has to be {expected}' },
  'invalid-limit': { status: 400, sentence: 'invalid limit' },
  'limit-too-high': { status: 400, sentence: 'Limit cannot be greater than {max}' },
  'invalid-offset': { status: 400, sentence: 'unsupport offset value' },
  'too-many-ids': { status: 400, sentence: 'These are {count} request ids: at most {max} can be asked for at a time' },
  'invalid-cursor': { status: 400, sentence: 'The cursor is not one that this endpoint gave; start again without it' },
  'unsupported-filter': { status: 400, sentence: 'The filter cannot be used here: {reason}' },
  'body-too-large': { status: 413, sentence: 'The body is larger than {limit} bytes' },
  'unknown-route': { status: 404, sentence: 'No such endpoint: {method} {path}' },
  'unknown-session': { status: 404, sentence: 'Session not found' },
  'unknown-request': { status: 404, sentence: 'Request not found' },
  'no-request-found': { status: 404, sentence: 'No request found' },
  'invalid-request-id': { status: 400, sentence: 'Invalid requestId: must be a valid UUID' },
  'invalid-score': { status: 400, sentence: 'Score {name} is neither an integer nor a boolean' },
  'fixed-property': {
    status: 400,
    sentence: '{key} says which session a request belongs to, and cannot be changed after it was logged',
  },
  'too-many-values': { status: 400, sentence: 'This would be more than {max} {what}' },
  'annotation-refused': {
    status: 503,
    sentence:
      'The event log takes nothing at the moment, because it is full or its disk is: nothing was changed; try again',
  },
  'deletion-incomplete': {
    status: 503,
    sentence:
      'Some of it is deleted, and some of it the event log did not take, because it is full or its disk is: send it again',
  },
  'not-shown-yet': {
    status: 503,
    sentence: 'It is recorded and will show, but not within the time of this call; there is no need to send it again',
  },
  'unknown-api-key': { status: 404, sentence: 'API key not found' },
  'bootstrap-key': {
    status: 400,
    sentence: 'The bootstrap key is set by THROUGHLINE_API_KEY: it can be neither changed nor deleted here',
  },
  'too-many-keys': { status: 400, sentence: 'A tenant has at most {max} keys: delete one first' },
  'unknown-view': { status: 404, sentence: 'View not found' },
  'view-name-taken': { status: 409, sentence: 'There is a view of this name already' },
  'too-many-views': { status: 400, sentence: 'A tenant has at most {max} views: delete one first' },
  'unknown-webhook': { status: 404, sentence: 'Webhook not found' },
  'too-many-webhooks': { status: 400, sentence: 'A tenant has at most {max} webhooks: delete one first' },
  'invalid-destination': {
    status: 400,
    sentence: 'The destination is not an absolute URL without user and password: {value}',
  },
  'insecure-destination': {
    status: 400,
    sentence: 'What is sent to {host} could be read on its way: the destination should begin with https://',
  },
  'invalid-delivery-state': { status: 400, sentence: 'A state is one of {states}' },
  'invalid-expiry': { status: 400, sentence: 'expires_at must be in the future, and before the year 2300' },
  'invalid-body-link': {
    status: 403,
    sentence: 'This link to bodies is not valid, or no longer: ask for the request again to have a new one',
  },
  'too-many-queries': {
    status: 429,
    sentence: 'Too many requests, please try again later. Queries of this tenant under way have to end first.',
  },
  'too-many-streams': {
    status: 429,
    sentence: 'There are {max} streams of live updates open already, as many as there may be: close one first',
  },
  'invalid-login': {
    status: 403,
    sentence: 'This link has been used, or is too old: `throughline login` prints a new one',
  },
  'too-many-logins': { status: 429, sentence: 'Too many links that are not valid were tried: try again in a minute' },
  'foreign-login': {
    status: 403,
    sentence: 'Pages of {origin} may not sign in here: open the link itself, as `throughline login` prints it',
  },
  'unknown-dead-letter': { status: 404, sentence: 'There is no dead letter at {place}' },
  'replay-refused': { status: 400, sentence: '{reason}' },
  'invalid-minutes': { status: 400, sentence: 'minutes is a whole number from 1 to {max}' },
  'too-many-exports': {
    status: 429,
    sentence: 'There are {max} exports of this tenant under way, as many as there may be: one has to end first',
  },
  'invalid-replay': { status: 400, sentence: 'The replay cannot be done as it is asked for: {reason}' },
  'not-replayable': {
    status: 409,
    sentence: 'Steps that cannot be replayed: {count}. Of the first, {path}: {reason}',
  },
  'session-exists': { status: 409, sentence: 'There is a session of the id {id} already: a replay makes a new one' },
  'too-many-replays': {
    status: 429,
    sentence: 'There are {max} replays of this tenant under way, as many as there may be: one has to end first',
  },
  'invalid-replay-id': { status: 400, sentence: 'Invalid replayId: must be a valid UUID' },
  'unknown-replay': {
    status: 404,
    sentence: 'There is no such replay: they are kept for an hour, by the instance that was asked for them',
  },
  'session-changed': { status: 503, sentence: 'Requests of the session were deleted while it was read: try again' },
  'invalid-session-id': { status: 400, sentence: 'The id of a session is a text of 1 to {max} characters' },
  'invalid-bundle': {
    status: 400,
    sentence: 'The file cannot be imported: line {line} {reason}; nothing was recorded',
  },
  'session-is-there': {
    status: 409,
    sentence: 'There is a session {id} already, {reason}: give this one another id (?as=, --as); nothing was recorded',
  },
  'requests-are-there': {
    status: 409,
    sentence:
      'Request {request} of the file is there already, {place}: give the session another id (?as=, --as), so that its requests get ids of their own; nothing was recorded',
  },
  'too-many-imports': { status: 429, sentence: 'Another import of this tenant is under way: it has to end first' },
  'import-refused': {
    status: 503,
    sentence: 'There is no room on disk for the file: nothing was recorded; try again',
  },
  'import-incomplete': {
    status: 503,
    sentence:
      'The event log takes no more, because it is full or its disk is: {done} of {missing} requests were recorded; send the file again, and the others follow',
  },
  'query-timeout': { status: 503, sentence: 'Query timeout. Try a shorter time range or simpler filters.' },
  'query-too-large': {
    status: 503,
    sentence: 'Query used too much memory. Try a shorter time range or simpler filters.',
  },
  'store-unavailable': { status: 503, sentence: 'The store does not answer; try again in a moment' },
  internal: { status: 500, sentence: 'Something failed on our side; the log has it under {id}' },

  // Log endpoints (wire contract 3.3) and traces
  unauthorized: { status: 401, sentence: 'Unauthorized' },
  'key-without-bearer': { status: 401, sentence: 'Must included Bearer in API Key' },
  'key-not-well-formed': { status: 401, sentence: 'API Key is not well formed' },
  'payload-too-large': { status: 400, sentence: 'Payload too large' },
  'invalid-log': { status: 400, sentence: '{reason}' },
  'invalid-trace': { status: 400, sentence: 'The body is no OTLP export of traces: {reason}' },
  'unknown-encoding': {
    status: 415,
    sentence: 'Content-Encoding {encoding} is not read here: send gzip, deflate, br, zstd or none',
  },
  'log-refused': {
    status: 503,
    sentence:
      'The event log takes nothing at the moment, because it is full or its disk is: nothing was recorded; try again',
  },
  'too-many-logs': { status: 503, sentence: 'Too much is being logged at the same time; try again in a second' },

  // Gateway
  'too-many-headers': { status: 431, sentence: 'These are {count} {what}: a call has at most {max}' },
  'too-many-calls': {
    status: 429,
    sentence: 'This key has {max} calls under way, as many as it may at a time; try again when one of them has ended',
  },
  'rate-limited': {
    status: 429,
    sentence:
      'The rate limit of this call, {policy}, is reached; Helicone-RateLimit-Reset says in how many seconds there is room',
  },
  'request-too-slow': {
    status: 408,
    sentence: 'For {ms} ms less than {bytes} bytes of the body came: the call was given up',
  },
  'unknown-provider': {
    status: 400,
    sentence: 'Invalid provider',
  },
  'invalid-provider-path': { status: 400, sentence: 'Invalid path: calls to {provider} begin with {prefix}' },
  'missing-target': { status: 400, sentence: 'Missing target base url' },
  'invalid-target': { status: 400, sentence: 'Helicone-Target-URL is not an absolute http(s) URL: {value}' },
  'target-not-allowed': {
    status: 403,
    sentence: '{host} is not a public address; ALLOWED_TARGETS={host} would allow it',
  },
  'target-needs-key': {
    status: 401,
    sentence: 'The generic gateway needs a valid Helicone-Auth key when it is not bound to loopback',
  },
  'invalid-api-base': { status: 400, sentence: 'Invalid API base "{value}"' },
  'invalid-header': { status: 400, sentence: 'Header {name} is not valid: {reason}' },
  'cassette-miss': { status: 422, sentence: 'No recorded call of session {session} is the same as this one: {reason}' },
  'cassette-of-itself': {
    status: 400,
    sentence:
      'This call belongs to session {session}, which it is to be answered from: give the run a session id of its own',
  },
  'cassette-too-large': {
    status: 422,
    sentence: 'The answers of this session are more than {max} bytes: it cannot be replayed',
  },
  'bodies-missing': {
    status: 409,
    sentence: 'Calls of this session have no whole bodies, and cannot be replayed: {steps}',
  },
  'cache-bucket-too-large': { status: 400, sentence: 'Cache bucket size cannot be greater than 20' },
  'not-offered': { status: 501, sentence: '{feature} is not offered; {instead}' },
  'upstream-unreachable': { status: 502, sentence: 'The provider at {host} cannot be reached: {reason}' },
  'upstream-timeout': { status: 504, sentence: 'The provider at {host} did not answer within {ms} ms' },
} as const satisfies Record<string, { status: number; sentence: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** An error whose answer is in the catalogue. Thrown by routes, rendered once by the service's error handler. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  /** Extra fields for the answer, e.g. `details` of a validation error. */
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    params: Readonly<Record<string, string | number>> = {},
    options: { cause?: unknown; extra?: Record<string, unknown> } = {},
  ) {
    const { status, sentence } = ERRORS[code];
    super(
      sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? '')),
      { cause: options.cause },
    );
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.extra = options.extra ?? {};
  }
}

/** Why a proxied call was not recorded: the values of `Throughline-Recorded: no; reason=…`. */
export const NOT_RECORDED_REASONS = {
  'no-key': 'no Helicone key was given, and the gateway is not bound to loopback',
  'unknown-key': 'the Helicone key is not known',
  'missing-permission': 'the Helicone key may not write',
  'log-full': 'the event log has no room: raise OUTBOX_BYTES_MAX or free disk space',
  'log-failed': 'the event log cannot be written',
  'capture-full': 'too many bytes are being captured at once',
} as const;

export type NotRecordedReason = keyof typeof NOT_RECORDED_REASONS;
