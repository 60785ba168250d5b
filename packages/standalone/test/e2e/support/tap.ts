import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy in front of a server that keeps what each answer's body was on the wire, whatever client asked, in whatever process. */
export interface Tap {
  /** To be given to clients in place of the server's origin. */
  readonly origin: string;
  /** In order of their beginnings. */
  readonly answers: readonly TappedAnswer[];
  /** The newest answer. @throws when there was none. */
  last(): TappedAnswer;
  close(): Promise<void>;
}

export interface TappedAnswer {
  readonly path: string;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: IncomingMessage['headers'];
  /** As sent, framing of HTTP not included; resolves at the body's end. */
  readonly body: Promise<Buffer>;
}

/** @param origin of the server behind it. */
export async function startTap(origin: string): Promise<Tap> {
  const answers: TappedAnswer[] = [];
  const agent = new Agent({ keepAlive: true });
  const server = createServer((req, res) => pass(req, res));
  // Idle connections of clients must not keep the process alive.
  server.unref();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });

  function pass(req: IncomingMessage, res: ServerResponse): void {
    const path = req.url ?? '/';
    const onward = request(origin + path, { method: req.method, headers: req.rawHeaders, agent }, (answer) => {
      const chunks: Buffer[] = [];
      const body = new Promise<Buffer>((resolve, reject) => {
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('end', () => resolve(Buffer.concat(chunks)));
        answer.once('error', reject);
      });
      // A body that is cut is the test's business, when it asks for the bytes.
      body.catch(() => {});
      answers.push({ path, status: answer.statusCode ?? 0, headers: answer.headers, body });
      res.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(res);
    });
    onward.once('error', () => res.destroy());
    res.once('close', () => {
      if (!res.writableFinished) onward.destroy();
    });
    req.pipe(onward);
  }

  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    last() {
      const answer = answers.at(-1);
      if (!answer) throw new Error('nothing was answered');
      return answer;
    },
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
