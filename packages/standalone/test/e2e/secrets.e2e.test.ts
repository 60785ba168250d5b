import { randomBytes, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { scriptHeader } from '@throughline/testkit/fake-provider/script';
import { rawCall } from '@throughline/testkit/raw-call';
import { type Instance, leaksOf, SETUP_MS_MAX, startInstance } from './support/instance.ts';

// Keys that exist nowhere else are sent through everything; afterwards every place that keeps or shows something is
// searched for them.

const canary = (where: string) => `canary${where}${randomBytes(18).toString('hex')}`;
const PROVIDER_KEYS = {
  authorization: canary('authorization'),
  apiKey: canary('xapikey'),
  azure: canary('azure'),
  google: canary('google'),
  cookie: canary('cookie'),
  proxy: canary('proxy'),
  query: canary('query'),
  token: canary('token'),
  signature: canary('signature'),
} as const;
const OTHER_HELICONE_KEY = 'sk-helicone-qqqqqqq-wwwwwww-rrrrrrr-ttttttt';

let instance: Instance;
const sessionId = `secrets-${randomUUID()}`;
let metrics = '';
let answers = '';
beforeAll(async () => {
  instance = await startInstance({ LOG_LEVEL: 'trace' });
  const { url, key } = instance.throughline;
  const credentials = {
    authorization: `Bearer ${PROVIDER_KEYS.authorization}`,
    'x-api-key': PROVIDER_KEYS.apiKey,
    'api-key': PROVIDER_KEYS.azure,
    'x-goog-api-key': PROVIDER_KEYS.google,
    cookie: `session=${PROVIDER_KEYS.cookie}`,
    'proxy-authorization': `Basic ${PROVIDER_KEYS.proxy}`,
  };
  const secretQuery = new URLSearchParams({
    key: PROVIDER_KEYS.query,
    access_token: PROVIDER_KEYS.token,
    'X-Amz-Signature': PROVIDER_KEYS.signature,
  });
  const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] });
  const scripts = [
    {},
    { status: 500 },
    { status: 401 },
    { fault: { kind: 'reset', after: 'request' } },
    { fault: { kind: 'cut', after: { bytes: 20 } } },
  ] as const;
  const keys = [`Bearer ${key}`, `Bearer ${OTHER_HELICONE_KEY}`];
  for (const script of scripts) {
    for (const heliconeAuth of keys) {
      for (const path of [
        `/v1/gateway/oai/v1/chat/completions?${secretQuery}`,
        `/v1/gateway/anthropic/v1/messages?${secretQuery}`,
        `/v1/gateway/oai/${OTHER_HELICONE_KEY}/v1/chat/completions`,
        `/v1/gateway/nobody/v1/x?${secretQuery}`,
      ]) {
        const answer = await rawCall({
          url: url + path,
          headers: {
            ...instance.session(sessionId),
            ...credentials,
            'Helicone-Auth': heliconeAuth,
            ...scriptHeader(script),
          },
          body,
        });
        answers += answer.body.toString('latin1');
      }
    }
  }
  // Our own surfaces get them as well, where they are refused.
  for (const path of ['/v1/session/x', `/v1/nothing?${secretQuery}`]) {
    const answer = await instance.api.call('GET', path, undefined, PROVIDER_KEYS.authorization);
    answers += JSON.stringify(answer);
  }
  // Two routes with our key for each script; calls with a key that is not known are not recorded.
  const stored = await instance.storedSession(sessionId, scripts.length * 3);
  for (const { request_id } of stored) answers += JSON.stringify(await instance.api.request(request_id));
  answers += JSON.stringify(await instance.api.session(sessionId));
  metrics = (await rawCall({ url: `${url}/metrics` })).body.toString();
}, SETUP_MS_MAX);
afterAll(() => instance?.stop(), SETUP_MS_MAX);

test('the credentials reached the provider, ours did not', () => {
  const { provider, throughline } = instance;
  const received = provider.exchanges.map(({ headers, url }) => `${JSON.stringify(headers)} ${url}`).join('\n');
  // `proxy-authorization` is for the hop to us and goes no further.
  const { proxy: _, ...forwarded } = PROVIDER_KEYS;
  expect(found(received).sort()).toEqual(Object.keys(forwarded).sort());
  expect(provider.exchanges.flatMap((exchange) => leaksOf(exchange, throughline.key))).toEqual([]);
});

test('no key is in answers of the API, error bodies or metrics', () => {
  expect(metrics).toContain('throughline_');
  expect(found(answers)).toEqual([]);
  expect(found(metrics)).toEqual([]);
});

test('no key is in the log, at its most talkative level', () => {
  const { stdout, stderr } = instance.throughline;
  expect(stdout.length).toBeGreaterThan(0);
  expect(found(stdout + stderr)).toEqual([]);
});

test('no key is in any file of the data directory', async () => {
  // Stopped first, so that everything that is only in memory would have been written.
  const { throughline } = instance;
  await throughline.kill('SIGTERM');
  const files = (await readdir(throughline.dataDir, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  expect(files.length).toBeGreaterThan(3);
  const leaks: string[] = [];
  let inFiles = '';
  let inBlocks = '';
  for (const file of files) {
    const path = join(file.parentPath, file.name);
    const bytes = await readFile(path);
    const [plain, unpacked] = [bytes.toString('latin1'), unpack(bytes).toString('latin1')];
    if (plain.includes(sessionId)) inFiles = path;
    if (unpacked.includes('"content":"Hello"')) inBlocks = path;
    leaks.push(...found(plain).map((key) => `${path}: ${key}`));
    leaks.push(...found(unpacked).map((key) => `${path} (compressed): ${key}`));
  }
  // The search itself works: what may be there is found, in plain and in compressed form.
  expect(inFiles).not.toBe('');
  expect(inBlocks).not.toBe('');
  expect(leaks).toEqual([]);
});

/** Names of the keys that occur in a text. */
function found(text: string): string[] {
  const all = { ...PROVIDER_KEYS, ours: instance.throughline.key, other: OTHER_HELICONE_KEY };
  return Object.entries(all)
    .filter(([, key]) => text.includes(key) || text.includes(Buffer.from(key).toString('base64')))
    .map(([name]) => name);
}

/**
 * What ClickHouse compressed with zstd: each block has a header of nine bytes before its frame (method 0x90, size of
 * header and frame, size of the data). Its other codec, LZ4, leaves a random key as it is.
 */
function unpack(bytes: Buffer): Buffer {
  const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
  const blocks: Buffer[] = [];
  for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 4)) {
    if (at < 9 || bytes[at - 9] !== 0x90) continue;
    const frame = bytes.subarray(at, at - 9 + bytes.readUInt32LE(at - 8));
    blocks.push(zlib.zstdDecompressSync(frame, { maxOutputLength: 64 * 1024 * 1024 }));
  }
  return Buffer.concat(blocks);
}
