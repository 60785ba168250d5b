import type { ServerResponse } from 'node:http';

/** What the client side of a call reports. */
export interface DownstreamEvents {
  /** The client takes no more at present. */
  onFull(): void;
  /** It does again. */
  onDrain(): void;
  /** It has taken nothing for `stallTimeoutMs` although we had something for it. */
  onStall(): void;
  /** Once: something is about to be written. */
  onFirstByte(): void;
}

/**
 * The client's side of a call. Header block and chunks that arrive together leave in one write; while it is held,
 * nothing leaves.
 */
export class Downstream {
  headSent = false;
  #head: { status: number; message: string | undefined; headers: string[] } | undefined;
  #queue: Buffer[] = [];
  #held = false;
  #scheduled = false;
  #full = false;
  #stall: NodeJS.Timeout | undefined;
  readonly #res: ServerResponse;
  readonly #events: DownstreamEvents;
  readonly #stallTimeoutMs: number;

  constructor(res: ServerResponse, events: DownstreamEvents, stallTimeoutMs: number) {
    this.#res = res;
    this.#events = events;
    this.#stallTimeoutMs = stallTimeoutMs;
  }

  /** Bytes that wait here. */
  get queuedBytes(): number {
    return this.#queue.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  /** Sets the header block; without a message the status' usual one. It leaves with the first chunk, or at the end of this turn if none comes. */
  setHead(status: number, message: string | undefined, headers: string[]): void {
    this.#head = { status, message, headers };
    this.#schedule();
  }

  /** Adds a header if the block has not left yet. */
  addHeader(name: string, value: string): void {
    if (!this.headSent) this.#head?.headers.push(name, value);
  }

  write(chunk: Buffer): void {
    this.#queue.push(chunk);
    this.#schedule();
  }

  /** Keeps everything from now on, and what has not left yet. */
  hold(): void {
    this.#held = true;
  }

  /** Sends what was kept. */
  release(): void {
    this.#held = false;
    this.#flush();
  }

  /** Sends what was kept and ends the response as its protocol does. */
  end(): void {
    this.#held = false;
    this.#sendHead();
    const last = this.#queue.pop();
    for (const chunk of this.#queue) this.#send(chunk);
    this.#queue = [];
    if (last) this.#res.end(last);
    else this.#res.end();
    if (this.#res.writableLength > 0) this.#armStall();
  }

  /** Sends what was kept and cuts the connection, so that the client sees that the response is not whole. */
  cut(): void {
    this.#held = false;
    this.#flush();
    const { socket } = this.#res;
    // A pipelined response that has no connection yet takes it along when it gets one.
    if (!socket) {
      this.#res.destroy();
      return;
    }
    socket.destroySoon();
    if (socket.writableLength > 0) this.#armStall();
  }

  /** The connection is gone: nothing will be sent any more. */
  abandon(): void {
    this.#held = true;
    this.#queue = [];
    this.#clearStall();
  }

  /** Once per turn at most, so that everything the provider sent in one piece leaves in one piece. */
  #schedule(): void {
    if (this.#scheduled || this.#held) return;
    this.#scheduled = true;
    process.nextTick(flushLater, this);
  }

  /** @internal called by the tick that `#schedule` asked for. */
  flushScheduled(): void {
    this.#scheduled = false;
    if (!this.#held) this.#flush();
  }

  #flush(): void {
    const { headSent } = this;
    this.#sendHead();
    if (this.#queue.length === 0) {
      if (!headSent && this.headSent) this.#res.flushHeaders();
      return;
    }
    const queue = this.#queue;
    this.#queue = [];
    for (const chunk of queue) this.#send(chunk);
  }

  #sendHead(): void {
    if (this.headSent || !this.#head) return;
    this.headSent = true;
    const { status, message, headers } = this.#head;
    this.#events.onFirstByte();
    this.#res.writeHead(status, message, headers);
  }

  #send(chunk: Buffer): void {
    if (this.#res.write(chunk) || this.#full) return;
    this.#full = true;
    this.#res.once('drain', () => {
      this.#full = false;
      this.#clearStall();
      this.#events.onDrain();
    });
    this.#armStall();
    this.#events.onFull();
  }

  #armStall(): void {
    this.#stall ??= setTimeout(() => this.#events.onStall(), this.#stallTimeoutMs).unref();
  }

  #clearStall(): void {
    if (this.#stall === undefined) return;
    clearTimeout(this.#stall);
    this.#stall = undefined;
  }
}

function flushLater(downstream: Downstream): void {
  downstream.flushScheduled();
}
