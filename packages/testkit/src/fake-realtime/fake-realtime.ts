import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { RealtimeScene } from './realtime-scene.ts';

/** A provider of the realtime API on loopback. What it does with a response its `response.create` says: see `RealtimeScene`. */
export interface FakeRealtime extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** Upgrades seen, refused ones too, newest last. */
  readonly requests: readonly IncomingMessage[];
  /** Sockets that were opened, newest last. */
  readonly sockets: readonly WebSocket[];
  /** What came over all of them, as text, oldest first. */
  readonly received: readonly string[];
  close(): Promise<void>;
}

export interface FakeRealtimeOptions {
  /** Answers upgrades with this instead. */
  readonly refusal?: { readonly status: number; readonly headers?: Record<string, string>; readonly body: string };
  /** Plays a socket in place of `RealtimeScene`. */
  readonly play?: (socket: WebSocket, req: IncomingMessage) => void;
}

export async function startFakeRealtime({ refusal, play }: FakeRealtimeOptions = {}): Promise<FakeRealtime> {
  const requests: IncomingMessage[] = [];
  const sockets: WebSocket[] = [];
  const received: string[] = [];
  const server = createServer((_req, res) => res.writeHead(404).end());
  const upgrades = new WebSocketServer({
    noServer: true,
    // As OpenAI: of what a browser offers, the key is not repeated.
    handleProtocols: (protocols) => (protocols.has('realtime') ? 'realtime' : false),
  });
  upgrades.on('headers', (lines) => lines.push('x-request-id: req_fake', 'openai-processing-ms: 7'));
  server.on('upgrade', (req, socket, head) => {
    requests.push(req);
    if (refusal) {
      const { status, headers = {}, body } = refusal;
      const lines = Object.entries({ 'content-type': 'application/json', ...headers }).map((pair) => pair.join(': '));
      const length = `content-length: ${Buffer.byteLength(body)}`;
      socket.end([`HTTP/1.1 ${status} No`, ...lines, length, '', body].join('\r\n'));
      return;
    }
    upgrades.handleUpgrade(req, socket, head, (accepted) => {
      sockets.push(accepted);
      accepted.on('error', () => {});
      accepted.on('message', (data) => received.push(String(data)));
      if (play) play(accepted, req);
      else new RealtimeScene(accepted, new URL(req.url ?? '/', 'http://fake').searchParams.get('model') ?? '').begin();
    });
  });
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    for (const socket of sockets) socket.terminate();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { origin: `http://127.0.0.1:${port}`, requests, sockets, received, close, [Symbol.asyncDispose]: close };
}
