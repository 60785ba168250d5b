import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Pairs } from '@throughline/contracts/request-event';
import { SERVER_OPTIONS } from '@throughline/http/server-limits';

export interface SeenCall {
  readonly method: string;
  /** As it stood in the request line. */
  readonly url: string;
  readonly headers: Pairs;
}

/** A server in place of a service, with the services' own limits, that knows what it was asked. */
export interface Stub extends AsyncDisposable {
  readonly port: number;
  readonly calls: SeenCall[];
  /** Connections made to it so far. */
  readonly connections: number;
  readonly server: http.Server;
}

/** @param handle default: reads the body and answers the name. */
export async function startStub(name: string, handle?: http.RequestListener): Promise<Stub> {
  const calls: SeenCall[] = [];
  let connections = 0;
  const server = http.createServer(SERVER_OPTIONS, (req, res) => {
    calls.push(seen(req));
    if (handle) return handle(req, res);
    req.resume().on('end', () => res.end(name));
  });
  server.on('connection', () => {
    connections++;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    calls,
    get connections() {
      return connections;
    },
    server,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

export function seen({ method = '', url = '', rawHeaders }: http.IncomingMessage): SeenCall {
  const headers: [string, string][] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) headers.push([rawHeaders[i]!, rawHeaders[i + 1]!]);
  return { method, url, headers };
}
