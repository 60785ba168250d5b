import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ClickHouseProcess, startClickHouse } from '@throughline/testkit/clickhouse-server/start-clickhouse';
import { connectHttpAnalytics } from '../../src/http/connect-http-analytics.ts';
import type { HttpAnalyticsConfig } from '../../src/http/http-config.ts';
import { migrateServer } from '../../src/http/migrate-server.ts';

const USER = 'wríter';
const PASSWORD = 'p@ss/w:rd %41';

let server: ClickHouseProcess;
let origin: string;

beforeAll(async () => {
  server = await startClickHouse({ user: USER, password: PASSWORD });
  origin = `http://127.0.0.1:${server.port}`;
  await migrateServer({ url: server.url });
});

afterAll(async () => {
  await server?.stop();
});

/** Undefined when a query works, else its error. */
async function errorOf(config: HttpAnalyticsConfig) {
  const store = connectHttpAnalytics(config);
  try {
    await store.checkSchema();
    expect(await store.query({ sql: 'SELECT {n:UInt8} AS n', params: { n: 1 } })).toEqual([{ n: 1 }]);
    return undefined;
  } catch (error) {
    return error as Error;
  } finally {
    await store.close();
  }
}

describe('user and password', () => {
  test('may stand in the URL or beside it', async () => {
    const encoded = `${encodeURIComponent(USER)}:${encodeURIComponent(PASSWORD)}`;
    expect(await errorOf({ url: `http://${encoded}@127.0.0.1:${server.port}` })).toBeUndefined();
    expect(await errorOf({ url: origin, username: USER, password: PASSWORD })).toBeUndefined();
  });

  test('that are wrong are refused for good, by name and without the password', async () => {
    for (const wrong of [{ password: 'other' }, { username: 'nobody' }, { password: '' }]) {
      const config = { url: origin, username: USER, password: PASSWORD, ...wrong };
      const error = await errorOf(config);
      expect(error).toMatchObject({ code: 'unavailable', retryable: false, engineCode: 516 });
      expect(error?.message).toContain(`refuses the user ${config.username}`);
      expect(error?.message).not.toContain(PASSWORD);
      await expect(migrateServer(config)).rejects.toMatchObject({ code: 'unavailable', retryable: false });
    }
  });
});

test('a database that is not there asks for the migration', async () => {
  const config = { url: `${origin}/nowhere`, username: USER, password: PASSWORD };
  expect(await errorOf(config)).toMatchObject({
    code: 'rejected',
    retryable: false,
    message: 'The analytics store has no tables yet: run throughline migrate',
  });
});

test('a server that speaks something else is unavailable', async () => {
  await using listener = await listen(createServer(() => {}));
  expect(await errorOf({ url: `http://127.0.0.1:${listener.port}` })).toMatchObject({
    code: 'unavailable',
    retryable: true,
  });
});

describe('TLS', () => {
  const file = (name: string) => join(import.meta.dirname, '..', 'fixtures', 'tls', name);
  const pem = (name: string) => readFileSync(file(name));

  /** What stands in front of servers that do not speak TLS themselves. */
  const terminate = (options: { readonly requestCert: boolean }) =>
    listen(
      createServer(
        {
          cert: pem('server.pem'),
          key: pem('server-key.pem'),
          ca: pem('ca.pem'),
          rejectUnauthorized: true,
          ...options,
        },
        (socket) => {
          const plain = connect(server.port, '127.0.0.1');
          socket.pipe(plain).pipe(socket);
          for (const end of [socket, plain])
            end.on('error', () => [socket, plain].forEach((other) => void other.destroy()));
        },
      ),
    );

  const credentials = { username: USER, password: PASSWORD };

  test('trusts an authority that it is given, and no other', async () => {
    await using front = await terminate({ requestCert: false });
    const url = `https://localhost:${front.port}`;
    expect(await errorOf({ url, ...credentials, tls: { caFile: file('ca.pem') } })).toBeUndefined();
    expect(await errorOf({ url, ...credentials })).toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/certificate/),
    });
  });

  test('shows a certificate of its own beside user and password', async () => {
    await using front = await terminate({ requestCert: true });
    const url = `https://localhost:${front.port}`;
    const caFile = file('ca.pem');
    const own = { caFile, certFile: file('client.pem'), keyFile: file('client-key.pem') };
    expect(await errorOf({ url, ...credentials, tls: own })).toBeUndefined();
    expect(await errorOf({ url, ...credentials, tls: { caFile } })).toMatchObject({ code: 'unavailable' });
    expect(await errorOf({ url, ...credentials, password: 'wrong', tls: own })).toMatchObject({ engineCode: 516 });
  });
});

async function listen(server: Server): Promise<AsyncDisposable & { readonly port: number }> {
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}
