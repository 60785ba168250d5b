import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  /** After this long the wait fails. Default 30,000 ms: far beyond what any wait should take, on a busy machine too. */
  readonly timeoutMs?: number;
  /** Between two tries. Default 20 ms. */
  readonly intervalMs?: number;
  /** What is waited for, for the error. */
  readonly what?: string;
}

/** A try failed in a way that waiting cannot mend: `waitFor` rejects with it at once. */
export class Hopeless extends Error {
  override readonly name = 'Hopeless';
}

/**
 * Calls `attempt` until it returns something other than undefined or false; a throw counts as "not yet".
 *
 * @returns what the successful try returned.
 * @throws after `timeoutMs`, with the last error as its cause and in its message; a `Hopeless` at once.
 */
export async function waitFor<T>(
  attempt: () => T | undefined | false | Promise<T | undefined | false>,
  options: WaitOptions = {},
): Promise<T> {
  const { timeoutMs = 30_000, intervalMs = 20, what = 'the condition' } = options;
  const deadline = performance.now() + timeoutMs;
  let lastError: unknown;
  do {
    try {
      const value = await attempt();
      if (value !== undefined && value !== false) return value;
      lastError = undefined;
    } catch (error) {
      if (error instanceof Hopeless) throw error;
      lastError = error;
    }
    await sleep(intervalMs);
  } while (performance.now() < deadline);
  const reason = lastError instanceof Error ? `: ${lastError.message}` : '';
  throw new Error(`${what} did not come true within ${timeoutMs} ms${reason}`, { cause: lastError });
}
