import type { Scenario } from '../scenario.ts';
import { addedLatency } from './added-latency.ts';
import { agentTraffic } from './agent-traffic.ts';
import { aggregator } from './aggregator.ts';
import { dashboard } from './dashboard.ts';
import { distributedAggregator } from './distributed-aggregator.ts';
import { distributedFreshness } from './distributed-freshness.ts';
import { distributedGateway } from './distributed-gateway.ts';
import { freshness } from './freshness.ts';
import { gatewayBehaviours } from './gateway-behaviours.ts';
import { gatewayStreams } from './gateway-streams.ts';
import { gatewayVersions } from './gateway-versions.ts';
import { growth } from './growth.ts';
import { ingest } from './ingest.ts';
import { ingestSpans } from './ingest-spans.ts';
import { memory } from './memory.ts';
import { patterns } from './patterns.ts';
import { proxy } from './proxy.ts';
import { proxyAndRecord } from './proxy-and-record.ts';
import { proxyStreams } from './proxy-streams.ts';
import { query } from './query.ts';
import { rebuild } from './rebuild.ts';
import { recovery } from './recovery.ts';
import { redisTotals } from './redis-totals.ts';
import { scaleAggregators } from './scale-aggregators.ts';
import { sessionLists } from './session-lists.ts';
import { startAndIdle } from './start-and-idle.ts';
import { storage } from './storage.ts';
import { timeLapse } from './time-lapse.ts';
import { usageReading } from './usage-reading.ts';
import { wholeProcess } from './whole-process.ts';

/** In the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  proxy,
  proxyStreams,
  agentTraffic,
  proxyAndRecord,
  ingestSpans,
  sessionLists,
  gatewayStreams,
  gatewayBehaviours,
  gatewayVersions,
  usageReading,
  ingest,
  aggregator,
  wholeProcess,
  addedLatency,
  freshness,
  startAndIdle,
  memory,
  timeLapse,
  storage,
  distributedGateway,
  distributedAggregator,
  redisTotals,
  scaleAggregators,
  distributedFreshness,
  rebuild,
  recovery,
  growth,
  query,
  dashboard,
  patterns,
];
