import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy on loopback that breaks connections where a test wants it. */
export interface CuttingProxy extends AsyncDisposable {
  readonly url: string;
  /** Resets the connection that carries the `bytes`-th byte from now on towards the server, which gets those before it. */
  cutAfter(bytes: number): void;
  /** Likewise for bytes from the server. */
  cutAnswerAfter(bytes: number): void;
  /** Connections that are there get a reset when they are used again: what a router does that has forgotten them. */
  forget(): void;
  /** How many were made. */
  readonly connections: number;
}

export async function startCuttingProxy(port: number): Promise<CuttingProxy> {
  const pairs = new Set<{ client: Socket; server: Socket; forgotten: boolean }>();
  const left = { toServer: Number.POSITIVE_INFINITY, toClient: Number.POSITIVE_INFINITY };
  let connections = 0;

  const listener = createServer((client) => {
    connections++;
    const pair = { client, server: connect(port, '127.0.0.1'), forgotten: false };
    pairs.add(pair);
    const reset = () => {
      client.resetAndDestroy();
      pair.server.resetAndDestroy();
    };
    const relay = (from: Socket, to: Socket, direction: keyof typeof left) => {
      from.on('data', (bytes) => {
        if (pair.forgotten) return reset();
        if (bytes.length < left[direction]) {
          left[direction] -= bytes.length;
          to.write(bytes);
          return;
        }
        to.write(bytes.subarray(0, left[direction]), reset);
        left[direction] = Number.POSITIVE_INFINITY;
        from.pause();
      });
      from.on('error', () => {});
      from.on('close', () => {
        pairs.delete(pair);
        to.destroy();
      });
    };
    relay(client, pair.server, 'toServer');
    relay(pair.server, client, 'toClient');
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');

  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    cutAfter(bytes) {
      left.toServer = bytes;
    },
    cutAnswerAfter(bytes) {
      left.toClient = bytes;
    },
    forget() {
      for (const pair of pairs) pair.forgotten = true;
    },
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const { client } of pairs) client.destroy();
    },
  };
}
