/**
 * `pnpm verify:compose`, for whoever has Docker: starts the compose file in a project of its own, runs the contract suites
 * against its real servers and a load with faults through its one address, audits, and removes everything again.
 * `--keep` leaves it running.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { generateKey } from '@throughline/contracts/keys';
import { ADDRESSES, dockerCompose } from './docker-compose.ts';

const keep = process.argv.includes('--keep');
const password = randomBytes(12).toString('hex');
const settings = {
  THROUGHLINE_API_KEY: generateKey(),
  CLICKHOUSE_PASSWORD: password,
  THROUGHLINE_BIND: new URL(ADDRESSES.THROUGHLINE_URL).host,
};

if (dockerCompose(['version']).code !== 0) {
  process.stderr.write('Docker with `docker compose` is needed for this. Nothing was verified.\n');
  process.exit(2);
}
process.exitCode = verify();

function verify(): number {
  try {
    const up = ['up', '--build', '--detach', '--wait', '--wait-timeout', '600'];
    if (dockerCompose(up, { env: settings }).code !== 0) {
      dockerCompose(['ps', '--all'], { env: settings });
      dockerCompose(['logs', '--tail', '50'], { env: settings });
      return 1;
    }
    const jest = ['node_modules/jest/bin/jest.js', '--config', 'infra/verify-compose/jest.config.js', '--runInBand'];
    const { status } = spawnSync(process.execPath, ['--experimental-vm-modules', ...jest], {
      stdio: 'inherit',
      env: {
        ...process.env,
        ...settings,
        ...ADDRESSES,
        TEST_CLICKHOUSE_URL: `http://throughline:${password}@127.0.0.1:18123`,
      },
    });
    return status ?? 1;
  } finally {
    if (!keep) dockerCompose(['down', '--volumes', '--remove-orphans'], { env: settings });
  }
}
