import { waitFor } from '@throughline/testkit/wait-for';
import type { RunningSpanStore } from '../contestants/span-stores.ts';
import { sendOnce } from '../load/send-once.ts';
import type { SessionExport } from '../traffic/session-spans.ts';

/** Exports that are under way before it is looked whether they can be asked for. */
const EXPORTS_AT_ONCE = 4;
const BEHIND_MS_MAX = 300_000;

/**
 * Sends exports to a store that was empty until all of them can be asked for, or until the time is over.
 *
 * @returns how many of them it has: whole groups of four.
 */
export async function fillStore(
  store: RunningSpanStore,
  exports: readonly SessionExport[],
  msMax: number,
): Promise<number> {
  const until = performance.now() + msMax;
  let sent = 0;
  let spans = 0;
  while (sent < exports.length && performance.now() < until) {
    const group = exports.slice(sent, sent + EXPORTS_AT_ONCE);
    await sendOnce(
      store.url,
      group.map(({ call }) => ({
        ...call,
        headers: { 'content-type': call.headers['content-type']!, ...store.headers },
      })),
    );
    sent += group.length;
    spans += group.reduce((sum, one) => sum + one.spans, 0);
    await waitFor(async () => (await store.queryable()) >= spans, {
      timeoutMs: BEHIND_MS_MAX,
      intervalMs: 100,
      what: `${spans} spans that can be asked for`,
    });
  }
  return sent;
}
