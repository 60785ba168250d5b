import { type Agent, request } from 'node:http';
import type { Pairs } from '@throughline/contracts/request-event';

export interface RawCall {
  readonly url: string;
  /** Default POST with a body, else GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Buffer | string | AsyncIterable<Buffer>;
  /** Default: a connection of its own. */
  readonly agent?: Agent;
  /** Leaves the call: the connection is destroyed, as when a client aborts. */
  readonly signal?: AbortSignal;
  /** Sees each chunk as it arrives. */
  readonly onChunk?: (chunk: Buffer) => void;
  readonly onHead?: (status: number) => void;
}

/** What a client got, byte for byte: nothing is decoded, decompressed or retried. */
export interface RawAnswer {
  /** 0 when no head arrived. */
  readonly status: number;
  /** As on the wire, in order. */
  readonly headers: Pairs;
  readonly body: Buffer;
  /** `complete`: the end that HTTP defines was seen. `cut`: the connection ended before. `refused`: none was made. */
  readonly end: 'complete' | 'cut' | 'aborted' | 'refused';
  readonly error: Error | null;
}

/** One HTTP call whose every outcome is an answer: it never rejects. */
export function rawCall(call: RawCall): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let status = 0;
    let headers: Pairs = [];
    let settled = false;
    const settle = (end: RawAnswer['end'], error: Error | null = null) => {
      if (settled) return;
      settled = true;
      call.signal?.removeEventListener('abort', abort);
      resolve({ status, headers, body: Buffer.concat(chunks), end, error });
    };
    const fail = (error: Error & { code?: string }) => {
      if (call.signal?.aborted) settle('aborted', error);
      else settle(error.code === 'ECONNREFUSED' ? 'refused' : 'cut', error);
    };
    const req = request(call.url, {
      method: call.method ?? (call.body === undefined ? 'GET' : 'POST'),
      // Node answers a header of several values with several lines, as asked.
      headers: call.headers as Record<string, string | string[]>,
      ...(call.agent && { agent: call.agent }),
    });
    const abort = () => {
      req.destroy();
      settle('aborted');
    };
    req.on('error', fail);
    req.on('response', (res) => {
      status = res.statusCode ?? 0;
      headers = pairs(res.rawHeaders);
      call.onHead?.(status);
      res.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        call.onChunk?.(chunk);
      });
      res.on('error', fail);
      res.on('end', () => settle(res.complete ? 'complete' : 'cut'));
      res.on('close', () => settle(res.complete ? 'complete' : 'cut'));
    });
    if (call.signal?.aborted) return abort();
    call.signal?.addEventListener('abort', abort);
    if (call.body === undefined || Buffer.isBuffer(call.body)) req.end(call.body);
    // Node would send the header block together with a text, and then in that text's encoding.
    else if (typeof call.body === 'string') req.end(Buffer.from(call.body));
    else pump(call.body, req).catch(fail);
  });
}

/** The first header of that name, undefined when there is none. */
export function answerHeader(answer: RawAnswer, name: string): string | undefined {
  return answer.headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

async function pump(body: AsyncIterable<Buffer>, req: ReturnType<typeof request>): Promise<void> {
  for await (const chunk of body) {
    if (!req.write(chunk)) await new Promise((resolve) => req.once('drain', resolve));
  }
  req.end();
}

function pairs(raw: readonly string[]): Pairs {
  const result: [string, string][] = [];
  for (let i = 0; i < raw.length; i += 2) result.push([raw[i]!, raw[i + 1]!]);
  return result;
}
