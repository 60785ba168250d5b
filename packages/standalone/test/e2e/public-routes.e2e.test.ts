import { afterEach, expect, test } from '@jest/globals';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';

const PUBLIC = ['/metrics', '/openapi.json', '/docs', '/docs/swagger-ui-bundle.js'];

let instance: Instance | undefined;

afterEach(async () => {
  await instance?.stop();
  instance = undefined;
});

async function statuses(headers: Record<string, string>): Promise<number[]> {
  const answers: number[] = [];
  for (const path of [...PUBLIC, '/healthz', '/readyz']) {
    const answer = await fetch(`${instance!.throughline.url}${path}`, { headers });
    await answer.arrayBuffer();
    answers.push(answer.status);
  }
  return answers;
}

test(
  'metrics, document and page are there for everybody',
  async () => {
    instance = await startInstance();
    expect(await statuses({})).toEqual([200, 200, 200, 200, 200, 200]);
  },
  SETUP_MS_MAX,
);

test(
  'CLOSE_PUBLIC_ROUTES closes them to callers without a key, and leaves open whether the process is well',
  async () => {
    instance = await startInstance({ CLOSE_PUBLIC_ROUTES: 'true' });
    expect(await statuses({})).toEqual([401, 401, 401, 401, 200, 200]);
    expect(await statuses({ authorization: 'Bearer sk-helicone-nobody' })).toEqual([401, 401, 401, 401, 200, 200]);
    const authorization = `Bearer ${instance.throughline.key}`;
    expect(await statuses({ authorization })).toEqual([200, 200, 200, 200, 200, 200]);
  },
  SETUP_MS_MAX,
);
