import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { describe, expect, test } from '@jest/globals';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { useCleanups } from '../support/clean-up.ts';
import {
  type FakeUpstream,
  type Harness,
  KEY,
  request,
  startGateway,
  startUpstream,
} from '../support/gateway-harness.ts';

const cleanups = useCleanups();

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const credentials = { 'aws-access-key': 'AKIDEXAMPLE', 'aws-secret-key': SECRET };

interface Bedrock {
  readonly gateway: Harness;
  readonly upstream: FakeUpstream;
  readonly bodies: Buffer[];
}

/** Bedrock, played by a server that answers 403 unless the signature is right. */
async function setUp(): Promise<Bedrock> {
  const bodies: Buffer[] = [];
  const upstream = await startUpstream(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    bodies.push(body);
    res.setHeader('content-type', 'application/json');
    if (!isSigned(req, body)) res.writeHead(403).end('{"message":"the signature does not match"}');
    else {
      res.end(
        JSON.stringify({
          output: { message: { role: 'assistant', content: [{ text: 'Hello' }] } },
          stopReason: 'end_turn',
          usage: { inputTokens: 3, outputTokens: 1, totalTokens: 4 },
          metrics: { latencyMs: 5 },
        }),
      );
    }
  });
  cleanups.push(upstream.close);
  const gateway = await startGateway({ providerOrigins: { AWS: upstream.origin } });
  cleanups.push(gateway.close);
  return { gateway, upstream, bodies };
}

