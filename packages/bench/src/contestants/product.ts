import { startThroughline, type ThroughlineProcess } from '@throughline/testkit/process/throughline-process';
import { rawCall } from '@throughline/testkit/raw-call';
import { waitFor } from '@throughline/testkit/wait-for';
import { readMetric } from '../measure/metric.ts';
import type { Bench } from '../scenario.ts';

/** The whole product in one process, as `start` runs it, in front of `upstream`. @param env settings beside the usual ones. */
export function startProduct(
  bench: Bench,
  upstream: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ThroughlineProcess> {
  const profile = bench.profileDir
    ? `--cpu-prof --cpu-prof-dir=${bench.profileDir} --cpu-prof-interval=500`
    : undefined;
  const options = [profile, env.NODE_OPTIONS].filter((option) => option !== undefined);
  const own = { LOG_LEVEL: 'warn', ...env, ...(options.length > 0 && { NODE_OPTIONS: options.join(' ') }) };
  return startThroughline({ providerOrigin: upstream, env: own });
}

/** How far it is, from its own metrics. */
export interface ProductProgress {
  /** Calls in the log since the start. */
  readonly logged: number;
  /** Of those, how many are in rows, totals and snapshots. */
  readonly applied: number;
}

/** Of a product on a folder that was empty when it started. */
export async function readProgress(product: ThroughlineProcess): Promise<ProductProgress> {
  const { body } = await rawCall({ url: `${product.url}/metrics` });
  const text = String(body);
  return {
    logged: readMetric(text, 'throughline_log_appended_events'),
    // Each call is counted when the snapshot of its session shows it, which is what comes last.
    applied: readMetric(text, 'throughline_aggregator_freshness_seconds_count', { stage: 'snapshots' }),
  };
}

/** Waits until everything logged is in the stores. */
export function drained(product: ThroughlineProcess): Promise<ProductProgress> {
  return waitFor(
    async () => {
      const progress = await readProgress(product);
      return progress.applied >= progress.logged && progress;
    },
    { timeoutMs: 120_000, intervalMs: 50, what: 'the end of the aggregator’s work' },
  );
}

/** The product, what of its log is in rows, totals and snapshots at present, and its end once all of it is. */
export async function startDrained(bench: Bench, upstream: string) {
  const product = await startProduct(bench, upstream);
  return {
    product,
    // Just after a start on an empty folder it does not say yet how far it is.
    applied: async () => (await readProgress(product)).applied || 0,
    async stop() {
      await drained(product);
      await product.stop();
    },
  };
}
