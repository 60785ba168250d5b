import type { AuditReport } from '@throughline/session-aggregator/audit/audit-report';
import { type Config, readConfig } from '../config.ts';
import { askRunningProcess } from '../control-client.ts';
import { dataDirAt } from '../data-dir.ts';
import { auditExitCode, describeAudit } from '../describe-audit.ts';
import { StartError } from '../start-error.ts';

/**
 * `throughline audit [--json]`: of the process that runs on the data directory or, with `KAFKA_BROKERS` set, of the
 * services over servers. The exit code is `auditExitCode`'s.
 */
export async function runAudit(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const config = readConfig(env);
  const report = config.KAFKA_BROKERS.length > 0 ? await auditOverServers(config) : await auditHere(config);
  process.stdout.write(args.includes('--json') ? `${JSON.stringify(report, null, 2)}\n` : describeAudit(report));
  return auditExitCode(report);
}

async function auditHere(config: Config): Promise<AuditReport> {
  const dirs = dataDirAt(config.THROUGHLINE_DATA_DIR);
  const report = await askRunningProcess<AuditReport>(dirs.controlSocket, 'GET', '/audit');
  if (report) return report;
  throw new StartError(`nothing runs on ${dirs.root}: start it, or set THROUGHLINE_DATA_DIR to the folder in use.`);
}

/** The report is on stdout: whatever the clients have to say is not. */
async function auditOverServers(config: Config): Promise<AuditReport> {
  const [{ auditServers }, { createLogger }] = await Promise.all([
    import('../services/audit-servers.ts'),
    import('@throughline/telemetry/logger'),
  ]);
  return auditServers(config, createLogger('throughline-audit', { level: config.LOG_LEVEL, to: 'stderr' }));
}
