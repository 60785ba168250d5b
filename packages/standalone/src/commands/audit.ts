import type { AuditReport } from '@throughline/session-aggregator/audit/audit-report';
import { type Config, readConfig } from '../config.ts';
import { askRunningProcess } from '../control-client.ts';
import { dataDirAt } from '../data-dir.ts';
import { StartError } from '../start-error.ts';

/**
 * `throughline audit [--json]`: of the process that runs on the data directory or, with `KAFKA_BROKERS` set, of the
 * services over servers. Exit code 0 when accepted = logged =
 * stored = totalled, 1 when something differs.
 */
export async function runAudit(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const config = readConfig(env);
  const report = config.KAFKA_BROKERS.length > 0 ? await auditOverServers(config) : await auditHere(config);
  process.stdout.write(args.includes('--json') ? `${JSON.stringify(report, null, 2)}\n` : describe(report));
  return report.clean ? 0 : 1;
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

function describe(report: AuditReport): string {
  const lines = report.partitions.flatMap((audit) => {
    const exceptions = Object.entries(audit.stored.exceptions).map(([kind, count]) => `${count} ${kind}`);
    return [
      `partition ${audit.partition} of log ${audit.logId}`,
      `  accepted  ${audit.accepted}${audit.refused > 0 ? `, and ${audit.refused} refused` : ''}`,
      `  logged    ${audit.logged} (${audit.logged - audit.applied} not applied yet)`,
      `  stored    ${audit.stored.requests} requests${exceptions.length > 0 ? `, ${exceptions.join(', ')}` : ''}`,
      `  totalled  ${audit.totalled}`,
      ...audit.losses.map((loss) => `  lost: ${loss}`),
      ...audit.differences.map((difference) => `  DIFFERENCE: ${difference}`),
    ];
  });
  const hasLosses = report.partitions.some(({ losses }) => losses.length > 0);
  const clean = `clean: accepted = logged = stored = totalled${hasLosses ? ', but for the losses named' : ''}`;
  return `${lines.join('\n')}\n${report.clean ? clean : 'NOT CLEAN'}\n`;
}
