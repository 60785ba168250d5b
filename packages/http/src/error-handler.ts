import { ApiError } from '@throughline/contracts/errors';
import { newEventId } from '@throughline/contracts/ids';
import type { Logger } from '@throughline/telemetry/logger';
import type { ErrorRequestHandler, RequestHandler } from 'express';

/** The answer to a failed call of the JSON API: the envelope of the wire contract, 4.9 and 8.3. */
export function errorBody(error: ApiError): Record<string, unknown> {
  if (error.code === 'invalid-body') return { message: error.message, ...error.extra };
  const body: Record<string, unknown> = { data: null, error: error.message };
  if (error.status === 401) body.trace = 'isAuthenticated.error';
  return { ...body, ...error.extra };
}

/**
 * The last middleware of an app: renders `ApiError` from the catalogue, translates what Express and its body parsers
 * throw, and answers anything else with `internal`, whose id leads to the log line.
 */
export function apiErrorHandler({ logger }: { logger: Logger }): ErrorRequestHandler {
  return (thrown: unknown, _req, res, next) => {
    const error = toApiError(thrown);
    if (error.code === 'internal') logger.error({ err: error.cause, id: error.extra.id }, 'a request failed');
    // Too late for an answer: Express then cuts the connection, so that nobody takes half of one for the whole.
    if (res.headersSent) return next(thrown);
    res.status(error.status).json(errorBody(error));
  };
}

/** Mounted after every route: 404 with the envelope. */
export const unknownRoute: RequestHandler = (req, _res, next) => {
  next(new ApiError('unknown-route', { method: req.method, path: req.path }));
};

/** Whatever was thrown, as an error of the catalogue. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof Error) {
    // http-errors, as thrown by Express's body parsers and its path decoder, carry `type` and `status`.
    const { type, status, limit } = thrown as Error & { type?: string; status?: number; limit?: number };
    if (type === 'entity.too.large') return new ApiError('body-too-large', { limit: limit ?? 0 }, { cause: thrown });
    if (typeof status === 'number' && status >= 400 && status < 500) {
      const code = type === 'entity.parse.failed' ? 'malformed-json' : 'bad-request';
      return new ApiError(code, { reason: thrown.message }, { cause: thrown });
    }
  }
  const id = newEventId(0, Date.now());
  return new ApiError('internal', { id }, { cause: thrown, extra: { id } });
}
