import type http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { useCleanups } from '../support/clean-up.ts';
import { type Harness, KEY, request, startGateway, startUpstream } from '../support/gateway-harness.ts';

const cleanups = useCleanups();

async function setUp(handler: http.RequestListener, config: { headersTimeoutMs?: number } = {}): Promise<Harness> {
  const upstream = await startUpstream(handler);
  cleanups.push(upstream.close);
  const gateway = await startGateway({ providerOrigins: { OPENAI: upstream.origin }, config });
  cleanups.push(gateway.close);
  return gateway;
}

const call = (gateway: Harness, headers: Record<string, string>) =>
  request(`${gateway.origin}/v1/gateway/oai/v1/x`, { headers: { 'Helicone-Auth': `Bearer ${KEY}`, ...headers } });

describe('Helicone-Stream-Force-Format', () => {
  const LONG = `data: {"text":"${'x'.repeat(60)}"}\n\n`;
  const CHUNKS = ['data: {"te', LONG, LONG, ': a', ': b', 'data: [DONE]\n\n'];

  function streaming(chunks: readonly string[], end: 'end' | 'cut') {
    return async (_req: http.IncomingMessage, res: http.ServerResponse) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const chunk of chunks) {
        res.write(chunk);
        await sleep(20);
      }
      if (end === 'end') res.end();
      else res.destroy();
    };
  }
  const texts = (reads: readonly Buffer[]) => reads.map((read) => read.toString());

  test('gives the client short chunks with those behind them, and records what came', async () => {
    const gateway = await setUp(streaming(CHUNKS, 'end'));
    const joined = await call(gateway, { 'Helicone-Stream-Force-Format': 'true' });
    const plain = await call(gateway, {});
    expect(texts(plain.reads)).toEqual(CHUNKS);
    expect(texts(joined.reads)).toEqual([CHUNKS[0]! + LONG, LONG, ': a: b', 'data: [DONE]\n\n']);
    for (const event of await gateway.recorded(2)) {
      expect(Buffer.from(event.response_body.bytes).toString()).toBe(CHUNKS.join(''));
    }
  });

  test('leaves other bodies as they are', async () => {
    const gateway = await setUp(async (_req, res) => {
      res.write('a');
      await sleep(20);
      res.write('b');
      await sleep(20);
      res.end('c');
    });
    const { reads } = await call(gateway, { 'Helicone-Stream-Force-Format': 'true' });
    expect(texts(reads)).toEqual(['a', 'b', 'c']);
  });

  test('gives what there was of a stream that was cut', async () => {
    const gateway = await setUp(streaming([LONG, 'data: {"tex'], 'cut'));
    const response = await fetch(`${gateway.origin}/v1/gateway/oai/v1/x`, {
      headers: { 'Helicone-Stream-Force-Format': 'true' },
    });
    let text = '';
    const decoder = new TextDecoder();
    await expect(async () => {
      for await (const chunk of response.body!) text += decoder.decode(chunk);
    }).rejects.toThrow();
    expect(text).toBe(`${LONG}data: {"tex`);
  });
});

describe('Helicone-Increase-Timeout', () => {
  const slow: http.RequestListener = (_req, res) => {
    setTimeout(() => res.end('late'), 2_500);
  };

  test.each([
    ['a call', {}],
    ['a call that may be sent again', { 'Helicone-Retry-Enabled': 'true', 'Helicone-Retry-Num': '0' }],
  ])('lets %s wait for longer', async (_what, more) => {
    // undici keeps time-outs to about a second.
    const gateway = await setUp(slow, { headersTimeoutMs: 100 });
    const [patient, plain] = await Promise.all([
      call(gateway, { 'Helicone-Increase-Timeout': 'true', ...more }),
      call(gateway, more),
    ]);
    expect([patient.status, patient.body.toString()]).toEqual([200, 'late']);
    expect(plain.status).toBe(504);
  });
});
