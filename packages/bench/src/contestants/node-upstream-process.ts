/**
 * A provider on bare Node http: answers every call with the same completion; with `x-stream-gap-ms` in the request, as
 * a stream of `--chunks` writes that far apart (0: one per turn of the event loop). Says on demand how many chunks it
 * has written.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onParentGone, onParentMessage, optionalArgument, tellParent } from '../processes/parent.ts';
import { chatAnswer, streamedAnswer } from '../traffic/chat-calls.ts';

const answer = Buffer.from(chatAnswer());
const chunks = streamedAnswer(Number(optionalArgument('chunks') ?? 50));
let written = 0;

const server = http.createServer({ keepAliveTimeout: 600_000 }, (req, res) => {
  req.resume();
  req.on('end', () => {
    const gap = req.headers['x-stream-gap-ms'];
    if (gap === undefined) {
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
      res.end(answer);
    } else {
      res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
      stream(res, Number(gap));
    }
  });
});

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
