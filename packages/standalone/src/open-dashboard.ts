import { ensureBuilt } from '@throughline/dashboard/ensure-built';
import type { Logger } from '@throughline/telemetry/logger';

/** The folder of the dashboard, built now where it is not. Without one everything else works. */
export function openDashboard(logger: Logger): Promise<string> {
  const built = ensureBuilt();
  built.catch((error: Error) => logger.warn({ err: error }, 'there is no dashboard'));
  return built;
}
