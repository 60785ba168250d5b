import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findFreePort } from '@throughline/testkit/process/free-port';
import { answerHeader, rawCall } from '@throughline/testkit/raw-call';
import { waitFor } from '@throughline/testkit/wait-for';
import { findNginx, type NginxProgram } from '../find-nginx.ts';
import { type Nginx, type Services, startNginx } from '../start-nginx.ts';
import { type Stub, seen, startStub } from '../start-stub.ts';

const found = await findNginx();
const program = found as NginxProgram;
if (typeof found !== 'string') describe('nginx in front of the services', tests);
else if (process.env.CI === 'true') test('nginx in front of the services', () => Promise.reject(new Error(found)));
else describe.skip(`nginx in front of the services (${found})`, tests);

const MIB = 1024 * 1024;

function tests(): void {
  let gateway: Stub;
  let query: Stub;
  let nginx: Nginx;
  /** What the gateway of the current test does. */
  let answer: http.RequestListener = (_req, res) => void res.end('gateway');

  beforeAll(async () => {
    gateway = await startStub('gateway', (req, res) => answer(req, res));
    query = await startStub('query');
    nginx = await startNginx(program, { gateway: [gateway.port], query: [query.port] });
  });
  afterAll(async () => {
    await nginx.remove();
    await gateway[Symbol.asyncDispose]();
    await query[Symbol.asyncDispose]();
  });

  /** Nothing about path and headers is put in order on the way. */
  function send(options: http.RequestOptions & { readonly to?: Nginx }): http.ClientRequest {
    const { to = nginx, ...others } = options;
    return http.request({ host: '127.0.0.1', port: to.port, agent: false, maxHeaderSize: 128 * 1024, ...others });
  }

  async function get(path: string, headers: Record<string, string> = {}, to?: Nginx): Promise<http.IncomingMessage> {
    const req = send({ path, headers, to }).end();
    const [res] = (await once(req, 'response')) as [http.IncomingMessage];
    return res;
  }

  test.each([
    ['/v1/gateway/oai/v1/chat/completions', '127.0.0.1:8585', 'gateway'],
    ['/v1/gateway/gateway/anything', 'throughline.example.com', 'gateway'],
    ['/v1/chat/completions', 'oai.example.com', 'gateway'],
    ['/v1/messages', 'ANTHROPIC.localhost:8585', 'gateway'],
    ['/custom/v1/log', '127.0.0.1:8585', 'gateway'],
    ['/v1/trace/custom/v1/log', '127.0.0.1:8585', 'gateway'],
    ['/v1/trace/log-python', '127.0.0.1:8585', 'gateway'],
    ['/v1/traces', 'oai.example.com', 'gateway'],
    ['/v1/traces/ingest', 'oai.example.com', 'gateway'],
    ['/v1/feedback', '127.0.0.1:8585', 'query'],
    ['/healthcheck', '127.0.0.1:8585', 'gateway'],
    ['/v1/session/query', '127.0.0.1:8585', 'query'],
    ['/v1/session/query', 'oai.example.com', 'query'],
    ['/v1/session/some-id/feedback', '127.0.0.1:8585', 'query'],
    ['/v1/request/some-id/property', '127.0.0.1:8585', 'query'],
    ['/healthz', '127.0.0.1:8585', 'query'],
    ['/readyz', 'oai.example.com', 'query'],
    ['/', '127.0.0.1:8585', 'query'],
    ['/sessions/some-page-of-the-dashboard', '127.0.0.1:8585', 'query'],
    ['/v1/chat/completions', 'throughline.example.com', 'query'],
    ['/v1/chat/completions', 'gateway.example.com', 'query'],
  ])('%s of Host %s goes to the %s', async (path, host, service) => {
    answer = (_req, res) => void res.end('gateway');
    const res = await get(path, { host });
    expect(await text(res)).toBe(service);
  });

  test('Host gateway.… is a provider’s where a target is named', async () => {
    answer = (_req, res) => void res.end('gateway');
    const headers = { host: 'gateway.example.com', 'helicone-target-url': 'https://api.example.com' };
    expect(await text(await get('/v1/chat/completions', headers))).toBe('gateway');
  });

  test('path, Host and headers arrive as they were sent, and nothing is added', async () => {
    answer = (req, res) => void res.end(JSON.stringify(seen(req)));
    const path = '/v1/gateway/oai//a/./b/%2e%2e/c%2Fd?x=%20&y=a/../b&key=';
    const headers = [
      ['Host', 'Oai.Example.com:8585'],
      ['session_id', 'with an underscore'],
      ['Helicone-Property-$!~', 'any character of a token'],
      ['Helicone.Property', 'with a dot'],
      ['X-Twice', 'one'],
      ['X-Twice', 'two'],
      ['Accept-Encoding', 'zstd, gzip'],
      ['Content-Type', 'application/json'],
      ['X-Forwarded-For', '192.0.2.1'],
      ['X-Empty', ''],
    ];
    const req = send({ path, method: 'POST', headers: headers.flat() as never });
    req.end('{}');
    const [res] = (await once(req, 'response')) as [http.IncomingMessage];
    const arrived = JSON.parse(await text(res)) as ReturnType<typeof seen>;
    expect([arrived.method, arrived.url]).toEqual(['POST', path]);
    // How a body is framed, and for how long a connection is kept, each hop settles for itself.
    const ofThisHop = /^(?:connection|transfer-encoding|content-length)$/i;
    expect(arrived.headers.filter(([name]) => !ofThisHop.test(name)).sort()).toEqual([...headers].sort());
  });

  test('query services learn whether a caller came over TLS, from the proxy in front of all if there is one', async () => {
    const told = async (headers: Record<string, string> = {}) => {
      await text(await get('/v1/session/query', headers));
      const arrived = query.calls.at(-1)!.headers;
      return arrived.filter(([name]) => /^x-forwarded-proto$/i.test(name)).map(([, value]) => value);
    };
    expect(await told()).toEqual(['http']);
    expect(await told({ 'x-forwarded-proto': 'https' })).toEqual(['https']);
  });

  test('an answer arrives as it was sent: status, headers that would order nginx about, and their number', async () => {
    const headers = [
      ['Server', 'a provider'],
      ['Date', 'Thu, 01 Jan 1970 00:00:00 GMT'],
      ['Location', 'http://gateway/elsewhere'],
      ['Set-Cookie', 'a=1; Domain=api.example.com; Path=/x'],
      ['Set-Cookie', 'b=2'],
      ['X-Accel-Redirect', '/v1/session/query'],
      ['X-Accel-Buffering', 'yes'],
      ['X-Accel-Limit-Rate', '1'],
      ['X-Accel-Expires', '0'],
      ['X-Accel-Charset', 'koi8-r'],
      ['X-Pad', 'kept'],
      ['Cache-Control', 'max-age=60'],
      ['Content-Encoding', 'zstd'],
      ['X-Large', 'x'.repeat(40_000)],
    ];
    answer = (_req, res) => {
      res.sendDate = false;
      res.writeHead(418, headers.flat() as never);
      res.end('teapot');
    };
    for (const method of ['GET', 'POST']) {
      const req = send({ path: '/v1/gateway/oai/v1/models', method }).end();
      const [res] = (await once(req, 'response')) as [http.IncomingMessage];
      expect([res.statusCode, await text(res)]).toEqual([418, 'teapot']);
      const arrived = seen(res).headers.filter(([name]) => !/^(?:connection|transfer-encoding)$/i.test(name));
      expect([...arrived].sort()).toEqual([...headers].sort());
    }
  });

  test('a stream passes chunk by chunk: each is sent only when the one before has arrived', async () => {
    let write: (chunk: string) => void = () => {};
    answer = (_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      write = (chunk) => (chunk === '' ? res.end() : res.write(chunk));
      write('data: 0\n\n');
    };
    const res = await get('/v1/gateway/oai/v1/chat/completions');
    let arrived = '';
    res.setEncoding('utf8').on('data', (chunk: string) => {
      arrived += chunk;
    });
    for (let i = 0; i < 20; i++) {
      await waitFor(() => arrived.endsWith(`data: ${i}\n\n`), { what: `chunk ${i}` });
      write(`data: ${i + 1}\n\n`);
    }
    write('');
    await once(res, 'end');
    expect(res.complete).toBe(true);
  });

  test('a request body passes chunk by chunk as well', async () => {
    let arrived = '';
    answer = (req, res) => {
      req.setEncoding('utf8').on('data', (chunk: string) => {
        arrived += chunk;
      });
      req.on('end', () => res.end('done'));
    };
    const req = send({ path: '/v1/gateway/oai/v1/audio', method: 'POST' });
    for (let i = 0; i < 10; i++) {
      req.write(`part ${i};`);
      await waitFor(() => arrived.endsWith(`part ${i};`), { what: `part ${i}` });
    }
    req.end();
    const [res] = (await once(req, 'response')) as [http.IncomingMessage];
    expect(await text(res)).toBe('done');
  });

  test.each(['POST', 'PUT'])(
    'a request body of 24 MiB goes through with %s, with and without its length',
    async (method) => {
      answer = (req, res) => {
        const hash = createHash('sha256');
        req.on('data', (chunk: Buffer) => hash.update(chunk)).on('end', () => res.end(hash.digest('hex')));
      };
      const body = randomBytes(24 * MIB);
      for (const headers of [{ 'content-length': body.length }, { 'transfer-encoding': 'chunked' }]) {
        const req = send({ path: '/v1/gateway/oai/v1/files', method, headers });
        req.end(body);
        const [res] = (await once(req, 'response')) as [http.IncomingMessage];
        expect(await text(res)).toBe(sha256(body));
      }
    },
  );

  test('an answer of 24 MiB goes through, with and without its length', async () => {
    const body = randomBytes(24 * MIB);
    answer = (req, res) => {
      if (req.url!.endsWith('/length')) res.setHeader('content-length', body.length);
      res.write(body.subarray(0, 1));
      res.end(body.subarray(1));
    };
    for (const path of ['/v1/gateway/oai/v1/files/length', '/v1/gateway/oai/v1/files/chunks']) {
      const answered = await rawCall({ url: nginx.origin + path });
      expect([answered.end, sha256(answered.body)]).toEqual(['complete', sha256(body)]);
    }
  });

  test('an answer to a body that is still being sent arrives', async () => {
    answer = (_req, res) => {
      res.statusCode = 413;
      res.end('too large');
    };
    const req = send({ path: '/v1/gateway/oai/v1/files', method: 'POST' });
    req.on('error', () => {});
    req.write('the first part');
    const [res] = (await once(req, 'response')) as [http.IncomingMessage];
    expect([res.statusCode, await text(res)]).toEqual([413, 'too large']);
    req.destroy();
  });

  test('headers of 60 KiB arrive, one alone or many together; what is beyond the services’ limit, they refuse', async () => {
    answer = (req, res) => void res.end(String(JSON.stringify(req.headers).length));
    const long = await get('/v1/gateway/oai/v1/models', { 'helicone-session-name': 'x'.repeat(60_000) });
    expect([long.statusCode, Number(await text(long)) > 60_000]).toEqual([200, true]);
    const many = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`helicone-property-${i}`, 'x'.repeat(80)]));
    const all = await get('/v1/gateway/oai/v1/models', many);
    expect([all.statusCode, Number(await text(all)) > 600 * 80]).toEqual([200, true]);
    const path = await get(`/v1/gateway/oai/v1/models?q=${'x'.repeat(40_000)}`);
    expect(path.statusCode).toBe(200);
    const beyond = { a: 'x'.repeat(40_000), b: 'x'.repeat(40_000) };
    expect((await get('/v1/gateway/oai/v1/models', beyond)).statusCode).toBe(431);
  });

  test('connections are upgraded, and bytes go both ways', async () => {
    const onUpgrade = (req: http.IncomingMessage, socket: import('node:stream').Duplex) => {
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: ${req.headers.upgrade}\r\nConnection: upgrade\r\n\r\n`,
      );
      socket.pipe(socket);
    };
    gateway.server.on('upgrade', onUpgrade);
    const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
    const req = send({ path: '/v1/gateway/oai/v1/realtime', headers }).end();
    const [res, socket] = (await once(req, 'upgrade')) as [http.IncomingMessage, import('node:net').Socket];
    expect([res.statusCode, res.headers.upgrade]).toEqual([101, 'websocket']);
    for (let i = 0; i < 5; i++) {
      socket.write(`ping ${i}`);
      const [back] = (await once(socket, 'data')) as [Buffer];
      expect(back.toString()).toBe(`ping ${i}`);
    }
    socket.destroy();
    gateway.server.off('upgrade', onUpgrade);
  });

  test('connections to services are kept', async () => {
    answer = (_req, res) => void res.end('kept');
    await text(await get('/v1/gateway/oai/v1/models'));
    const before = gateway.connections;
    for (let i = 0; i < 20; i++) await text(await get('/v1/gateway/oai/v1/models'));
    expect(gateway.connections).toBe(before);
  });

  test('a client that leaves is noticed by the service', async () => {
    const left = Promise.withResolvers<void>();
    answer = (_req, res) => {
      res.on('close', () => left.resolve());
      res.write('data: first\n\n');
    };
    const leaving = new AbortController();
    const { end } = await rawCall({
      url: `${nginx.origin}/v1/gateway/oai/v1/chat/completions`,
      signal: leaving.signal,
      onChunk: () => leaving.abort(),
    });
    expect(end).toBe('aborted');
    await left.promise;
  });

  describe('where services fail', () => {
    const withServices = (services: Partial<Services>) =>
      startNginx(program, { gateway: [gateway.port], query: [query.port], ...services });
    /** Reads the whole call, and is gone. */
    const startDying = () => startStub('dying', (req) => void req.resume().on('end', () => req.socket.destroy()));

    async function call(to: Nginx, method: string, path: string, body?: string) {
      const answered = await rawCall({ url: to.origin + path, method, body });
      const [type, recorded] = ['content-type', 'throughline-recorded'].map((name) => answerHeader(answered, name));
      return { status: answered.status, body: answered.body.toString(), type, recorded };
    }

    test.each(['POST', 'GET', 'DELETE', 'PUT', 'PATCH'])(
      'a %s that a gateway has got is sent to no other',
      async (method) => {
        await using first = await startDying();
        await using second = await startDying();
        await using front = await withServices({ gateway: [first.port, second.port] });
        const { status } = await call(front, method, '/v1/gateway/oai/v1/x', method === 'POST' ? '{}' : undefined);
        expect(status).toBe(502);
        expect(first.calls.length + second.calls.length).toBe(1);
      },
    );

    test('a POST that nothing was sent of goes to the gateway that is there, once', async () => {
      answer = (req, res) => void req.resume().on('end', () => res.end('the one that is there'));
      await using front = await withServices({ gateway: [await findFreePort(), gateway.port] });
      const before = gateway.calls.length;
      for (let i = 0; i < 4; i++) {
        const answered = await call(front, 'POST', '/v1/gateway/oai/v1/chat/completions', 'x'.repeat(MIB));
        expect(answered).toMatchObject({ status: 200, body: 'the one that is there' });
      }
      expect(gateway.calls.length - before).toBe(4);
    });

    test('reading is tried at the other query service', async () => {
      await using dying = await startDying();
      await using front = await withServices({ query: [dying.port, query.port] });
      const answers = [await call(front, 'GET', '/v1/request/x'), await call(front, 'GET', '/v1/request/x')];
      expect(answers.map(({ status, body }) => [status, body])).toEqual([
        [200, 'query'],
        [200, 'query'],
      ]);
      expect(dying.calls.length).toBe(1);
    });

    test('nobody there is said in the form that clients read, and the log has no path with keys in it', async () => {
      const nobody = await findFreePort();
      await using front = await withServices({ gateway: [nobody], query: [nobody] });
      const secret = randomUUID();
      for (const [path, service] of [
        [`/v1/gateway/oai/v1/models?key=${secret}`, 'gateway'],
        [`/v1/gateway/sk-helicone-${secret}/oai/v1/models`, 'gateway'],
        [`/v1/session/${secret}`, 'query'],
      ] as const) {
        const error = `The ${service} service does not answer; try again in a moment`;
        expect(await call(front, 'GET', path)).toEqual({
          status: 502,
          type: 'application/json',
          recorded: service === 'gateway' ? 'unknown; reason=no-answer' : undefined,
          body: JSON.stringify({ data: null, error }),
        });
      }
      await front.stop();
      const log = front.log();
      expect(log).toContain('"status":502');
      expect(log).not.toContain(secret);
    });

    test('an answer that breaks off is cut for the client too, never ended', async () => {
      answer = (_req, res) => {
        res.write('data: first\n\n');
        setImmediate(() => res.destroy());
      };
      const { end, status } = await rawCall({ url: `${nginx.origin}/v1/gateway/oai/v1/chat/completions` });
      expect([status, end]).toEqual([200, 'cut']);
    });
  });
}

async function text(res: http.IncomingMessage): Promise<string> {
  let all = '';
  for await (const chunk of res.setEncoding('utf8')) all += chunk as string;
  return all;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
