import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections (Linux from 32768, macOS from 49152): a connection could
 * take such a port while its server is down, and a client that keeps trying to reach a port of that range with nobody
 * listening may at last connect to itself.
 */
const PORT_MIN = 22_000;
const PORT_MAX = 32_767;
const TRIES_MAX = 100;

/**
 * Whoever is given a port listens on the port so far below it as long as its process lives. Without that, of two test
 * files that run at once the second is given the port of a server of the first that has not started yet or is down
 * for a moment, and each takes the other's server for its own.
 */
const GUARD_DISTANCE = 11_000;
const guards: Server[] = [];

/**
 * A TCP port of 127.0.0.1 that nobody listens on and that no other process is given while this one lives. For a
 * server that must come back on the same port after a restart; whatever can listen on port 0 does that instead, since
 * a process that does not ask here may take this one.
 */
export async function findFreePort(): Promise<number> {
  for (let i = 0; i < TRIES_MAX; i++) {
    const port = randomInt(PORT_MIN, PORT_MAX + 1);
    const guard = await listen(port - GUARD_DISTANCE);
    if (!guard) continue;
    if (await isFreePort(port)) {
      guards.push(guard.unref());
      return port;
    }
    guard.close();
  }
  throw new Error(`no free port among ${TRIES_MAX} tried between ${PORT_MIN} and ${PORT_MAX}`);
}

/** Whether nobody listens on this TCP port of 127.0.0.1 right now. */
export async function isFreePort(port: number): Promise<boolean> {
  const server = await listen(port);
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  return server !== undefined;
}

/** @returns undefined when somebody else listens there. */
function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
