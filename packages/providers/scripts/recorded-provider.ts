import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PlayedAnswer } from './answer-variants.ts';
import { bytesOf } from './recorded-answer.ts';

/** Names the answer that is wanted. Not one of the gateway's headers, so that it is sent on. */
export const PLAY_HEADER = 'x-play';

/** Credentials that have to arrive as they were sent. */
export const PROVIDER_CREDENTIALS = {
  authorization: 'Bearer sk-the-provider-key, and its comma',
  'x-goog-api-key': 'the-google-key',
} as const;

/** Every provider at once, played from recordings. */
export interface RecordedProvider {
  readonly port: number;
  /** What was wrong with the request of a play; empty when it is what was recorded. */
  faultsOf(play: string): readonly string[];
  close(): Promise<void>;
}

/** @param answerOf the answer of a play, by the name in `PLAY_HEADER`. */
export async function startRecordedProvider(
  answerOf: (play: string) => PlayedAnswer | undefined,
): Promise<RecordedProvider> {
  const faults = new Map<string, readonly string[]>();
  const server = http.createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const play = String(req.headers[PLAY_HEADER]);
      const answer = answerOf(play);
      if (!answer) return void res.writeHead(501).end();
      faults.set(play, faultsIn(req, Buffer.concat(chunks), answer));
      send(res, answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    faultsOf: (play) => faults.get(play) ?? ['the provider was not called'],
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function faultsIn(req: http.IncomingMessage, body: Buffer, { recording }: PlayedAnswer): string[] {
  const faults: string[] = [];
  if (req.method !== recording.method.toUpperCase()) faults.push(`the provider was sent ${req.method}`);
  if (req.url !== recording.path) faults.push(`the provider was sent to ${req.url}`);
  if (!body.equals(bytesOf(recording.request))) faults.push('the provider was sent another body');
  for (const [name, value] of Object.entries({ ...recording.request.headers, ...PROVIDER_CREDENTIALS })) {
    if (req.headers[name] !== value) faults.push(`the provider was sent ${name}: ${String(req.headers[name])}`);
  }
  const ours = Object.keys(req.headers).filter((name) => /^(?:helicone|throughline)-/.test(name));
  if (ours.length > 0) faults.push(`the provider was sent ${ours.join(', ')}`);
  return faults;
}

async function send(res: http.ServerResponse, answer: PlayedAnswer): Promise<void> {
  const { status, content_type } = answer.recording.response;
  const length = answer.writes.reduce((sum, { length: bytes }) => sum + bytes, 0);
  res.writeHead(status, {
    ...(content_type && { 'content-type': content_type }),
    ...(answer.contentEncoding && { 'content-encoding': answer.contentEncoding }),
    ...(answer.hasLength && { 'content-length': length }),
  });
  for (const write of answer.writes) {
    res.write(write);
    // Each in a segment of its own, as far as a socket allows.
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (!answer.isCut) res.end();
  else res.socket?.destroySoon();
}
