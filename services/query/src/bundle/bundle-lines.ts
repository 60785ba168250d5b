import { createHash } from 'node:crypto';
import type { BundleEnd } from '@throughline/contracts/session-bundle';

/** Writes the lines of a bundle, and says in the last one what was before it. */
export class BundleLines {
  readonly #hash = createHash('sha256');
  #requests = 0;

  /** @returns the line, with its end. */
  header(header: object): Buffer {
    return this.#line(header);
  }

  request(request: object): Buffer {
    this.#requests++;
    return this.#line(request);
  }

  /** The last line. */
  end(): Buffer {
    const end: BundleEnd = { kind: 'end', requests: this.#requests, sha256: this.#hash.digest('hex') };
    return Buffer.from(`${JSON.stringify(end)}\n`);
  }

  #line(value: object): Buffer {
    const line = Buffer.from(`${JSON.stringify(value)}\n`);
    this.#hash.update(line);
    return line;
  }
}

export interface BundleLine {
  /** From 1. */
  readonly number: number;
  /** Without its end. */
  readonly bytes: Buffer;
}

/** A line is longer than it may be. */
export class LineTooLong extends Error {
  readonly line: number;

  constructor(line: number) {
    super(`line ${line} is too long`);
    this.name = 'LineTooLong';
    this.line = line;
  }
}

/**
 * Bytes → lines, one at a time as they are taken. What stands behind the last end of a line is a line too.
 *
 * @throws LineTooLong as soon as more than `bytesMax` bytes have come without an end of a line.
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>, bytesMax: number): AsyncGenerator<BundleLine> {
  let number = 1;
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      if (length + end - from > bytesMax) throw new LineTooLong(number);
      yield { number, bytes: Buffer.concat([...parts, chunk.subarray(from, end)]) };
      number++;
      parts = [];
      length = 0;
      from = end + 1;
    }
    if (from === chunk.length) continue;
    parts.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > bytesMax) throw new LineTooLong(number);
  }
  if (length > 0) yield { number, bytes: Buffer.concat(parts) };
}

const NEWLINE = 10;
