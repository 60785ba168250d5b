import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/**
 * A request body on its way upstream, with back-pressure. Stands between the client's request and undici, which
 * destroys the body it is given when the provider answers early: that must not take the client's connection along.
 */
export class RequestBody extends Readable {
  readonly #req: IncomingMessage;
  #started = false;
  readonly #onData: (chunk: Buffer) => void;
  readonly #onEnd: () => void;

  /** @param onChunk sees every chunk as it is read. @param onEnd once the whole body was. */
  constructor(req: IncomingMessage, onChunk: (chunk: Buffer) => void, onEnd: () => void) {
    super({ highWaterMark: 64 * 1024 });
    this.#req = req;
    this.#onData = (chunk) => {
      onChunk(chunk);
      if (!this.push(chunk)) req.pause();
    };
    this.#onEnd = () => {
      this.push(null);
      onEnd();
    };
  }

  override _read(): void {
    if (this.#started) {
      this.#req.resume();
      return;
    }
    this.#started = true;
    this.#req.on('data', this.#onData).on('end', this.#onEnd);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#req.off('data', this.#onData).off('end', this.#onEnd);
    // What the client still sends is read and thrown away, so that its connection stays usable.
    this.#req.resume();
    callback(error);
  }
}
