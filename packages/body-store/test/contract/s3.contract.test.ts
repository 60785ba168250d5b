import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { describeWithServers } from '@throughline/local-servers/describe-with-servers';
import { type S3Server, startS3 } from '@throughline/local-servers/s3';
import { bodyName } from '../../src/body-names.ts';
import { bodyStoreContract } from '../../src/contract.ts';
import { openS3BodyStore } from '../../src/s3/s3-body-store.ts';

jest.setTimeout(120_000);

describeWithServers(['s3'], 'S3', () => {
  let s3: S3Server;
  const before = { ...process.env };
  beforeAll(async () => {
    s3 = await startS3();
    Object.assign(process.env, s3.env);
  });
  afterAll(async () => {
    process.env = before;
    await s3.remove();
  });
  const open = (more: Partial<Parameters<typeof openS3BodyStore>[0]> = {}) =>
    openS3BodyStore({
      bucket: 'bodies',
      prefix: '',
      endpoint: s3.endpoint,
      region: undefined,
      forcePathStyle: true,
      ...more,
    });

  bodyStoreContract('a bucket', async () => {
    const prefix = `${randomUUID()}/`;
    return {
      open: () => open({ prefix }),
      breakDown: () => s3.stop(),
      mend: () => s3.restart(),
      dispose: async () => {},
    };
  });

  const name = bodyName({ event_id: 'one', received_at: 0 }, 'request');

  test('a bucket that is not there is no missing object', async () => {
    const store = open({ bucket: 'another' });
    await expect(store.get(name, 1)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    await expect(store.prepare()).rejects.toMatchObject({ code: 'unavailable' });
    await store.close();
  });

  test('who is refused is told so, without a word of a credential', async () => {
    process.env.AWS_SECRET_ACCESS_KEY = 'a-wrong-secret';
    const store = open();
    try {
      const refused = await store.put(name, Buffer.from('x')).catch((error: unknown) => error as Error);
      expect(refused).toMatchObject({ code: 'denied', retryable: true });
      expect(JSON.stringify([String(refused), (refused as Error).stack, refused])).not.toMatch(
        /wrong-secret|Signature=/,
      );
    } finally {
      process.env.AWS_SECRET_ACCESS_KEY = s3.env.AWS_SECRET_ACCESS_KEY!;
      await store.close();
    }
  });

  test('a server that does not answer is given up', async () => {
    const store = open({ requestTimeoutMs: 500 });
    s3.pause();
    try {
      await expect(store.get(name, 1)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    } finally {
      s3.resume();
      await store.close();
    }
  });
});
