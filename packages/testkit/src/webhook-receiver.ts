import { createHmac } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What a receiver of webhooks was sent. */
export interface Received {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  /** As it came. */
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: asserted on, field by field
  readonly json: any;
}

/** How it answers; undefined: never. */
export type WebhookAnswer = (received: Received, number: number) => WebhookStatus | undefined;

export interface WebhookStatus {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A receiver of webhooks on loopback, which notes everything that it is sent. */
export interface WebhookReceiver {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** `127.0.0.1:<port>` */
  readonly host: string;
  readonly received: readonly Received[];
  /** Connections that were made to it, whether or not anything came. */
  readonly connections: number;
  answer: WebhookAnswer;
  close(): Promise<void>;
}

export async function startWebhookReceiver(answer: WebhookAnswer = () => ({ status: 200 })): Promise<WebhookReceiver> {
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = http.createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const one = { path: req.url ?? '', headers: req.headers, text, json: JSON.parse(text) };
    received.push(one);
    const reply = receiver.answer(one, received.length);
    if (reply) res.writeHead(reply.status, reply.headers).end(reply.body);
  });
  server.on('connection', (socket) => {
    connections++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const receiver: WebhookReceiver = {
    url: `http://${host}`,
    host,
    received,
    get connections() {
      return connections;
    },
    answer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return receiver;
}

/** Whether a receiver that was given this secret takes what came for genuine: as Helicone's documentation has it verified. */
export function isSignedFor(secret: string, { headers, json }: Received): boolean {
  const expected = createHmac('sha256', secret).update(JSON.stringify(json)).digest('hex');
  return headers['helicone-signature'] === expected;
}

/** The same, as Standard Webhooks has it verified, whose time is in seconds. */
export function isStandardSigned(secret: string, { headers, text }: Received): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = headers;
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${at}.${text}`).digest('base64');
  return signature === `v1,${expected}`;
}
