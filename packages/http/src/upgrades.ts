import type http from 'node:http';
import type { Duplex } from 'node:stream';
import { isLoopbackHost } from './loopback-host.ts';

/** Calls that become something other than HTTP: sockets. */
export interface UpgradeRoute {
  /** Whether it is one of these. Any other call is answered as if its client had asked for no upgrade. */
  takes(req: http.IncomingMessage): boolean;
  /** @param head what came of the new protocol already. */
  take(req: http.IncomingMessage, socket: Duplex, head: Buffer): void;
}

/**
 * Has a server offer its upgrades to a route. Without it a server takes no notice of `Upgrade`.
 *
 * @param options of the server, which the answer holds as well: pass it to `createServer`.
 * @param isLoopback the server is bound to loopback: `loopbackHostCheck` holds for upgrades too, and answers those that
 *   it refuses.
 */
export function withUpgrades(
  options: http.ServerOptions,
  route: UpgradeRoute,
  { isLoopback }: { readonly isLoopback: boolean },
): http.ServerOptions {
  const takes = (req: http.IncomingMessage) =>
    (!isLoopback || isLoopbackHost(req.headers.host ?? '')) && route.takes(req);
  return { ...options, shouldUpgradeCallback: takes };
}

/** Goes with `withUpgrades`. */
export function serveUpgrades(server: http.Server, route: UpgradeRoute): void {
  server.on('upgrade', (req, socket, head) => route.take(req, socket, head));
}
