import type { IncomingMessage } from 'node:http';
import type { LookupFunction } from 'node:net';
import { errors } from 'undici';
import { WebSocket } from 'ws';

export interface SocketTarget {
  readonly origin: string;
  /** With its query. */
  readonly path: string;
  /** Names and values for the provider, alternating, as received; those of the handshake are made anew. */
  readonly headers: readonly string[];
  readonly protocols: readonly string[];
  /** Answers addresses that may be connected to, and no others. */
  readonly lookup: LookupFunction;
}

export interface SocketLimits {
  readonly handshakeTimeoutMs: number;
  readonly messageBytesMax: number;
  readonly closeTimeoutMs: number;
}

/** How a provider took the handshake. */
export type Opened =
  /** Nothing has been read yet: `resume` it. */
  | { readonly kind: 'open'; readonly socket: WebSocket; readonly response: IncomingMessage }
  /** It answered as to any other call. */
  | { readonly kind: 'refused'; readonly response: IncomingMessage; readonly body: Buffer; readonly size: number }
  /** @see upstreamFailure */
  | { readonly kind: 'failed'; readonly error: unknown };

/**
 * Opens a WebSocket to a provider. Messages are handed over as they come: not unpacked (no extension is asked for), text
 * not checked, pings not answered. Redirects are answers, never followed.
 *
 * @param gone the client has left: there is no need any more.
 * @throws SyntaxError when protocols or path are none.
 */
export function openSocket(target: SocketTarget, limits: SocketLimits, gone: AbortSignal): Promise<Opened> {
  const url = new URL(target.origin + target.path);
  const socket = new WebSocket(url, [...target.protocols], {
    headers: headersOf(target.headers),
    lookup: target.lookup,
    perMessageDeflate: false,
    skipUTF8Validation: true,
    autoPong: false,
    followRedirects: false,
    maxPayload: limits.messageBytesMax,
    closeTimeout: limits.closeTimeoutMs,
  } as ClientOptions);
  return new Promise((resolve) => {
    let isLate = false;
    let response: IncomingMessage | undefined;
    const giveUp = () => socket.terminate();
    const late = setTimeout(() => {
      isLate = true;
      giveUp();
    }, limits.handshakeTimeoutMs);
    gone.addEventListener('abort', giveUp, { once: true });
    const settle = (opened: Opened) => {
      clearTimeout(late);
      gone.removeEventListener('abort', giveUp);
      resolve(opened);
    };
    socket.on('upgrade', (answer) => {
      response = answer;
    });
    socket.on('open', () => {
      // Whoever opened it learns of it later than the first message could come.
      socket.pause();
      settle({ kind: 'open', socket, response: response! });
    });
    socket.on('unexpected-response', (request, answer) => {
      readAnswer(answer).then(({ body, size }) => {
        settle({ kind: 'refused', response: answer, body, size });
        request.destroy();
      });
    });
    // Stays, so that a later error has somebody to go to: what it leads to is a `close`.
    socket.on('error', (error) =>
      settle({ kind: 'failed', error: isLate ? new errors.ConnectTimeoutError() : coded(error) }),
    );
  });
}

/** What `ws` takes and its types do not know yet. */
type ClientOptions = WebSocket.ClientOptions & { readonly closeTimeout: number };

/** By name, as they are spelled first; the same name again is a list (RFC 9110, 5.3). */
function headersOf(raw: readonly string[]): Record<string, string> {
  const byName = new Map<string, [name: string, value: string]>();
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase();
    if (name.startsWith('sec-websocket-')) continue;
    const known = byName.get(name);
    if (known) known[1] += `, ${raw[i + 1]}`;
    else byName.set(name, [raw[i]!, raw[i + 1]!]);
  }
  return Object.fromEntries(byName.values());
}

/** A refusal is a sentence; what is longer is cut. */
const ANSWER_BYTES_MAX = 1024 * 1024;

/** The body of a refusal, as far as it came. */
function readAnswer(answer: IncomingMessage): Promise<{ body: Buffer; size: number }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    answer.on('data', (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > ANSWER_BYTES_MAX) answer.destroy();
    });
    answer.on('error', () => {});
    answer.on('close', () => resolve({ body: Buffer.concat(chunks).subarray(0, ANSWER_BYTES_MAX), size }));
  });
}

/** What `ws` finds wrong with an answer is said in words only. */
function coded(error: Error): Error {
  return 'code' in error || error instanceof AggregateError ? error : new errors.HTTPParserError(error.message);
}
