import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { waitFor } from '@throughline/testkit/wait-for';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';

// Its index loads instrumentations that are not installed here (pnpm-workspace.yaml).
const require = createRequire(import.meta.url);
const { HeliconeFeedback } = require('@helicone/helicone/dist/core/HeliconeFeedback.js') as {
  HeliconeFeedback: {
    logFeedback(
      meta: { apiKey: string; baseUrl: string; onFeedback: (result: Response) => Promise<void> },
      id: string,
      rating: boolean,
    ): Promise<void>;
  };
};

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
}, SETUP_MS_MAX);
afterAll(() => instance?.stop(), SETUP_MS_MAX);

test('@helicone/helicone rates a call that was logged by hand', async () => {
  const { url, key } = instance.throughline;
  const sessionId = `feedback-${randomUUID()}`;
  const logged = await fetch(`${url}/custom/v1/log`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'Helicone-Session-Id': sessionId },
    body: JSON.stringify({
      providerRequest: { url: 'custom-model-nopath', json: { model: 'mine' }, meta: {} },
      providerResponse: { json: { answer: 42 }, status: 200, headers: {} },
    }),
  });
  const id = logged.headers.get('helicone-id')!;
  await instance.stored(id);
  const answers: [number, unknown][] = [];
  const meta = {
    apiKey: key,
    baseUrl: url,
    onFeedback: async (result: Response) => void answers.push([result.status, await result.json()]),
  };
  await HeliconeFeedback.logFeedback(meta, id, true);
  expect(answers).toEqual([[200, { message: expect.any(String), helicone_id: id }]]);
  const rated = await waitFor(
    async () => {
      const request = await instance.api.request(id);
      return request?.scores['helicone-score-feedback'] === 1 && request;
    },
    { what: 'the rating' },
  );
  expect(rated.session_id).toBe(sessionId);

  const said = jest.spyOn(console, 'error').mockImplementation(() => {});
  await HeliconeFeedback.logFeedback({ ...meta, apiKey: 'sk-helicone-zzzzzzz-zzzzzzz-zzzzzzz-zzzzzzz' }, id, true);
  said.mockRestore();
  expect(answers[1]![0]).toBe(401);
});
