import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pairs } from '@throughline/contracts/request-event';
import { createRandom, hashText } from '../seed.ts';
import { chooseReply } from './choose-reply.ts';
import type { Exchange } from './exchange.ts';
import { type FakeReply, type FakeRequest, type FakeVendor, isJsonObject, type JsonObject } from './reply.ts';
import { type FakeScript, parseScript, SCRIPT_HEADER } from './script.ts';
import { sendReply } from './send-reply.ts';
import { vendorHeaders } from './vendor-headers.ts';

/**
 * A provider on loopback that plays OpenAI (or one of those that speak its API), Anthropic, Gemini and Bedrock, well or
 * badly, and remembers every exchange.
 */
export interface FakeProvider extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** The newest ones, oldest first; at most `exchangesMax`. */
  readonly exchanges: readonly Exchange[];
  /** The newest exchange. @throws when there was none. */
  last(): Exchange;
  /** The exchange that an answer names in `x-fake-exchange`. @throws when it is not (or no longer) known. */
  exchange(id: number | string): Exchange;
  /** Scripts for the next requests that carry none of their own, one each, in order of arrival. */
  enqueue(...scripts: readonly FakeScript[]): void;
  /** What requests get for which nothing else is said; `{}` at first. */
  setDefault(script: FakeScript): void;
  /** Ends all connections, stalled ones too. */
  close(): Promise<void>;
}

/** Kept exchanges by default: more than any one test makes, and bounded under load. */
const EXCHANGES_MAX = 1_000;

/** Request heads up to this size are taken: tests send headers of 8 kB and several of them. */
const HEADER_BYTES_MAX = 256 * 1024;

/**
 * Starts a fake provider, by default on a free port of 127.0.0.1. `vendor` says who it is to those whose paths are
 * OpenAI's; `/openai/deployments/…` is Azure's whoever it is.
 *
 * What it does with a request is said by a script (`script.ts`): in the request's header `x-fake-script` or its query
 * parameter of that name, else the next of `enqueue`, else the default. Every answer carries `x-fake-exchange`, the id
 * of the exchange, `x-fake-usage`, what it says about usage as JSON (see `FakeUsage`; `null` when nothing), and, where a
 * fault is to come, its kind in `x-fake-fault`.
 */
export async function startFakeProvider(
  options: { host?: string; port?: number; exchangesMax?: number; vendor?: FakeVendor } = {},
): Promise<FakeProvider> {
  const vendor = options.vendor ?? 'openai';
  const exchangesMax = options.exchangesMax ?? EXCHANGES_MAX;
  const exchanges: OpenExchange[] = [];
  const queue: FakeScript[] = [];
  const closing = new AbortController();
  let byDefault: FakeScript = {};
  let lastId = 0;

  const server = createServer({ maxHeaderSize: HEADER_BYTES_MAX, keepAliveTimeout: 60_000 }, (req, res) => {
    lastId++;
    const exchange = openExchange(lastId, req);
    exchanges.push(exchange);
    if (exchanges.length > exchangesMax) exchanges.splice(0, exchanges.length - exchangesMax);
    serve(req, res, exchange).catch((error: unknown) => {
      // A bug of ours or a script that is none: say so where the test will see it.
      if (!res.headersSent) res.writeHead(599, { 'content-type': 'text/plain', connection: 'close' });
      res.end(`fake provider: ${error instanceof Error ? error.message : String(error)}`);
    });
  });
  // Many tests leave idle connections of their clients behind; they must not keep the process alive.
  server.unref();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  const close = () =>
    new Promise<void>((resolve) => {
      closing.abort(new Error('the fake provider closes'));
      server.close(() => resolve());
      server.closeAllConnections();
    });

  return {
    origin: `http://127.0.0.1:${port}`,
    exchanges,
    last() {
      const exchange = exchanges.at(-1);
      if (!exchange) throw new Error('the fake provider has received nothing');
      return exchange;
    },
    exchange(id) {
      const exchange = exchanges.find((candidate) => candidate.id === Number(id));
      if (!exchange) throw new Error(`the fake provider knows no exchange ${id}`);
      return exchange;
    },
    enqueue: (...scripts) => void queue.push(...scripts),
    setDefault(script) {
      byDefault = script;
    },
    close,
    [Symbol.asyncDispose]: close,
  };

  async function serve(req: IncomingMessage, res: ServerResponse, exchange: OpenExchange): Promise<void> {
    const gone = new AbortController();
    res.once('close', () => gone.abort(new Error('the client has gone')));
    const signal = AbortSignal.any([gone.signal, closing.signal]);
    const url = new URL(exchange.url, 'http://provider');
    const said = header(exchange.headers, SCRIPT_HEADER) ?? url.searchParams.get(SCRIPT_HEADER);
    const script = said ? parseScript(said) : (queue.shift() ?? byDefault);
    exchange.script = script;
    try {
      if (script.readDelayMs) await sleep(script.readDelayMs, undefined, { signal });
      exchange.requestBody = await readBody(req);
    } catch {
      exchange.outcome = 'client-gone';
      return;
    }
    const seed = script.seed ?? hashText(exchange.requestBody.toString('latin1'));
    const reply = chooseReply({
      method: exchange.method,
      path: url.pathname,
      query: url.searchParams,
      headers: exchange.headers,
      body: exchange.requestBody,
      json: parseObject(exchange.requestBody),
      vendor,
      script,
      random: createRandom(seed),
    } satisfies FakeRequest);
    exchange.usage = reply.usage;
    const sent = withHeaders(reply, exchange, vendorHeaders(url.pathname, vendor, exchange.id));
    exchange.outcome = await sendReply(res, sent, script, seed, signal, {
      onHead(status, headers) {
        exchange.status = status;
        exchange.responseHeaders = headers;
      },
      onWrite: (bytes) => exchange.writes.push(bytes),
    });
  }
}

type OpenExchange = { -readonly [K in keyof Exchange]: Exchange[K] } & { writes: Buffer[] };

function openExchange(id: number, req: IncomingMessage): OpenExchange {
  const headers: [string, string][] = [];
  for (let i = 0; i < req.rawHeaders.length; i += 2) headers.push([req.rawHeaders[i]!, req.rawHeaders[i + 1]!]);
  return {
    id,
    method: req.method ?? '',
    url: req.url ?? '/',
    headers,
    requestBody: Buffer.alloc(0),
    script: {},
    status: 0,
    responseHeaders: [],
    writes: [],
    usage: null,
    outcome: 'open',
  };
}

/** Headers as the providers send them: mixed case and a repeated name, because a proxy must keep both. */
function withHeaders(reply: FakeReply, { id, script }: Exchange, own: Pairs): FakeReply {
  const all: Pairs = [
    ['Date', new Date().toUTCString()],
    ['Set-Cookie', '__cf_bm=one; path=/; HttpOnly'],
    ['Set-Cookie', '_cfuvid=two; path=/; HttpOnly'],
    ...own,
    ['x-fake-exchange', String(id)],
    ['x-fake-usage', JSON.stringify(reply.usage)],
    ...(script.fault ? [['x-fake-fault', script.fault.kind] as const] : []),
  ];
  return { ...reply, headers: [...all, ...(reply.headers ?? [])] };
}

async function readBody(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function parseObject(body: Buffer): JsonObject | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

function header(headers: Pairs, name: string): string | undefined {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1];
}
