import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRandom, type Random, seedFromEnv } from '../seed.ts';
import { waitFor } from '../wait-for.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** What one end of a connection has seen. */
interface End {
  readonly socket: Socket;
  readonly bytes: Buffer;
  ended: boolean;
  errorCode: string | undefined;
  closed: boolean;
}

let server: Server;
let serverEnds: End[];
let proxy: TcpProxy;

beforeEach(async () => {
  serverEnds = [];
  server = createServer({ allowHalfOpen: true }, (socket) => void serverEnds.push(watch(socket)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await startTcpProxy({ target: { port: (server.address() as AddressInfo).port } });
});
afterEach(async () => {
  await proxy.close();
  for (const { socket } of serverEnds) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

test('passes bytes both ways, more than any buffer holds, and the end of each way by itself', async () => {
  const random = createRandom(seedFromEnv('tcp-proxy'));
  const [question, answer] = [pattern(random, 3_000_000), pattern(random, 2_000_000)];
  const client = await open();
  client.socket.end(question);
  const peer = serverEnds[0]!;
  await waitFor(() => peer.ended);
  expect(peer.bytes.equals(question)).toBe(true);
  peer.socket.end(answer);
  await waitFor(() => client.ended);
  expect(client.bytes.equals(answer)).toBe(true);
  await waitFor(() => proxy.connections === 0);
  expect(proxy.accepted).toBe(1);
  expect(proxy.received('toServer')).toBe(question.length);
  expect(proxy.received('toClient')).toBe(answer.length);
});

test('a stalled network loses nothing and goes on where it was', async () => {
  const client = await open();
  proxy.stall();
  client.socket.write('question');
  serverEnds[0]!.socket.write('unasked');
  await waitFor(() => proxy.held('toServer') === 8 && proxy.held('toClient') === 7);
  expect(serverEnds[0]!.bytes).toHaveLength(0);
  expect(client.bytes).toHaveLength(0);
  proxy.unstall();
  await waitFor(() => serverEnds[0]!.bytes.toString() === 'question' && client.bytes.toString() === 'unasked');
  expect(proxy.held('toServer') + proxy.held('toClient')).toBe(0);
});

test('an answer can be lost after the server gave it', async () => {
  const client = await open();
  proxy.stall('toClient');
  client.socket.write('question');
  await waitFor(() => serverEnds[0]!.bytes.toString() === 'question');
  serverEnds[0]!.socket.write('done');
  await waitFor(() => proxy.held('toClient') === 4);
  proxy.cut();
  await waitFor(() => client.closed && serverEnds[0]!.closed);
  expect(client.errorCode).toBe('ECONNRESET');
  expect(client.bytes).toHaveLength(0);
  expect(proxy.held('toClient')).toBe(0);
});

test('makes a sender wait rather than hold without bound', async () => {
  const client = await open();
  proxy.stall();
  const chunk = Buffer.alloc(1_000_000);
  // Far more than the proxy and the system's buffers take.
  for (let i = 0; i < 30; i++) client.socket.write(chunk);
  await waitFor(() => proxy.held('toServer') >= 256 * 1024);
  expect(proxy.held('toServer')).toBeLessThan(1_000_000);
  proxy.unstall();
  await waitFor(() => serverEnds[0]!.bytes.length === 30 * chunk.length);
});

test('a cut resets both ends, and the next connection works', async () => {
  const client = await open();
  proxy.cut();
  await waitFor(() => client.closed && serverEnds[0]!.closed);
  expect(client.errorCode).toBe('ECONNRESET');
  expect(serverEnds[0]!.errorCode).toBe('ECONNRESET');
  const next = await open();
  next.socket.write('hello');
  await waitFor(() => serverEnds[1]!.bytes.toString() === 'hello');
});

test('cuts after exactly so many bytes, however they were written', async () => {
  const pieces = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 8 });
  const seed = seedFromEnv('tcp-proxy cutAfter');
  const holds = fc.asyncProperty(pieces, fc.double({ min: 0, max: 1, noNaN: true }), async (lengths, share) => {
    const total = lengths.reduce((sum, length) => sum + length, 0);
    const limit = Math.floor(share * (total - 1));
    const sent = pattern(createRandom(total), total);
    const client = await open();
    const peer = serverEnds.at(-1)!;
    const cut = proxy.cutAfter('toServer', limit);
    let from = 0;
    for (const length of lengths) {
      client.socket.write(sent.subarray(from, from + length));
      from += length;
    }
    await cut;
    await waitFor(() => client.closed && peer.ended);
    peer.socket.destroy();
    expect(peer.bytes.equals(sent.subarray(0, limit))).toBe(true);
    expect(client.errorCode).toMatch(/ECONNRESET|EPIPE/);
  });
  await fc.assert(holds, { seed, numRuns: 20 });
  const next = await open();
  next.socket.write('whole');
  await waitFor(() => serverEnds.at(-1)!.bytes.toString() === 'whole');
});

test('refuses new connections while old ones go on, and accepts again on the same port', async () => {
  const client = await open();
  proxy.refuse();
  const refused = watch(connect(proxy.port, proxy.host));
  await waitFor(() => refused.closed);
  expect(refused.errorCode).toBe('ECONNREFUSED');
  client.socket.write('still here');
  await waitFor(() => serverEnds[0]!.bytes.toString() === 'still here');
  await proxy.accept();
  await open();
  expect(proxy.accepted).toBe(2);
});

test('delays at least as long as it was told to, and keeps the order', async () => {
  proxy.delay(50, 30);
  const client = await open();
  const startedAt = performance.now();
  let sent = '';
  for (let i = 0; i < 20; i++) {
    client.socket.write(`${i},`);
    sent += `${i},`;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await waitFor(() => serverEnds[0]!.bytes.length > 0);
  // Timers of Node may fire a millisecond early.
  expect(performance.now() - startedAt).toBeGreaterThan(48);
  await waitFor(() => serverEnds[0]!.bytes.toString() === sent);
});

test('the end of one client is told to the server, and a reset is passed on', async () => {
  const [polite, rude] = [await open(), await open()];
  const [politePeer, rudePeer] = [serverEnds[0]!, serverEnds[1]!];
  polite.socket.end();
  await waitFor(() => politePeer.ended);
  rude.socket.resetAndDestroy();
  await waitFor(() => rudePeer.closed);
  expect(rudePeer.errorCode).toBe('ECONNRESET');
});

test('a client of a server that does not run is reset', async () => {
  await using idle = await startTcpProxy({ target: { port: 1 } });
  const client = watch(connect(idle.port, idle.host));
  await waitFor(() => client.closed);
  expect(client.errorCode).toBe('ECONNRESET');
});

// Its period is a prime, so that a piece lost or moved by any usual length shows.
function pattern(random: Random, length: number): Buffer {
  return Buffer.alloc(length, random.bytes(4_093));
}

async function open(): Promise<End> {
  const before = serverEnds.length;
  const end = watch(connect({ port: proxy.port, host: proxy.host, allowHalfOpen: true }));
  await waitFor(() => serverEnds.length > before, { intervalMs: 1 });
  return end;
}

function watch(socket: Socket): End {
  let parts: Buffer[] = [];
  const end: End = {
    socket,
    get bytes() {
      parts = [Buffer.concat(parts)];
      return parts[0]!;
    },
    ended: false,
    errorCode: undefined,
    closed: false,
  };
  socket.on('data', (part) => void parts.push(part));
  socket.on('end', () => {
    end.ended = true;
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    end.errorCode = error.code;
  });
  socket.on('close', () => {
    end.closed = true;
  });
  return end;
}
