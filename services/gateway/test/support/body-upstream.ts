import type http from 'node:http';
import { type FakeUpstream, startUpstream } from './gateway-harness.ts';

/** An upstream that reads a request whole before it answers. */
export interface BodyUpstream {
  readonly upstream: FakeUpstream;
  /** Of the requests that were answered, in order, that of the present one last. */
  readonly bodies: readonly string[];
}

export async function startBodyUpstream(
  answer: (req: http.IncomingMessage, res: http.ServerResponse, bodies: readonly string[]) => void,
): Promise<BodyUpstream> {
  const bodies: string[] = [];
  const upstream = await startUpstream((req, res) => {
    let body = '';
    req.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    req.on('end', () => {
      bodies.push(body);
      answer(req, res, bodies);
    });
  });
  return { upstream, bodies };
}
