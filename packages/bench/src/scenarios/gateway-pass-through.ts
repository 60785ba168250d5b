import { startGateway, startRawProxy } from '../contestants/contestants.ts';
import type { Scenario } from '../scenario.ts';
import { compareProxies } from './compare-proxies.ts';

export const gatewayPassThrough: Scenario = {
  name: 'gateway-pass-through',
  about: 'the gateway, nothing recorded, against the same pass-through on bare Node http + undici',
  run: (bench) =>
    compareProxies(bench, {
      connections: [16, 64],
      start: async (upstream, options) => ({
        raw: await startRawProxy(bench, upstream, { ...options, profile: 'raw' }),
        gateway: await startGateway(bench, upstream, { record: 'none' }, { ...options, profile: 'gateway-unrecorded' }),
      }),
      figures: ({ connections, ratio }) => [
        {
          name: `gateway CPU per request, pass-through, against raw Node, c=${connections}`,
          value: ratio,
          unit: 'x',
          atMost: 1.15,
        },
      ],
    }),
};
