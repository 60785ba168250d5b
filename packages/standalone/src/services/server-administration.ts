import { connectHttpAnalytics } from '@throughline/analytics/http/connect-http-analytics';
import { type Administration, createAdministration } from '@throughline/query/tenants/administration';
import type { Config } from '../config.ts';
import { analyticsConfig, requireServers } from './servers.ts';

/** Straight in ClickHouse: the services read their keys anew every few seconds. */
export async function withServerAdministration(
  config: Config,
  work: (administration: Administration) => Promise<void>,
): Promise<void> {
  requireServers(config);
  const analytics = connectHttpAnalytics(analyticsConfig(config));
  try {
    await analytics.checkSchema();
    await work(createAdministration({ analytics, keys: {}, clock: Date }));
  } finally {
    await analytics.close();
  }
}
