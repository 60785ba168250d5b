import { connect, createServer, type Server, type Socket } from 'node:net';
import { findFreePort } from '../process/free-port.ts';
import { createRandom, type Random } from '../seed.ts';
import { createFaultyPipe, type DirectionRules } from './faulty-pipe.ts';

export interface TcpProxyOptions {
  readonly target: { readonly host?: string; readonly port: number };
  /** Default: a free one. */
  readonly port?: number;
  /** Draws the jitter of delays. Default: always the same draws. */
  readonly random?: Random;
}

/** `toServer`: what clients send. `toClient`: what they are answered. */
export type Direction = 'toServer' | 'toClient';

/**
 * A TCP proxy on loopback whose network can be made bad. It knows no protocol. What it cannot play is a network that
 * swallows attempts to connect: an attempt succeeds or is refused.
 */
export interface TcpProxy extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** `127.0.0.1:<port>` */
  readonly address: string;
  /** Clients connected now. */
  readonly connections: number;
  /** Clients ever accepted. */
  readonly accepted: number;
  /** Bytes of a direction that arrived here since the start, passed on or not. */
  received(direction: Direction): number;
  /**
   * Bytes of a direction that arrived here and have not been passed on. With `stall('toClient')` this says that the
   * server has answered and the client does not know: a cut now leaves the client with an unknown outcome.
   */
  held(direction: Direction): number;
  /** Passes nothing on, in one direction or both. Connections stay, new ones are accepted, no byte is lost. */
  stall(direction?: Direction): void;
  /** Passes on what was held, and goes on. */
  unstall(direction?: Direction): void;
  /** Resets all connections, both ends; what is held is lost. New connections are accepted. */
  cut(): void;
  /**
   * Lets so many further bytes of a direction pass, on all connections together, then ends the connection that goes
   * beyond: the receiver gets exactly those bytes and the end of the stream, the sender is reset. Once.
   *
   * @returns when that has happened.
   */
  cutAfter(direction: Direction, bytes: number): Promise<void>;
  /** Refuses new connections, as a machine does where nobody listens. Existing ones go on. */
  refuse(): void;
  /** Listens again, on the same port. */
  accept(): Promise<void>;
  /** Delays what passes from now on by `ms`, and up to `jitterMs` more, each way. Order is kept. 0: no delay. */
  delay(ms: number, jitterMs?: number): void;
  /** Ends all connections and stops listening. */
  close(): Promise<void>;
}

/** Starts a proxy in front of a server, which need not run yet: while it does not, clients are reset once connected. */
export async function startTcpProxy(options: TcpProxyOptions): Promise<TcpProxy> {
  const { target, random = createRandom(1) } = options;
  const host = '127.0.0.1';
  const links = new Set<Link>();
  let accepted = 0;
  let delayMs = 0;
  let jitterMs = 0;
  const drawDelayMs = () => (jitterMs > 0 ? delayMs + random.next() * jitterMs : delayMs);
  const rules: Record<Direction, DirectionRules> = { toServer: newRules(drawDelayMs), toClient: newRules(drawDelayMs) };

  let server: Server | undefined;
  const port = options.port ?? (await findFreePort());
  const listen = async () => {
    // Half-open: a client that has finished sending still wants its answer.
    const opening = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      accepted++;
      const link = createLink(client, { host: target.host ?? host, port: target.port }, rules);
      links.add(link);
      link.onEnd(() => links.delete(link));
    });
    await new Promise<void>((resolve, reject) => {
      opening.once('error', reject);
      opening.listen(port, host, resolve);
    });
    server = opening;
  };
  await listen();
  const pumpAll = () => {
    for (const link of links) link.pump();
  };
  const setStalled = (stalled: boolean, direction?: Direction) => {
    for (const one of direction ? [direction] : DIRECTIONS) rules[one].stalled = stalled;
  };
  const refuse = () => {
    server?.close();
    server = undefined;
  };
  const cut = () => {
    for (const link of [...links]) link.reset();
  };
  const close = async () => {
    refuse();
    cut();
  };
  return {
    host,
    port,
    address: `${host}:${port}`,
    get connections() {
      return links.size;
    },
    get accepted() {
      return accepted;
    },
    received: (direction) => rules[direction].received,
    held: (direction) => rules[direction].held,
    stall: (direction) => setStalled(true, direction),
    unstall(direction) {
      setStalled(false, direction);
      pumpAll();
    },
    cut,
    cutAfter: (direction, bytes) =>
      new Promise((resolve) => {
        rules[direction].bytesLeft = bytes;
        rules[direction].onLimit = resolve;
      }),
    refuse,
    async accept() {
      if (!server) await listen();
    },
    delay(ms, jitter = 0) {
      delayMs = ms;
      jitterMs = jitter;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const DIRECTIONS: readonly Direction[] = ['toServer', 'toClient'];

function newRules(drawDelayMs: () => number): DirectionRules {
  return { stalled: false, drawDelayMs, bytesLeft: undefined, onLimit: () => {}, received: 0, held: 0 };
}

/** A client's connection and the one made to the server for it. */
interface Link {
  pump(): void;
  reset(): void;
  onEnd(listener: () => void): void;
}

function createLink(
  client: Socket,
  target: { host: string; port: number },
  rules: Readonly<Record<Direction, DirectionRules>>,
): Link {
  const upstream = connect({ ...target, allowHalfOpen: true, noDelay: true });
  const pipes = [
    createFaultyPipe(client, upstream, rules.toServer),
    createFaultyPipe(upstream, client, rules.toClient),
  ];
  const listeners: (() => void)[] = [];
  const reset = () => {
    for (const pipe of pipes) pipe.drop();
    for (const socket of [client, upstream]) if (!socket.destroyed) socket.resetAndDestroy();
  };
  // A broken end breaks the other: each must learn of it, by whichever of them it happened to.
  client.on('error', reset);
  upstream.on('error', reset);
  const closed = new Set<Socket>();
  for (const socket of [client, upstream]) {
    socket.on('close', () => {
      closed.add(socket);
      if (closed.size < 2) return;
      for (const pipe of pipes) pipe.drop();
      for (const listener of listeners) listener();
    });
  }
  return {
    pump() {
      for (const pipe of pipes) pipe.pump();
    },
    reset,
    onEnd: (listener) => void listeners.push(listener),
  };
}
