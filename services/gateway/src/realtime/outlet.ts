import { WebSocket } from 'ws';

/** One thing that a side of the session sends. */
export type Frame =
  | { readonly kind: 'message'; readonly data: Buffer; readonly isBinary: boolean }
  | { readonly kind: 'ping' | 'pong'; readonly data: Buffer }
  | { readonly kind: 'close'; readonly code: number; readonly reason: Buffer };

/**
 * What goes to one side of a session. Says when that side takes no more, so that nothing is read from the other one, and
 * what waits here stays bounded: `FULL_BYTES`, and the message that exceeded it.
 */
export class Outlet {
  readonly #socket: WebSocket;
  readonly #onChange: () => void;
  #fullSince: number | undefined;

  /** @param onChange `isFull` is another than before. */
  constructor(socket: WebSocket, onChange: () => void) {
    this.#socket = socket;
    this.#onChange = onChange;
  }

  get isFull(): boolean {
    return this.#fullSince !== undefined;
  }

  /** For how long it has been full, ms. */
  fullForMs(now: number): number {
    return this.#fullSince === undefined ? 0 : now - this.#fullSince;
  }

  send(frame: Frame): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    switch (frame.kind) {
      case 'message':
        this.#socket.send(frame.data, { binary: frame.isBinary, compress: false }, this.#onSent);
        break;
      case 'ping':
        this.#socket.ping(frame.data, undefined, this.#onSent);
        break;
      case 'pong':
        this.#socket.pong(frame.data, undefined, this.#onSent);
        break;
      case 'close':
        this.#close(frame.code, frame.reason);
        return;
    }
    if (this.#fullSince === undefined && this.#socket.bufferedAmount > FULL_BYTES) {
      this.#fullSince = performance.now();
      this.#onChange();
    }
  }

  /** As the other side closed: its code, or no code, or without a word when it was cut off. */
  #close(code: number, reason: Buffer): void {
    if (code === NO_CODE) this.#socket.close();
    else if (isSendable(code)) this.#socket.close(code, reason);
    else this.#socket.terminate();
  }

  readonly #onSent = (): void => {
    if (this.#fullSince === undefined || this.#socket.bufferedAmount > FULL_BYTES / 2) return;
    this.#fullSince = undefined;
    this.#onChange();
  };
}

/** A second of speech is 64 kB as base64: enough to keep a connection busy. */
const FULL_BYTES = 256 * 1024;

const NO_CODE = 1005;

/** 1004 to 1006 and 1015 are never sent (RFC 6455, 7.4.1). */
function isSendable(code: number): boolean {
  return (code >= 1000 && code <= 1014 && !(code >= 1004 && code <= 1006)) || (code >= 3000 && code <= 4999);
}
