import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { demoSessions } from './demo-sessions.ts';
import { type DemoSummary, runDemo } from './run-demo.ts';

// In place of an instance: forwards to the target that each call names, and notes what passed.
interface Passed {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  status: number;
  body: string;
}
const passed: Passed[] = [];
let notRecorded = false;
const gateway = createServer((req, res) => {
  const call: Passed = { path: req.url!, headers: req.headers, status: 0, body: '' };
  passed.push(call);
  const rest = req.url!.replace(/^\/v1\/gateway\/[^/]+/, '');
  const { host: _, ...headers } = req.headers;
  const upstream = request(
    `${req.headers['helicone-target-url']}${rest}`,
    { method: req.method, headers },
    (answer) => {
      call.status = answer.statusCode!;
      res.writeHead(call.status, notRecorded ? { 'Throughline-Recorded': 'no; reason=log-full' } : {});
      answer.on('data', (chunk: Buffer) => {
        call.body += chunk;
      });
      answer.pipe(res);
    },
  );
  // A demo that stops leaves calls under way.
  upstream.on('error', () => res.destroy());
  req.pipe(upstream);
});
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
});
afterAll(() => {
  gateway.closeAllConnections();
  gateway.close();
});

describe('a demo on an instance that records', () => {
  const allowed: string[] = [];
  const lines: string[] = [];
  const steps = demoSessions().flatMap(({ stages }) => stages.flat());
  let summary: DemoSummary;
  beforeAll(async () => {
    summary = await runDemo({
      url,
      key: 'sk-helicone-demo',
      log: (line) => lines.push(line),
      allowTarget: async (origin) => void allowed.push(origin),
    });
  });

  test('plays every step of every session through the gateway, to its own provider only', () => {
    expect(summary).toMatchObject({ sessions: demoSessions().length, calls: steps.length });
    expect(new Set(summary.sessionIds).size).toBe(summary.sessions);
    expect(lines).toHaveLength(summary.sessions);
    expect(passed.map(({ headers }) => headers['helicone-session-path']).sort()).toEqual(
      steps.map(({ path }) => path).sort(),
    );
    expect(new Set(passed.map(({ headers }) => headers['helicone-target-url']))).toEqual(new Set(allowed));
    expect(passed.every(({ headers }) => headers['helicone-auth'] === 'Bearer sk-helicone-demo')).toBe(true);
  });

  test('fails where it is meant to', () => {
    expect(passed.filter(({ status }) => status === 429)).toHaveLength(1);
    expect(passed.filter(({ status }) => status === 500)).toHaveLength(2);
  });

  test('answers streams in the shapes of the providers, with usage', () => {
    const streams = passed.filter(({ body }) => body.startsWith('data:'));
    expect(streams.length).toBeGreaterThan(5);
    for (const { body } of streams) {
      expect(body).toContain('"total_tokens":');
      expect(body.endsWith('data: [DONE]\n\n')).toBe(true);
    }
    const messages = passed.filter(({ body }) => body.startsWith('event: message_start'));
    expect(messages.length).toBeGreaterThan(3);
    for (const { body } of messages) expect(body).toMatch(/"output_tokens":\d+}}\n\nevent: message_stop\n/);
  });
});

test('a demo on an instance that does not record says so', async () => {
  notRecorded = true;
  const run = runDemo({ url, key: '', log: () => {}, allowTarget: async () => {} });
  await expect(run).rejects.toThrow('not recorded (no; reason=log-full)');
});
