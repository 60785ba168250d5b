/**
 * A provider on bare Node http: answers every call with the same completion; as a stream of `--chunks` writes where the body asks
 * for one, so far apart as `x-stream-gap-ms` of the request says, else `--gap-ms` (0: one per turn of the event loop). Says on
 * demand how many chunks it has written.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onParentGone, onParentMessage, optionalArgument, tellParent } from '../processes/parent.ts';
import { chatAnswer, streamedAnswer } from '../traffic/chat-calls.ts';

const answer = Buffer.from(chatAnswer());
const chunks = streamedAnswer(Number(optionalArgument('chunks') ?? 50));
const gapMs = optionalArgument('gap-ms') ?? '0';
let written = 0;

const server = http.createServer({ keepAliveTimeout: 600_000 }, (req, res) => {
  // Proxies that write the request anew write it in their own way, and pass no headers on that they do not know.
  let isStream = false;
  req.on('data', (chunk: Buffer) => {
    isStream ||= ASKS_FOR_STREAM.test(chunk.toString('latin1'));
  });
  req.on('end', () => {
    if (isStream) {
      res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
      stream(res, Number(req.headers['x-stream-gap-ms'] ?? gapMs));
    } else {
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
      res.end(answer);
    }
  });
});

/** Within one chunk of a request, as short ones are. */
const ASKS_FOR_STREAM = /"stream"\s*:\s*true/;

function stream(res: http.ServerResponse, gapMs: number): void {
  let at = 0;
  const next = () => {
    if (res.destroyed) return;
    res.write(chunks[at++]!);
    written++;
    if (at === chunks.length) res.end();
    else if (gapMs > 0) setTimeout(next, gapMs);
    else setImmediate(next);
  };
  next();
}

server.listen(0, '127.0.0.1', () => tellParent({ port: (server.address() as AddressInfo).port }));
onParentMessage<'stats'>(() => tellParent({ written }));
onParentGone(() => {
  server.closeAllConnections();
});
