import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { CONNECTION_OPTIONS, connectToApi, readOptions } from './api-connection.ts';
import { StartError } from './start-error.ts';
import { UsageError } from './usage-error.ts';

let server: Server | undefined;
afterEach(() => void server?.close());

async function listen(listener: RequestListener): Promise<{ url: string; port: string }> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port: String(port) };
}

test('the key goes with each call, beside what else the caller sends', async () => {
  const seen: { path?: string; headers?: IncomingHttpHeaders } = {};
  const { url } = await listen((req, res) => {
    seen.path = req.url!;
    seen.headers = req.headers;
    res.end('{"data":1}');
  });
  const api = connectToApi({ url: `${url}/behind/` }, { THROUGHLINE_API_KEY: 'from-env' });
  const answer = await api.ask('/v1/x', { headers: { 'x-more': 'yes' } });
  expect(await answer.json()).toEqual({ data: 1 });
  expect(seen).toMatchObject({
    path: '/behind/v1/x',
    headers: { authorization: 'Bearer from-env', 'x-more': 'yes' },
  });
});

test('without a URL it is this machine, at PORT; a key of the call wins over that of the environment', async () => {
  let authorization: string | undefined;
  const { port, url } = await listen((req, res) => {
    authorization = req.headers.authorization;
    res.end();
  });
  const api = connectToApi({ key: 'given' }, { PORT: port, THROUGHLINE_API_KEY: 'from-env' });
  await api.ask('/');
  expect([api.url, authorization]).toEqual([url, 'Bearer given']);
  expect(connectToApi({ key: 'given' }, {}).url).toBe('http://127.0.0.1:8585');
});

test('a refusal is the sentence of whoever refused, whatever that is', async () => {
  const bodies = ['{"data":null,"error":"Session not found"}', '{"message":"Validation Failed"}', '<h1>Bad</h1>', ''];
  const { url } = await listen((_req, res) => {
    res.statusCode = 404;
    res.end(bodies.shift());
  });
  const api = connectToApi({ url, key: 'k' }, {});
  const said = [];
  for (let i = 0; i < 4; i++) said.push(await api.ask('/').then(String, (error: Error) => error.message));
  expect(said).toEqual([
    'Session not found (status 404)',
    'Validation Failed (status 404)',
    '<h1>Bad</h1> (status 404)',
    'refused without a word (status 404)',
  ]);
});

test('where nothing listens it says where it asked', async () => {
  const { url } = await listen(() => {});
  await new Promise((resolve) => server!.close(resolve));
  const refused: unknown = await connectToApi({ url, key: 'k' }, {})
    .ask('/')
    .catch((error) => error);
  expect(refused).toBeInstanceOf(StartError);
  expect((refused as StartError).message).toBe(`nothing answers at ${url} (ECONNREFUSED)`);
});

test('a call without a key, to what is no URL, or with options that there are not is called wrongly', () => {
  expect(() => connectToApi({}, {})).toThrow(UsageError);
  expect(() => connectToApi({ url: 'nonsense', key: 'k' }, {})).toThrow(UsageError);
  expect(() => connectToApi({ url: 'file:///etc/passwd', key: 'k' }, {})).toThrow(UsageError);
  expect(() => readOptions(['--nonsense'], CONNECTION_OPTIONS)).toThrow(UsageError);
  expect(() => readOptions(['--url'], CONNECTION_OPTIONS)).toThrow(UsageError);
  const { values, positionals } = readOptions(['a', '--url=http://x', '--', '-b'], CONNECTION_OPTIONS);
  expect([{ ...values }, positionals]).toEqual([{ url: 'http://x' }, ['a', '-b']]);
});
