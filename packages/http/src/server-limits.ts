import type http from 'node:http';

/** Total size of a request's header block; beyond it 431. Agents send 8 kB session and property headers, and several. */
export const HEADERS_BYTES_MAX = 64 * 1024;

/**
 * Limits of an HTTP server that faces clients. Pass to `createServer`, then call `applyServerLimits`.
 */
export const SERVER_OPTIONS: http.ServerOptions = {
  maxHeaderSize: HEADERS_BYTES_MAX,
  // A header block takes one round trip; who needs half a minute is a slow-headers attack.
  headersTimeout: 30_000,
  // From the first byte to the end of the request body: 20 MB at 34 kB/s. Answers are not bounded by it.
  requestTimeout: 600_000,
  // Longer than the 60 s after which common load balancers drop idle connections, so that they close first, not we.
  keepAliveTimeout: 72_000,
  connectionsCheckingInterval: 5_000,
};

/** The limits that a server takes only as properties. */
export function applyServerLimits(server: http.Server): void {
  // Node drops headers beyond this count without a word. The size of the block bounds them already.
  server.maxHeadersCount = 0;
}
