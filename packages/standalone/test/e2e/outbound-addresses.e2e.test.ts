import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rawCall } from '@throughline/testkit/raw-call';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';

// Every way in which a caller can name another host, with every way to write one that must not be reached. On each
// address of this machine there is a server that counts who comes.

let instance: Instance;
let trapPort = 0;
let visits = 0;
const traps: net.Server[] = [];
beforeAll(async () => {
  const trap = (host: string, port: number) =>
    new Promise<net.Server | undefined>((resolve) => {
      const server = net.createServer((socket) => {
        visits++;
        socket.on('error', () => {}).end('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ntrap!\n');
      });
      server.once('error', () => resolve(undefined));
      server.listen(port, host, () => resolve(server));
    });
  const first = (await trap('0.0.0.0', 0))!;
  trapPort = (first.address() as AddressInfo).port;
  traps.push(first);
  // Not every machine has IPv6.
  const second = await trap('::1', trapPort);
  if (second) traps.push(second);
  instance = await startInstance();
}, SETUP_MS_MAX);
afterAll(async () => {
  for (const trap of traps) trap.close();
  await instance?.stop();
}, SETUP_MS_MAX);

/** Hosts, `PORT` being that of the trap. */
const HOSTS = [
  '127.0.0.1:PORT',
  '127.1:PORT',
  '127.0.0.1.:PORT',
  '127.255.255.254:PORT',
  '2130706433:PORT',
  '0x7f000001:PORT',
  '0x7f.0.0.1:PORT',
  '0177.0.0.1:PORT',
  '017700000001:PORT',
  '%31%32%37.0.0.1:PORT',
  '１２７.0.0.1:PORT',
  '0:PORT',
  '0.0.0.0:PORT',
  'localhost:PORT',
  'LOCALHOST.:PORT',
  '[::1]:PORT',
  '[::]:PORT',
  '[::127.0.0.1]:PORT',
  '[::ffff:127.0.0.1]:PORT',
  '[::ffff:7f00:1]:PORT',
  '[0:0:0:0:0:ffff:127.0.0.1]:PORT',
  '[64:ff9b::7f00:1]:PORT',
  '[64:ff9b:1::7f00:1]:PORT',
  '[2002:7f00:1::]:PORT',
  '10.0.0.1',
  '172.31.255.254',
  '192.168.1.1',
  '100.64.0.1',
  '169.254.169.254',
  '2852039166',
  '[::ffff:169.254.169.254]',
  '[fd00:ec2::254]',
  '[fc00::1]',
  '[fe80::1]',
  '[fec0::1]',
  '[ff02::1]',
  '224.0.0.1',
  '255.255.255.255',
  'user:password@127.0.0.1:PORT',
  'api.openai.com@127.0.0.1:PORT',
  'api.openai.com%40127.0.0.1:PORT',
  '127.0.0.1:PORT#@api.openai.com',
  '127.0.0.1:PORT%23@api.openai.com',
  '127.0.0.1:PORT\\@api.openai.com',
  '127.0.0.1:PORT%2f@api.openai.com',
];
const TARGETS = [
  ...HOSTS.flatMap((host) => [`http://${host}`, `https://${host}/v1`]),
  'file:///etc/passwd',
  'ftp://127.0.0.1:PORT/',
  'gopher://127.0.0.1:PORT/',
  'javascript:alert(1)',
  '//127.0.0.1:PORT/',
  '127.0.0.1:PORT',
  'http:127.0.0.1:PORT',
  'http:\\\\127.0.0.1:PORT',
  'unix:/var/run/docker.sock',
].map((target) => target.replace('PORT', '%PORT%'));

interface Form {
  readonly path: string;
  readonly headers: (target: string) => Record<string, string>;
}

/** Each of these takes the target from a header; `%TARGET%` would be how a path names one, and none does. */
const FORMS: Readonly<Record<string, Form>> = {
  'the generic gateway': { path: '/v1/gateway/gateway/x', headers: (to) => ({ 'Helicone-Target-URL': to }) },
  'the generic gateway by Host': {
    path: '/x',
    headers: (to) => ({ Host: 'gateway.localhost', 'Helicone-Target-URL': to }),
  },
  'the first of several targets': {
    path: '/v1/gateway/gateway/x',
    headers: (to) => ({ 'Helicone-Fallbacks': JSON.stringify([{ 'target-url': to, headers: {}, onCodes: [500] }]) }),
  },
  'a later one of several targets': {
    path: '/v1/gateway/gateway/x',
    headers: (to) => ({
      'Helicone-Fallbacks': JSON.stringify([
        { 'target-url': 'https://api.openai.com', headers: {}, onCodes: [{ from: 200, to: 599 }] },
        { 'target-url': to, headers: {}, onCodes: [500] },
      ]),
    }),
  },
  'OpenAI with its base': { path: '/v1/gateway/oai/x', headers: (to) => ({ 'Helicone-OpenAI-Api-Base': to }) },
  'OpenAI with a target': { path: '/v1/gateway/oai/x', headers: (to) => ({ 'Helicone-Target-URL': to }) },
  'OpenAI by Host': { path: '/x', headers: (to) => ({ Host: 'oai.localhost', 'Helicone-OpenAI-Api-Base': to }) },
  'Anthropic with a target': { path: '/v1/gateway/anthropic/x', headers: (to) => ({ 'Helicone-Target-URL': to }) },
  'Azure with its base': { path: '/v1/gateway/azure/x', headers: (to) => ({ 'Helicone-OpenAI-Api-Base': to }) },
  'Azure by Host': { path: '/x', headers: (to) => ({ Host: 'azure.localhost', 'Helicone-Target-URL': to }) },
  'Bedrock with a target': {
    path: '/v1/gateway/bedrock/model/x/converse',
    headers: (to) => ({ 'Helicone-Target-URL': to }),
  },
};

