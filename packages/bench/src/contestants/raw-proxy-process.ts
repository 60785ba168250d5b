/**
 * The reference: a pass-through on bare Node http and undici, as small as a correct one can be. Reads the request whole,
 * streams the answer with back-pressure, drops what ends at this hop, stops upstream when the client leaves. No
 * routing, no recording.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Dispatcher, Pool } from 'undici';
import { argument, onParentGone, tellParent } from '../processes/parent.ts';

const pool = new Pool(argument('upstream'), { connections: 2048, headersTimeout: 600_000, bodyTimeout: 600_000 });

const server = http.createServer({ keepAliveTimeout: 72_000 }, (req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    pool.dispatch(
      {
        method: req.method as Dispatcher.HttpMethod,
        path: req.url!,
        headers: forwarded(req.rawHeaders, DROPPED_UP),
        body,
      },
      new Exchange(res),
    );
  });
});

class Exchange implements Dispatcher.DispatchHandler {
  readonly #res: http.ServerResponse;
  #controller: Dispatcher.DispatchController | undefined;
  #isDone = false;

  constructor(res: http.ServerResponse) {
    this.#res = res;
    res.on('close', () => {
      if (!this.#isDone) this.#controller?.abort(new Error('the client has left'));
    });
    res.on('drain', () => this.#controller?.resume());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) return;
    const raw = (controller.rawHeaders as Buffer[]).map((text) => text.toString('latin1'));
    this.#res.writeHead(status, forwarded(raw, DROPPED_DOWN));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#res.write(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    this.#isDone = true;
    this.#res.end();
  }

  onResponseError(): void {
    this.#isDone = true;
    this.#res.destroy();
  }
}

/** What goes on to the next hop: the gateway keeps back the same. */
function forwarded(raw: readonly string[], dropped: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase();
    if (!dropped.has(name) && !name.startsWith('helicone-')) kept.push(raw[i]!, raw[i + 1]!);
  }
  return kept;
}

const DROPPED_DOWN = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te']);
/** undici writes these itself. */
const DROPPED_UP = new Set([...DROPPED_DOWN, 'host', 'content-length']);

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () =>
  tellParent({ port: (server.address() as AddressInfo).port }),
);
onParentGone(() => {
  server.closeAllConnections();
});
