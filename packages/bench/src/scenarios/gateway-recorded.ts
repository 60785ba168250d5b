import { createTempDir } from '@throughline/testkit/temp-dir';
import { startGateway, startRawProxy } from '../contestants/contestants.ts';
import type { Scenario } from '../scenario.ts';
import { compareProxies } from './compare-proxies.ts';

export const gatewayRecorded: Scenario = {
  name: 'gateway-recorded',
  about: 'the gateway, every call with both bodies in the log before its last byte, against bare pass-through',
  run: async (bench) => {
    await using dir = await createTempDir('bench-log');
    return await compareProxies(bench, {
      connections: [16, 64],
      start: async (upstream, options) => ({
        raw: await startRawProxy(bench, upstream, { ...options, profile: 'raw' }),
        gateway: await startGateway(
          bench,
          upstream,
          { record: 'log', dir: dir.path },
          { ...options, profile: 'gateway-recorded' },
        ),
      }),
      figures: ({ connections, ratio }) => [
        {
          name: `gateway CPU per request, bodies captured and logged, against raw pass-through, c=${connections}`,
          value: ratio,
          unit: 'x',
          atMost: 1.6,
        },
      ],
    });
  },
};