const KEYS = {
  authorization: 'Bearer sk-provider',
  'x-api-key': 'sk-provider',
  'aws-access-key': 'AK',
  'aws-secret-key': 'SK',
};

describe.each(Object.entries(FORMS))('%s', (_name, { path, headers }) => {
  test('reaches none of them, and says so', async () => {
    const wrong: unknown[] = [];
    for (const target of TARGETS) {
      const to = target.replace('%PORT%', String(trapPort));
      // Headers are bytes: what is not ASCII goes as UTF-8.
      const sent = headers(Buffer.from(to).toString('latin1'));
      const answer = await rawCall({ url: instance.throughline.url + path, headers: { ...KEYS, ...sent } });
      // A name with a dot at its end is one that some resolvers do not know.
      const isUnknown = answer.status === 502 && answer.body.includes('name not found');
      const isClear = answer.status === 400 || answer.status === 403 || isUnknown;
      if (!isClear || answer.body.includes('trap!')) wrong.push([to, answer.status, answer.body.toString()]);
    }
    expect([wrong, visits]).toEqual([[], 0]);
  }, 60_000);
});

test('no webhook leads to one of them', async () => {
  const wrong: unknown[] = [];
  for (const target of TARGETS) {
    const destination = target.replace('%PORT%', String(trapPort));
    const { status, body } = await instance.api.call('POST', '/v1/webhooks', { destination });
    if (status !== 400 && status !== 403) wrong.push([destination, status, body]);
  }
  expect([wrong, visits]).toEqual([[], 0]);
}, 60_000);

describe('without a header', () => {
  const paths = (port: number) => [
    `/v1/gateway/oai/..%2f..%2f@127.0.0.1:${port}/`,
    `/v1/gateway/oai//127.0.0.1:${port}/`,
    `/v1/gateway/oai/%23@127.0.0.1:${port}/`,
    `/v1/gateway/oai/\\127.0.0.1:${port}/`,
    `/v1/gateway/oai/http://127.0.0.1:${port}/`,
    `/v1/gateway/oai@127.0.0.1:${port}/x`,
    `/v1/gateway/oai%23@127.0.0.1:${port}/x`,
    `/v1/gateway/127.0.0.1:${port}/x`,
    `/v1/gateway/bedrock/v1/127.0.0.1:${port}/model/x/converse`,
    `/v1/gateway/bedrock/v1/x@127.0.0.1:${port}%23/model/x/converse`,
    `/v1/gateway/bedrock/v1/us-east-1.127.0.0.1:${port}/model/x/converse`,
    `/v1/gateway/bedrock/v1/us-east-1@127.0.0.1:${port}/model/x/converse`,
    `http://127.0.0.1:${port}/`,
    `http://oai.localhost@127.0.0.1:${port}/v1/models`,
    `//127.0.0.1:${port}/`,
  ];
  test.each(['', 'oai.localhost', '127.0.0.1:PORT', 'oai.localhost@127.0.0.1:PORT', 'oai.localhost#127.0.0.1:PORT'])(
    'no path leads elsewhere (Host: %s)',
    async (host) => {
      const hosts =
        host === '' ? `127.0.0.1:${new URL(instance.throughline.url).port}` : host.replace('PORT', String(trapPort));
      for (const path of paths(trapPort)) {
        for (const line of [`GET ${path} HTTP/1.1`, `CONNECT 127.0.0.1:${trapPort} HTTP/1.1`]) {
          const forwarded = `X-Forwarded-Host: 127.0.0.1:${trapPort}\r\nForwarded: host=127.0.0.1:${trapPort}\r\n`;
          const said = await rawBytes(`${line}\r\nHost: ${hosts}\r\n${forwarded}Connection: close\r\n\r\n`);
          expect(said).not.toContain('trap!');
          expect(said).not.toMatch(/^HTTP\/1\.1 5/);
        }
      }
      expect(visits).toBe(0);
    },
  );
});

test('the trap itself works', async () => {
  await rawCall({ url: `http://127.0.0.1:${trapPort}/` });
  expect(visits).toBe(1);
});

/** What comes back for these bytes, until the connection ends. */
function rawBytes(request: string): Promise<string> {
  return new Promise((resolve) => {
    const { port } = new URL(instance.throughline.url);
    let said = '';
    const socket = net.connect(Number(port), '127.0.0.1', () => socket.write(request));
    socket
      .on('data', (chunk) => {
        said += chunk;
      })
      .on('error', () => {})
      .on('close', () => resolve(said));
  });
}