/** AWS Signature Version 4, computed from what arrived. */
function isSigned(req: IncomingMessage, body: Buffer): boolean {
  const [, scope, signedHeaders, signature] =
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/([^,]+), SignedHeaders=([^,]+), Signature=(\w+)$/.exec(
      req.headers.authorization ?? '',
    ) ?? [];
  if (!scope) return false;
  const [day, region, service] = scope.split('/');
  const [path, query = ''] = req.url!.split('?');
  const hash = (data: Buffer | string) => createHash('sha256').update(data).digest('hex');
  const hmac = (key: Buffer | string, data: string) => createHmac('sha256', key).update(data).digest();
  const canonical = [
    req.method,
    // Encoded once more, segment by segment.
    path!
      .split('/')
      .map((segment) => encodeURIComponent(segment))
      .join('/'),
    query.split('&').sort().join('&'),
    ...signedHeaders!.split(';').map((name) => `${name}:${req.headers[name]}`),
    '',
    signedHeaders,
    hash(body),
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', req.headers['x-amz-date'], scope, hash(canonical)].join('\n');
  const key = hmac(hmac(hmac(hmac(`AWS4${SECRET}`, day!), region!), service!), 'aws4_request');
  return region === 'us-east-1' && service === 'bedrock' && hmac(key, toSign).toString('hex') === signature;
}

describe('Bedrock', () => {
  test('a call is signed for the host that it goes to, and the credentials go nowhere', async () => {
    const { gateway, upstream, bodies } = await setUp();
    const path = '/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse?b=2&a=1%202';
    const response = await request(`${gateway.origin}/v1/gateway/bedrock/v1/us-east-1${path}`, {
      method: 'POST',
      headers: { ...credentials, 'aws-session-token': 'token', 'Helicone-Auth': `Bearer ${KEY}`, 'X-Other': 'kept' },
      body: '{"messages":[]}',
    });
    expect([response.status, response.body.toString()]).toEqual([200, expect.stringContaining('"usage"')]);
    const [seen] = upstream.requests;
    expect([seen!.url, bodies[0]!.toString(), seen!.headers['x-other']]).toEqual([path, '{"messages":[]}', 'kept']);
    expect(seen!.headers['x-amz-security-token']).toBe('token');
    expect(Object.keys(seen!.headers).filter((name) => name.startsWith('aws-'))).toEqual([]);
    const [event] = await gateway.recorded(1);
    expect(event).toMatchObject({ provider: 'AWS', path, status: 200 });
    expect(JSON.stringify(event)).not.toContain(SECRET.slice(0, 12));
  });

  test('the client of AWS works with a base URL and two headers', async () => {
    const { gateway } = await setUp();
    const client = new BedrockRuntimeClient({
      region: 'eu-west-1',
      endpoint: `${gateway.origin}/v1/gateway/bedrock/v1/us-east-1`,
      credentials: { accessKeyId: 'dummy', secretAccessKey: 'dummy' },
      requestHandler: new NodeHttpHandler(),
    });
    client.middlewareStack.add(
      (next) => (args) => {
        Object.assign((args.request as { headers: object }).headers, credentials, { 'Helicone-Auth': `Bearer ${KEY}` });
        return next(args);
      },
      { step: 'build' },
    );
    const answer = await client.send(
      new ConverseCommand({
        modelId: 'anthropic.claude-3-haiku-20240307-v1:0',
        messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
      }),
    );
    client.destroy();
    expect([answer.stopReason, answer.usage?.totalTokens]).toEqual(['end_turn', 4]);
    expect(await gateway.recorded(1)).toMatchObject([{ tenant_id: 'acme', provider: 'AWS' }]);
  });

  test('as a fallback, it is signed with the credentials among the headers of the fallback', async () => {
    const { gateway, upstream } = await setUp();
    const path = '/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse';
    const fallback = {
      'target-url': 'https://bedrock-runtime.us-east-1.amazonaws.com',
      headers: credentials,
      onCodes: [],
    };
    const response = await request(`${gateway.origin}/v1/gateway/gateway${path}`, {
      method: 'POST',
      headers: { 'Helicone-Auth': `Bearer ${KEY}`, 'Helicone-Fallbacks': JSON.stringify([fallback]) },
      body: '{"messages":[]}',
    });
    expect([response.status, response.headers['helicone-fallback-index']]).toEqual([200, '0']);
    expect(upstream.requests[0]!.rawHeaders.join()).not.toContain(SECRET);
    expect(await gateway.recorded(1)).toMatchObject([{ provider: 'AWS', path, status: 200 }]);
  });

  test('a call with a bearer key goes as it is', async () => {
    const { gateway, upstream } = await setUp();
    await request(`${gateway.origin}/v1/gateway/bedrock/v1/us-east-1/model/x/converse`, {
      method: 'POST',
      headers: { authorization: 'Bearer bedrock-key', 'Helicone-Auth': `Bearer ${KEY}` },
      body: '{}',
    });
    expect(upstream.requests[0]!.headers).toMatchObject({ authorization: 'Bearer bedrock-key' });
    expect(upstream.requests[0]!.headers['x-amz-date']).toBeUndefined();
  });

  test('without a region, a call needs a target', async () => {
    const upstream = await startUpstream((_req, res) => res.end());
    cleanups.push(upstream.close);
    const gateway = await startGateway();
    cleanups.push(gateway.close);
    const answer = await request(`${gateway.origin}/v1/gateway/bedrock/model/x/converse`, {
      method: 'POST',
      headers: credentials,
      body: '{}',
    });
    expect([answer.status, answer.body.toString()]).toEqual([400, expect.stringContaining('Missing target base url')]);
  });

  test('a body that is too large to be signed is refused, and not sent', async () => {
    const upstream = await startUpstream((_req, res) => res.end());
    cleanups.push(upstream.close);
    const gateway = await startGateway({
      providerOrigins: { AWS: upstream.origin },
      config: { wholeRequestBytesMax: 1_000 },
    });
    cleanups.push(gateway.close);
    const answer = await request(`${gateway.origin}/v1/gateway/bedrock/v1/us-east-1/model/x/converse`, {
      method: 'POST',
      headers: credentials,
      body: 'x'.repeat(2_000),
    });
    expect([answer.status, upstream.requests.length]).toEqual([413, 0]);
  });
});
