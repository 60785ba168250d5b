import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DemoStep, roughTokens } from './demo-session.ts';

/** Names the step that a call belongs to; the provider runs in the same process and looks its answer up. */
export const STEP_HEADER = 'x-demo-step';

export interface DemoProvider {
  readonly origin: string;
  /** @returns what to send as `STEP_HEADER` with the call of this step. */
  expect(step: DemoStep): string;
  close(): Promise<void>;
}

/** A provider on loopback that answers each step of the demo as planned, so that the demo needs no network and no key. */
export async function startDemoProvider(): Promise<DemoProvider> {
  const steps: DemoStep[] = [];
  const server = createServer((req, res) => {
    const step = steps[Number(req.headers[STEP_HEADER])];
    req.resume();
    req.once('end', () => {
      if (!step) {
        res.writeHead(404).end();
        return;
      }
      // Whoever leaves early ends the answer; there is nobody else to tell.
      answer(step, res).catch(() => res.destroy());
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    expect: (step) => String(steps.push(step) - 1),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(step: DemoStep, res: ServerResponse): Promise<void> {
  if (step.status) {
    await sleep(step.takesMs);
    return sendJson(res, step.status, ERRORS[step.status]);
  }
  if (!step.streamed) {
    await sleep(step.takesMs);
    return sendJson(res, 200, BODIES[step.api](step));
  }
  // A third of the time passes before the first words, as it does with real models.
  await sleep(step.takesMs / 3);
  res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  const events = step.api === 'anthropic' ? anthropicEvents(step) : openaiEvents(step);
  for (const event of events) {
    res.write(event);
    await sleep((step.takesMs * 2) / 3 / events.length);
  }
  res.end();
}

function sendJson(res: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  res.end(text);
}

const ERRORS = {
  429: { error: { message: 'Rate limit reached for requests.', type: 'requests', code: 'rate_limit_exceeded' } },
  500: {
    error: { message: 'The server had an error while processing your request.', type: 'server_error', code: null },
  },
} as const;

const BODIES: Readonly<Record<DemoStep['api'], (step: DemoStep) => object>> = {
  openai(step) {
    const { name, arguments: args } = step.tool ?? { name: '', arguments: {} };
    const message = step.tool
      ? {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'call_demo', type: 'function', function: { name, arguments: JSON.stringify(args) } }],
        }
      : { role: 'assistant', content: step.answer };
    return {
      id: 'chatcmpl-demo',
      object: 'chat.completion',
      created: nowSeconds(),
      model: step.model,
      choices: [{ index: 0, message, finish_reason: step.tool ? 'tool_calls' : 'stop' }],
      usage: openaiUsage(step),
    };
  },
  anthropic: (step) => ({
    id: 'msg_demo',
    type: 'message',
    role: 'assistant',
    model: step.model,
    content: [{ type: 'text', text: step.answer }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: anthropicUsage(step),
  }),
  embeddings: (step) => ({
    object: 'list',
    model: step.model,
    data: [{ object: 'embedding', index: 0, embedding: [0.012, -0.034, 0.056, 0.078] }],
    usage: { prompt_tokens: promptTokens(step), total_tokens: promptTokens(step) },
  }),
  search: (step) => ({
    result: (JSON.parse(step.answer) as string[]).map((title, at) => ({
      id: at + 1,
      score: 0.91 - at * 0.07,
      payload: { title },
    })),
    status: 'ok',
  }),
};

function openaiEvents(step: DemoStep): string[] {
  const base = { id: 'chatcmpl-demo', object: 'chat.completion.chunk', created: nowSeconds(), model: step.model };
  const chunk = (delta: object, finish: string | null = null) =>
    `data: ${JSON.stringify({ ...base, choices: [{ index: 0, delta, finish_reason: finish }], usage: null })}\n\n`;
  return [
    chunk({ role: 'assistant', content: '' }),
    ...pieces(step.answer).map((content) => chunk({ content })),
    chunk({}, 'stop'),
    `data: ${JSON.stringify({ ...base, choices: [], usage: openaiUsage(step) })}\n\n`,
    'data: [DONE]\n\n',
  ];
}

function anthropicEvents(step: DemoStep): string[] {
  const usage = anthropicUsage(step);
  const message = { id: 'msg_demo', type: 'message', role: 'assistant', model: step.model, content: [] };
  return [
    { type: 'message_start', message: { ...message, usage: { ...usage, output_tokens: 1 } } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...pieces(step.answer).map((text) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text },
    })),
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: usage.output_tokens },
    },
    { type: 'message_stop' },
  ].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

function openaiUsage(step: DemoStep) {
  const completion = roughTokens(step.answer || JSON.stringify(step.tool));
  const prompt = promptTokens(step);
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

function anthropicUsage(step: DemoStep) {
  return {
    input_tokens: promptTokens(step),
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: roughTokens(step.answer),
  };
}

function promptTokens(step: DemoStep): number {
  return step.contextTokens + roughTokens(step.ask);
}

/** A few words at a time, as streams bring them. */
function pieces(text: string): string[] {
  return text.match(/\S+\s*(?:\S+\s*){0,4}/g) ?? [];
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
