import type { Scenario } from '../scenario.ts';
import { addedLatency } from './added-latency.ts';
import { aggregator } from './aggregator.ts';
import { freshness } from './freshness.ts';
import { gatewayPassThrough } from './gateway-pass-through.ts';
import { gatewayRecorded } from './gateway-recorded.ts';
import { gatewayStreams } from './gateway-streams.ts';
import { memory } from './memory.ts';
import { startAndIdle } from './start-and-idle.ts';
import { wholeProcess } from './whole-process.ts';

/** In the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  gatewayPassThrough,
  gatewayRecorded,
  gatewayStreams,
  aggregator,
  wholeProcess,
  addedLatency,
  freshness,
  startAndIdle,
  memory,
];
