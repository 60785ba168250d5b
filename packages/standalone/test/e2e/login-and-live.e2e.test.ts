import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runThroughline } from '@throughline/testkit/process/service-process';
import { rawCall } from '@throughline/testkit/raw-call';
import { waitFor } from '@throughline/testkit/wait-for';
import { type EventStream, openEventStream } from '../../../../services/query/test/event-stream.ts';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';

let instance: Instance;
const streams: EventStream[] = [];

beforeAll(async () => {
  instance = await startInstance();
}, SETUP_MS_MAX);

afterAll(async () => {
  for (const stream of streams) stream.close();
  await instance.stop();
}, SETUP_MS_MAX);

const BODY = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] });

async function call(session: string): Promise<void> {
  const url = `${instance.openaiUrl}/chat/completions`;
  expect((await rawCall({ url, headers: instance.session(session), body: BODY })).status).toBe(200);
}

async function listen(key: string, query = ''): Promise<EventStream> {
  const stream = await openEventStream(`${instance.throughline.url}/v1/live${query}`, key);
  streams.push(stream);
  return stream;
}

/** What `POST /v1/login` answers to the token of a link. */
async function signIn(link: string, origin?: string) {
  const { url } = instance.throughline;
  expect(link.startsWith(`${url}/login#token=`)).toBe(true);
  const answer = await fetch(`${url}/v1/login`, {
    method: 'POST',
    headers: origin === undefined ? {} : { origin },
    body: JSON.stringify({ token: link.split('#token=')[1] }),
  });
  return { status: answer.status, body: (await answer.json()) as { data: { api_key: string; expires_at: string } } };
}

async function newLink(): Promise<string> {
  const { throughline } = instance;
  const { code, stdout } = await runThroughline(['login', '--json'], { THROUGHLINE_DATA_DIR: throughline.dataDir });
  expect(code).toBe(0);
  return (JSON.parse(stdout) as { link: string }).link;
}

const usedKey = async (key: string) => {
  const answer = await fetch(`${instance.throughline.url}/v1/key`, { headers: { authorization: key } });
  return { status: answer.status, ...((await answer.json()) as { data: { id: string } }) };
};

describe('signing in by a link', () => {
  test('the link that a start prints makes a key for half a day, once', async () => {
    // It answers before it prints.
    const link = await waitFor(() => /http\S+#token=\S+(?=\s)/.exec(instance.throughline.stderr)?.[0], {
      what: 'the link',
    });
    const { status, body } = await signIn(link, instance.throughline.url);
    expect(status).toBe(200);
    const hours = (Date.parse(body.data.expires_at) - Date.now()) / 3_600_000;
    expect(Math.round(hours)).toBe(12);
    expect(await usedKey(body.data.api_key)).toMatchObject({
      status: 200,
      data: {
        name: expect.stringMatching(/^dashboard login \d{4}-/),
        permissions: ['rw', 'operator'],
        tenant_id: 'default',
        is_bootstrap: false,
        expires_at: body.data.expires_at,
      },
    });
    expect((await signIn(link)).status).toBe(403);
  });

  test('a running instance gives out another one, which pages of other addresses cannot use', async () => {
    const link = await newLink();
    expect((await signIn(link, 'http://evil.example')).status).toBe(403);
    expect((await signIn(link)).status).toBe(200);
  });

  test('the key of the configuration says that it is', async () => {
    const { key } = instance.throughline;
    expect(await usedKey(key)).toMatchObject({ status: 200, data: { is_bootstrap: true, expires_at: null } });
  });
});

describe('live updates', () => {
  test('a call is told of once lists show it, and so are a rating and a deletion of its session', async () => {
    const { key } = instance.throughline;
    const stream = await listen(key, '?session=told');
    const { data: before } = await stream.next(({ name }) => name === 'changed');
    await call('told');
    await stream.next(({ name, data }) => name === 'changed' && data.requests === before.requests + 1);
    // What a page then asks for has it.
    const sessions = await instance.api.sessions();
    expect(sessions.find(({ session_id }) => session_id === 'told')).toMatchObject({ total_requests: 1 });
    expect(stream.events.at(-1)).toMatchObject({ name: 'session', data: { session_id: 'told', requests: 1 } });

    const [request] = await instance.storedSession('told', 1);
    const seen = stream.events.length;
    await instance.api.call('POST', `/v1/request/${request!.request_id}/score`, { scores: { live: 1 } });
    await waitFor(() => stream.events.slice(seen).some(({ name }) => name === 'session'));
    await instance.api.call('DELETE', '/v1/session/told');
    await stream.next(({ name, data }) => name === 'session' && data.state === 'none');
    expect((await instance.api.sessions()).some(({ session_id }) => session_id === 'told')).toBe(false);
  });

  test('a key that is revoked hears no more', async () => {
    const { body } = await signIn(await newLink());
    const stream = await listen(body.data.api_key);
    await stream.next(({ name }) => name === 'changed');
    const { data } = await usedKey(body.data.api_key);
    await instance.api.call('DELETE', `/v1/api-keys/${data.id}`);
    await waitFor(() => stream.isEnded);
  });
});

describe('what an operator sees', () => {
  const system = async (path: string, method = 'GET') =>
    (await instance.api.call(method, `/v1/system/${path}`)).body as { data: never };

  test('the instance stands as it does, and its ledger adds up', async () => {
    await call('counted');
    await instance.storedSession('counted', 1);
    const { data: status } = await system('status');
    expect(status).toMatchObject({
      mode: 'embedded',
      outbox: null,
      checks: [
        { name: 'event log', ok: true },
        { name: 'session totals', ok: true },
        { name: 'analytics', ok: true },
      ],
    });
    const { data: report } = await system('ledger/audit', 'POST');
    expect(report).toMatchObject({ clean: true });
    const { data: ledger } = await system('ledger');
    const { minutes, partitions } = ledger as {
      minutes: { logged: number; stored: number; totalled: number }[];
      partitions: { logged: number; applied: number }[];
    };
    const sum = (of: (minute: (typeof minutes)[number]) => number) => minutes.reduce((all, one) => all + of(one), 0);
    expect(sum(({ logged }) => logged)).toBe(partitions[0]!.applied);
    expect(sum(({ stored }) => stored)).toBe(sum(({ totalled }) => totalled));
    expect((await system('dead-letters')).data).toEqual([]);
  });
});

test('an instance that somebody listens to stops when it is asked to', async () => {
  const stream = await listen(instance.throughline.key);
  await stream.next(({ name }) => name === 'changed');
  const { code } = await instance.throughline.kill('SIGTERM');
  expect(code).toBe(0);
  await waitFor(() => stream.isEnded);
});
