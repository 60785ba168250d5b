import { startRawProxy } from '../contestants/contestants.ts';
import { drained, startProduct } from '../contestants/product.ts';
import { startUpstream } from '../contestants/upstream.ts';
import { runLoad } from '../load/load.ts';
import { interleave } from '../measure/interleave.ts';
import { median } from '../measure/statistics.ts';
import { medianWithSpread, number } from '../report/format.ts';
import type { Scenario } from '../scenario.ts';
import { CHAT_PATH, chatCalls, GATEWAY_PATH } from '../traffic/chat-calls.ts';

export const addedLatency: Scenario = {
  name: 'added-latency',
  about: 'one call at a time: to the upstream, through bare Node, through the product with everything recorded',
  async run(bench) {
    const upstream = await startUpstream(bench);
    const raw = await startRawProxy(bench, upstream.origin);
    const product = await startProduct(bench, upstream.origin);
    const load = { calls: chatCalls(), connections: 1, seconds: bench.seconds };
    try {
      const samples = await interleave(bench.rounds, {
        direct: () => runLoad(bench, { ...load, origin: upstream.origin, path: CHAT_PATH }),
        raw: () => runLoad(bench, { ...load, origin: raw.origin, path: CHAT_PATH }),
        product: async () => {
          const result = await runLoad(bench, { ...load, origin: product.url, path: GATEWAY_PATH });
          await drained(product);
          return result;
        },
      });
      const p50 = (name: keyof typeof samples) => samples[name].map(({ p50Us }) => p50Us);
      const added = (name: 'raw' | 'product') => median(p50(name).map((us, round) => us - p50('direct')[round]!));
      const aboveRawMs = median(p50('product').map((us, round) => us - p50('raw')[round]!)) / 1_000;
      return {
        columns: ['c=1', 'p50 µs', 'added p50 µs', 'p99 µs'],
        rows: (['direct', 'raw', 'product'] as const).map((name) => [
          name,
          medianWithSpread(p50(name)),
          name === 'direct' ? '-' : number(added(name)),
          number(median(samples[name].map(({ p99Us }) => p99Us))),
        ]),
        figures: [
          {
            name: 'added latency p50 at c=1, everything recorded, above raw Node pass-through’s',
            value: aboveRawMs,
            unit: 'ms',
            atMost: 0.2,
          },
          {
            name: 'added latency p50 at c=1, everything recorded, above direct',
            value: added('product') / 1_000,
            unit: 'ms',
          },
        ],
        notes: ['the product applies what it records meanwhile: rows, totals and snapshots, on the same cores'],
        samples,
      };
    } finally {
      await product.stop();
      await raw.stop();
      await upstream.stop();
    }
  },
};
