import type { Socket } from 'node:net';

/** What happens to the bytes of one direction, on all connections of a proxy alike. */
export interface DirectionRules {
  stalled: boolean;
  /** How long the next bytes are held back, in ms; drawn anew for each piece that arrives. */
  drawDelayMs(): number;
  /** Bytes that may still pass, on all connections together, before the one that sends the next is cut. */
  bytesLeft: number | undefined;
  onLimit(): void;
  /** Bytes that arrived at the proxy since its start. */
  received: number;
  /** Bytes that arrived and have not been passed on. */
  held: number;
}

/** One direction of one connection. */
export interface FaultyPipe {
  /** Looks at the rules again after they changed. */
  pump(): void;
  /** Forgets what is held. */
  drop(): void;
}

/** A stalled direction takes this much in before its sender is made to wait as well. */
const HELD_BYTES_MAX = 256 * 1024;

/** Passes bytes, and the end of bytes, from one socket to the other by the rules. Order is kept whatever the delays. */
export function createFaultyPipe(source: Socket, sink: Socket, rules: DirectionRules): FaultyPipe {
  const queue: { readonly bytes: Buffer | undefined; readonly dueAtMs: number }[] = [];
  let held = 0;
  let timer: NodeJS.Timeout | undefined;
  let full = false;

  const take = (bytes: Buffer | undefined) => {
    const earliest = queue.at(-1)?.dueAtMs ?? 0;
    queue.push({ bytes, dueAtMs: Math.max(earliest, performance.now() + rules.drawDelayMs()) });
    hold(bytes?.length ?? 0);
    if (held >= HELD_BYTES_MAX) source.pause();
    pump();
  };
  source.on('data', (bytes: Buffer) => {
    rules.received += bytes.length;
    take(bytes);
  });
  source.on('end', () => take(undefined));
  sink.on('drain', () => {
    full = false;
    pump();
  });
  return { pump, drop };

  function pump(): void {
    while (!rules.stalled && !full && !timer && !sink.destroyed) {
      const next = queue[0];
      if (!next) return;
      const waitMs = next.dueAtMs - performance.now();
      if (waitMs > 0) {
        timer = setTimeout(() => {
          timer = undefined;
          pump();
        }, waitMs);
        return;
      }
      queue.shift();
      pass(next.bytes);
    }
  }

  function pass(bytes: Buffer | undefined): void {
    if (!bytes) {
      sink.end();
      return;
    }
    hold(-bytes.length);
    if (held < HELD_BYTES_MAX) source.resume();
    if (rules.bytesLeft !== undefined && bytes.length > rules.bytesLeft) {
      cutWithin(bytes, rules.bytesLeft);
      return;
    }
    if (rules.bytesLeft !== undefined) rules.bytesLeft -= bytes.length;
    full = !sink.write(bytes);
  }

  // The receiver gets every byte up to the limit for certain, which a reset of its connection could take back.
  function cutWithin(bytes: Buffer, limit: number): void {
    rules.bytesLeft = undefined;
    drop();
    source.resetAndDestroy();
    sink.end(bytes.subarray(0, limit), () => sink.destroy());
    rules.onLimit();
  }

  function drop(): void {
    clearTimeout(timer);
    timer = undefined;
    queue.length = 0;
    hold(-held);
  }

  function hold(bytes: number): void {
    held += bytes;
    rules.held += bytes;
  }
}
