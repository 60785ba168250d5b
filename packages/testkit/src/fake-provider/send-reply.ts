import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Pairs } from '@throughline/contracts/request-event';
import { createRandom } from '../seed.ts';
import { encodeParts } from './encode-parts.ts';
import type { FakeReply } from './reply.ts';
import type { FakeFault, FakeScript } from './script.ts';
import { divideAt, splitWrites } from './split-writes.ts';

/** Told about everything that goes out, at the moment it does. */
export interface SendObserver {
  onHead(status: number, headers: Pairs): void;
  onWrite(bytes: Buffer): void;
}

/**
 * Sends a reply the way a script says: encoded, cut into writes, at its pace, up to its fault.
 *
 * @param signal aborts when the client has gone or the provider closes.
 * @returns how it ended.
 */
export async function sendReply(
  res: ServerResponse,
  reply: FakeReply,
  script: FakeScript,
  seed: number,
  signal: AbortSignal,
  observer: SendObserver,
): Promise<'answered' | 'faulted' | 'client-gone'> {
  try {
    const { fault } = script;
    if (script.delayMs) await sleep(script.delayMs, undefined, { signal });
    if (fault && fault.kind !== 'error-event' && fault.after === 'request') {
      const ended = await act(fault, res, signal);
      if (ended) return 'faulted';
    }
    const { before, after } = await planWrites(reply, script, seed);
    const total = bytesIn(before) + (fault?.kind === 'cut' ? 0 : bytesIn(after));
    const headers = framedHeaders(reply, script, total);
    if (headers.close) {
      res.shouldKeepAlive = false;
      res.useChunkedEncodingByDefault = false;
    }
    res.sendDate = false;
    res.writeHead(reply.status, headers.pairs.flat());
    observer.onHead(reply.status, headers.pairs);
    // A head that goes out alone is what a stream's client sees first; plain answers leave in one piece.
    if (reply.streamed || fault || script.paceMs) res.flushHeaders();

    await write(before);
    if (fault && fault.kind !== 'error-event' && fault.after !== 'request') {
      if (await act(fault, res, signal)) return 'faulted';
    }
    if (fault?.kind !== 'cut') await write(after);
    if (script.lengthDelta !== undefined && script.lengthDelta > 0) {
      // The promised rest never comes; only the end of the connection can say so.
      (await socketOf(res, signal)).end();
      return 'faulted';
    }
    await new Promise<void>((resolve) => res.end(resolve));
    return fault || script.lengthDelta ? 'faulted' : 'answered';
  } catch (error) {
    if (signal.aborted) return 'client-gone';
    throw error;
  }

  async function write(writes: readonly Buffer[]): Promise<void> {
    for (const bytes of writes) {
      signal.throwIfAborted();
      const hasRoom = res.write(bytes);
      observer.onWrite(bytes);
      if (!hasRoom) await drained(res, signal);
      if (script.paceMs) await sleep(script.paceMs, undefined, { signal });
      // Writes of one turn leave as one: a turn between them keeps their boundaries.
      else if (writes.length > 1) await nextTurn();
    }
  }
}

async function planWrites(reply: FakeReply, script: FakeScript, seed: number) {
  const { fault } = script;
  const parts =
    fault?.kind === 'error-event' && reply.errorPart
      ? [...reply.parts.slice(0, fault.after.writes), reply.errorPart]
      : reply.parts;
  const encoded = await encodeParts(parts, script.encoding);
  const writes = splitWrites(encoded, script.split, createRandom(seed));
  return fault && fault.kind !== 'error-event'
    ? divideAt(writes, fault.after)
    : { before: writes, after: [] as Buffer[] };
}

function framedHeaders(reply: FakeReply, script: FakeScript, bodyBytes: number): { pairs: Pairs; close: boolean } {
  const framing =
    script.lengthDelta !== undefined ? 'length' : (script.framing ?? (reply.streamed ? 'chunked' : 'length'));
  const close = framing === 'close';
  const pairs: [string, string][] = [
    ['Content-Type', reply.contentType],
    ...(reply.headers ?? []).map(([name, value]): [string, string] => [name, value]),
    ...(script.headers ?? []),
  ];
  if (script.encoding) pairs.push(['Content-Encoding', script.encoding]);
  if (script.retryAfter !== undefined) pairs.push(['retry-after', String(script.retryAfter)]);
  if (framing === 'length') pairs.push(['Content-Length', String(bodyBytes + (script.lengthDelta ?? 0))]);
  else if (close) pairs.push(['Connection', 'close']);
  else pairs.push(['Transfer-Encoding', 'chunked']);
  return { pairs, close };
}

/** @returns true when the fault ends the response. */
async function act(
  fault: Exclude<FakeFault, { kind: 'error-event' }>,
  res: ServerResponse,
  signal: AbortSignal,
): Promise<boolean> {
  switch (fault.kind) {
    case 'stall':
      if (fault.ms !== undefined) await sleep(fault.ms, undefined, { signal });
      else await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      return false;
    case 'reset':
      // A reset makes the receiver drop what it has not read yet: give what was written time to be read.
      await sleep(25, undefined, { signal });
      (await socketOf(res, signal)).resetAndDestroy();
      return true;
    case 'close':
      (await socketOf(res, signal)).end();
      return true;
    case 'cut':
      return false;
  }
}

/**
 * The connection, once what was written to the response is on it. A client may send its next request as soon as it has all
 * bytes that a Content-Length promised, which can be before the answer ahead of it is ended here: until then the next
 * answer has no connection.
 */
async function socketOf(res: ServerResponse, signal: AbortSignal): Promise<Socket> {
  if (!res.socket) {
    await once(res, 'socket', { signal });
    // What waited for it is sent in the same turn.
    await nextTurn();
  }
  return res.socket ?? res.req.socket;
}

function drained(res: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      res.off('drain', settle);
      signal.removeEventListener('abort', settle);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    res.once('drain', settle);
    signal.addEventListener('abort', settle);
  });
}

function bytesIn(buffers: readonly Buffer[]): number {
  return buffers.reduce((sum, buffer) => sum + buffer.length, 0);
}
