import type { ServerResponse } from 'node:http';
import type { ApiError } from '@throughline/contracts/errors';

/** The gateway's own answers have one shape (wire contract 1.6): every field that existing clients look for. */
export function gatewayErrorBody(error: ApiError): Buffer {
  return Buffer.from(
    JSON.stringify({
      error: error.message,
      message: error.message,
      'helicone-message': error.message,
      'helicone-error': error.code,
      support: `docs/errors.md, ${error.code}`,
      ...error.extra,
    }),
  );
}

/** Header names and values, alternating, of such an answer. */
export function gatewayErrorHeaders(error: ApiError, body: Buffer): string[] {
  const headers = ['Content-Type', 'application/json', 'Content-Length', String(body.length)];
  if (error.code === 'internal') headers.push('Helicone-Error', 'true');
  if (error.code === 'too-many-calls') headers.push('Retry-After', '1');
  return headers;
}

/** Answers a call that never went upstream. What the client still sends is thrown away. */
export function sendGatewayError(res: ServerResponse, error: ApiError): void {
  const body = gatewayErrorBody(error);
  res.req.resume();
  res.writeHead(error.status, gatewayErrorHeaders(error, body));
  res.end(body);
}
