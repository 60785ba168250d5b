import { runService } from '../services/run-service.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** `throughline aggregator`: takes part in the group until SIGTERM. */
export async function runAggregator(env: Env): Promise<number> {
  const { openAggregatorService } = await import('../services/aggregator-service.ts');
  return runService('aggregator', env, { PORT: '8686' }, openAggregatorService);
}

/** `throughline query`: the query API until SIGTERM. */
export async function runQuery(env: Env): Promise<number> {
  const { openQueryService } = await import('../services/query-service.ts');
  return runService('query', env, { PORT: '8585' }, openQueryService);
}

/** `throughline gateway`: proxies and records until SIGTERM. */
export async function runGateway(env: Env): Promise<number> {
  const { openGatewayService } = await import('../services/gateway-service.ts');
  return runService('gateway', env, { PORT: '8787' }, openGatewayService);
}
