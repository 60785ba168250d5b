import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections (Linux from 32768, macOS from 49152): a connection could
 * take such a port while its server is down, and a client that keeps trying to reach a port of that range with nobody
 * listening may at last connect to itself.
 */
const PORT_MIN = 20_000;
const PORT_MAX = 32_767;
const TRIES_MAX = 100;

/**
 * A TCP port of 127.0.0.1 that nobody listens on right now. For a server that must come back on the same port after a
 * restart; whatever can listen on port 0 does that instead, since another process may take this one in between.
 */
export async function findFreePort(): Promise<number> {
  for (let i = 0; i < TRIES_MAX; i++) {
    const port = randomInt(PORT_MIN, PORT_MAX + 1);
    if (await isFreePort(port)) return port;
  }
  throw new Error(`no free port among ${TRIES_MAX} tried between ${PORT_MIN} and ${PORT_MAX}`);
}

/** Whether nobody listens on this TCP port of 127.0.0.1 right now. */
export function isFreePort(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
