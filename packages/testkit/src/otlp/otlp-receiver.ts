import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { Hopeless, waitFor } from '../wait-for.ts';
import { decodeOtlpJson } from './decode-otlp-json.ts';
import { decodeOtlpProtobuf } from './decode-otlp-protobuf.ts';
import type { ReceivedSpan } from './received-span.ts';

/** What a collector does with what it is sent. */
export type OtlpBehaviour =
  | 'take'
  /** Reads and never answers. */
  | 'hold'
  /** Answers 503. */
  | 'refuse';

/** A collector's OTLP/HTTP endpoint for traces on loopback, protobuf and JSON. */
export interface OtlpReceiver extends AsyncDisposable {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly endpoint: string;
  behaviour: OtlpBehaviour;
  /** Everything taken, in the order of its arrival. */
  readonly spans: readonly ReceivedSpan[];
  /** Of each request, whatever became of it. */
  readonly requests: readonly { readonly path: string; readonly headers: IncomingHttpHeaders }[];
  /** Requests that are held. */
  readonly held: number;
  /** Answers those, and holds no more. */
  release(): void;
  /** The spans that fit, once there are `count` of them. */
  received(count: number, fits: (span: ReceivedSpan) => boolean, what: string): Promise<ReceivedSpan[]>;
  close(): Promise<void>;
}

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const requests: { path: string; headers: IncomingHttpHeaders }[] = [];
  const held = new Set<ServerResponse>();
  let failure: unknown;
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of req) chunks.push(chunk as Buffer);
    } catch {
      // Whoever sent it has gone.
      return;
    }
    requests.push({ path: req.url!, headers: req.headers });
    if (receiver.behaviour === 'hold') {
      held.add(res);
      res.once('close', () => held.delete(res));
      return;
    }
    if (receiver.behaviour === 'refuse') {
      res.writeHead(503).end();
      return;
    }
    try {
      const sent = Buffer.concat(chunks);
      const body = req.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
      const isJson = req.headers['content-type'] === 'application/json';
      spans.push(...(isJson ? decodeOtlpJson(body) : decodeOtlpProtobuf(body)));
      res.writeHead(200, { 'content-type': req.headers['content-type'] }).end(isJson ? '{}' : '');
    } catch (error) {
      failure = error;
      res.writeHead(400).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const receiver: OtlpReceiver = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behaviour: 'take',
    spans,
    requests,
    get held() {
      return held.size;
    },
    release() {
      receiver.behaviour = 'take';
      for (const res of held) res.writeHead(200).end();
    },
    received: (count, fits, what) =>
      waitFor(
        () => {
          if (failure) throw new Hopeless(`what was sent cannot be read: ${failure}`);
          const fitting = spans.filter(fits);
          if (fitting.length >= count) return fitting;
          throw new Error(
            `of ${spans.length} spans, ${fitting.length} fit: ${spans.map(({ name }) => name).join(', ')}`,
          );
        },
        { what },
      ),
    close,
    [Symbol.asyncDispose]: close,
  };
  return receiver;
}
