import { runOwnLoad } from '../load/own-load.ts';
import { quantile } from '../measure/statistics.ts';
import type { Bench } from '../scenario.ts';
import { newestPage } from './newest-page.ts';
import type { QueryService } from './query-service.ts';
import { NEIGHBOUR } from './request-rows-sql.ts';

/** Pages of one tenant, alone and while another tenant asks what reads all of its bodies. */
export interface BesideHeavy {
  /** Where the engine is: `embedded` in the process that asks it, `server` behind HTTP. */
  readonly engine: 'embedded' | 'server';
  readonly heavyClients: number;
  readonly alone: Pages;
  readonly beside: Pages & { readonly heavyPerSecond: number };
}

interface Pages {
  readonly p50: number;
  readonly p99: number;
}

const HEAVY_CLIENTS = 8;
const CLIENTS = 2;
/** Two characters that stand in no body together: nothing but reading them all tells, whatever the index. */
const NOWHERE = '\u{1F9ED}\u{1F9ED}';

/** @returns milliseconds. */
export async function measureBesideHeavy(
  bench: Bench,
  service: QueryService,
  engine: BesideHeavy['engine'],
): Promise<BesideHeavy> {
  const alone: Pages[] = [];
  const beside: (Pages & { heavyPerSecond: number })[] = [];
  for (let round = 0; round < bench.rounds; round++) {
    alone.push(await readPages(bench, service));
    const [heavy, pages] = await Promise.all([askHeavily(bench, service), readPages(bench, service)]);
    beside.push({ ...pages, heavyPerSecond: heavy });
  }
  const summed = (all: readonly Pages[]): Pages => ({
    p50: quantile(
      all.map(({ p50 }) => p50),
      0.5,
    ),
    p99: Math.max(...all.map(({ p99 }) => p99)),
  });
  return {
    engine,
    heavyClients: HEAVY_CLIENTS,
    alone: summed(alone),
    beside: {
      ...summed(beside),
      heavyPerSecond: beside.reduce((sum, { heavyPerSecond }) => sum + heavyPerSecond, 0) / beside.length,
    },
  };
}

async function readPages(bench: Bench, service: QueryService): Promise<Pages> {
  const body = newestPage(7);
  const pages = await runOwnLoad(bench, {
    origin: service.origin,
    path: '/v1/session/query',
    calls: [{ headers: headers(service.authorizationOf(NEIGHBOUR)), body }],
    connections: CLIENTS,
    seconds: bench.seconds,
  });
  if (pages.errors > 0 || pages.refusals > 0)
    throw new Error(`pages: ${pages.errors} errors, ${pages.refusals} refusals`);
  return { p50: pages.p50Us / 1_000, p99: pages.p99Us / 1_000 };
}

/** @returns answers per second, refusals for too many queries at once among them. */
async function askHeavily(bench: Bench, service: QueryService): Promise<number> {
  const body = JSON.stringify({
    filter: { request_response_rmt: { request_body: { contains: NOWHERE } } },
    limit: 50,
  });
  const heavy = await runOwnLoad(bench, {
    origin: service.origin,
    path: '/v1/request/query-clickhouse',
    calls: [{ headers: headers(service.authorization), body }],
    connections: HEAVY_CLIENTS,
    seconds: bench.seconds,
  });
  if (heavy.errors > 0) throw new Error(`heavy queries: ${heavy.errors} errors`);
  return heavy.requests / heavy.seconds;
}

function headers(authorization: string) {
  return { authorization, 'content-type': 'application/json' };
}
