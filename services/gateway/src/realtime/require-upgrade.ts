import type { IncomingMessage } from 'node:http';
import { ApiError } from '@throughline/contracts/errors';
import { isLoopbackHost } from '@throughline/http/loopback-host';
import type { GatewayConfig } from '../gateway-config.ts';

/** What the client asks for is what we ask the provider for: it must be asking properly. @throws ApiError */
export function requireHandshake({ headers }: IncomingMessage): void {
  if (!KEY.test(headers['sec-websocket-key'] ?? '') || headers['sec-websocket-version'] !== '13') {
    throw new ApiError('bad-request', { reason: 'no WebSocket handshake of version 13' });
  }
}

const KEY = /^[+/0-9a-z]{22}==$/i;

/**
 * Pages of any site may open sockets to this machine, where no key is asked for.
 *
 * @throws ApiError `foreign-origin`
 */
export function requireOrigin({ headers }: IncomingMessage, { loopback, browserOrigins }: GatewayConfig): void {
  const { origin } = headers;
  if (!loopback || origin === undefined) return;
  if (browserOrigins.includes(origin) || browserOrigins.includes('*')) return;
  if (!isLoopbackHost(URL.parse(origin)?.host ?? ''))
    throw new ApiError('foreign-origin', { origin: origin.slice(0, 200) });
}
