/**
 * Replays recorded agent conversations through a real Throughline process, as sessions with growing bodies, and
 * compares each session's totals with those computed straight from the file.
 *
 *   node packages/testkit/scripts/replay-conversations.ts <folder> [sessions at once, default 16]
 *
 * The folder holds `*.json.gz` files: arrays of `{session, model, messages: [{role, content, tool_calls?, …}]}`. Each
 * assistant message is one chat completion whose request holds all messages before it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createApiClient } from '../src/api-client.ts';
import { startThroughline } from '../src/process/throughline-process.ts';
import { waitFor } from '../src/wait-for.ts';

interface Message {
  readonly role: string;
  readonly content: string | null;
  readonly tool_calls?: readonly { function: { name: string } }[];
}

interface Conversation {
  readonly session: string;
  readonly model: string;
  readonly messages: readonly Message[];
}

/** gpt-4o-2024-08-06, picodollars per token, from the vendor's price page. */
const PRICE = { prompt: 2_500_000n, completion: 10_000_000n };

/** Stands for the provider's tokenizer: the same function counts here and in the expectation. */
const tokensOf = (value: unknown) => Math.ceil(JSON.stringify(value).length / 4);

const [folder, concurrency = '16'] = process.argv.slice(2);
if (!folder) {
  process.stderr.write('usage: replay-conversations.ts <folder> [sessions at once]\n');
  process.exit(2);
}
const conversations = readdirSync(folder)
  .filter((name) => name.endsWith('.json.gz'))
  .flatMap((name) => JSON.parse(gunzipSync(readFileSync(join(folder, name))).toString()) as Conversation[]);

const provider = await startProvider();
const throughline = await startThroughline({ providerOrigin: provider.origin });
const api = createApiClient(throughline.url, throughline.key);
const started = performance.now();
let calls = 0;
let sentBytes = 0;
const queue = [...conversations];
await Promise.all(
  Array.from({ length: Number(concurrency) }, async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await replay(next);
  }),
);
const seconds = (performance.now() - started) / 1000;

let agreeing = 0;
for (const conversation of conversations) {
  const expected = expectation(conversation);
  const found = await waitFor(
    async () => {
      const session = await api.session(conversation.session);
      return session !== undefined && session.total_requests >= expected.requests ? session : undefined;
    },
    { what: `${conversation.session} is complete` },
  );
  const same =
    found.total_requests === expected.requests &&
    found.prompt_tokens === expected.promptTokens &&
    found.completion_tokens === expected.completionTokens &&
    Math.abs(found.total_cost - Number(expected.costPico) / 1e12) < 1e-12;
  if (same) agreeing++;
  else console.log(`DIFFERENT ${conversation.session}: expected ${show(expected)}, found ${show(found)}`);
}
const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${throughline.pid}/status`, 'utf8'))?.[1]) / 1024;
console.log(
  `${agreeing} of ${conversations.length} sessions agree; ${calls} calls, ${(sentBytes / 1e6).toFixed(1)} MB of requests ` +
    `in ${seconds.toFixed(1)} s (${Math.round(calls / seconds)} calls/s), RSS ${Math.round(rss)} MB`,
);
await throughline.stop();
provider.server.close();
process.exitCode = agreeing === conversations.length ? 0 : 1;

async function replay({ session, model, messages }: Conversation): Promise<void> {
  for (const [index, message] of messages.entries()) {
    if (message.role !== 'assistant') continue;
    const path = message.tool_calls?.length ? `/tool/${message.tool_calls[0]!.function.name}` : '/answer';
    const body = JSON.stringify({ model, messages: messages.slice(0, index), reply: message });
    sentBytes += body.length;
    const response = await fetch(`${throughline.url}/v1/gateway/oai/v1/chat/completions`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer sk-provider',
        'helicone-auth': `Bearer ${throughline.key}`,
        'helicone-session-id': session,
        'helicone-session-name': 'airline support',
        'helicone-session-path': path,
      },
      body,
    });
    await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`${session}: answered ${response.status}`);
    calls++;
  }
}

function expectation({ model, messages }: Conversation) {
  let requests = 0;
  let promptTokens = 0;
  let completionTokens = 0;
  for (const [index, message] of messages.entries()) {
    if (message.role !== 'assistant') continue;
    requests++;
    promptTokens += tokensOf({ model, messages: messages.slice(0, index) });
    completionTokens += tokensOf(message);
  }
  const costPico = BigInt(promptTokens) * PRICE.prompt + BigInt(completionTokens) * PRICE.completion;
  return { requests, promptTokens, completionTokens, costPico };
}

function show(value: object): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item)).slice(0, 300);
}

/** Answers each request with the message that the recording holds for it. */
async function startProvider(): Promise<{ origin: string; server: http.Server }> {
  const server = http.createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const { model, messages, reply } = JSON.parse(Buffer.concat(chunks).toString()) as {
        model: string;
        messages: Message[];
        reply: Message;
      };
      const prompt = tokensOf({ model, messages });
      const completion = tokensOf(reply);
      res.writeHead(200, { 'content-type': 'application/json' });
      res.end(
        JSON.stringify({
          id: 'chatcmpl-replay',
          object: 'chat.completion',
          created: 1_767_225_600,
          model: 'gpt-4o-2024-08-06',
          choices: [{ index: 0, message: reply, finish_reason: reply.tool_calls?.length ? 'tool_calls' : 'stop' }],
          usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
        }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
