/**
 * A provider that answers calls of agents with what was recorded or made up: `--folder` as in `conversations.ts`. A call
 * is found by its messages, as proxies write bodies anew; one that is not there is answered 404.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onParentGone, optionalArgument, tellParent } from '../processes/parent.ts';
import { agentAnswer } from '../traffic/agent-answer.ts';
import { callNames, conversationsOf, type Message } from '../traffic/conversations.ts';

const answers = new Map<string, Buffer>();
for (const { messages } of conversationsOf(optionalArgument('folder'))) {
  for (const [at, message] of messages.entries()) {
    if (message.role !== 'assistant') continue;
    const answer = Buffer.from(agentAnswer(message, JSON.stringify(messages.slice(0, at)).length));
    const { exact, loose } = callNames(messages.slice(0, at));
    answers.set(exact, answer);
    answers.set(loose, answer);
  }
}

const server = http.createServer({ keepAliveTimeout: 600_000 }, (req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    const { messages = [] } = JSON.parse(String(Buffer.concat(chunks)) || '{}') as { messages?: Message[] };
    const { exact, loose } = callNames(messages);
    const answer = answers.get(exact) ?? answers.get(loose);
    res.writeHead(answer ? 200 : 404, { 'content-type': 'application/json', 'content-length': answer?.length ?? 2 });
    res.end(answer ?? '{}');
  });
});

server.listen(0, '127.0.0.1', () => tellParent({ port: (server.address() as AddressInfo).port }));
onParentGone(() => {
  server.closeAllConnections();
});
