import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiConnection } from './api-connection.ts';
import { StartError } from './start-error.ts';

const WAIT_MS_MAX = 30_000;
const LOOK_EVERY_MS = 100;

/**
 * Waits until a session shows what was recorded in it.
 *
 * @param requests that were. @throws StartError where it does not within half a minute.
 */
export async function shownSession(api: ApiConnection, id: string, requests: number): Promise<void> {
  const until = performance.now() + WAIT_MS_MAX;
  for (;;) {
    // A session of which nothing shows yet is none so far.
    const answer = await api.ask(`/v1/session/${encodeURIComponent(id)}`).catch((error: Error) => error);
    if (answer instanceof Response) {
      const { data } = (await answer.json()) as { data: { total_requests: number } };
      if (data.total_requests >= requests) return;
    }
    if (performance.now() > until) {
      if (answer instanceof Error) throw answer;
      throw new StartError(`session ${id} does not show all of its ${requests} requests`);
    }
    await sleep(LOOK_EVERY_MS);
  }
}
