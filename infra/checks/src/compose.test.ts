import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readConfig, SETTINGS } from '@throughline/standalone/config';
import { requireServers } from '@throughline/standalone/services/servers';
import { type ComposeService, composeVariables, readCompose } from './compose-file.ts';
import { ROOT, readText } from './repository.ts';

const FILE = 'docker-compose.yml';
const compose = readCompose(FILE);
const all: [string, ComposeService][] = Object.entries(compose.services);
const OURS = ['migrate', 'gateway', 'aggregator', 'query'] as const;
const SERVING = ['gateway', 'aggregator', 'query'] as const;

/** What a service finds in its environment. */
function environmentOf(name: string, variables: Record<string, string> = {}): Record<string, string> {
  const { environment = {} } = readCompose(FILE, variables).services[name]!;
  return Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, String(value)]));
}

test('is made of our services, nginx in front and three servers', () => {
  expect(all.map(([name]) => name)).toEqual([...OURS, 'nginx', 'kafka', 'redis', 'clickhouse']);
  expect(compose.services.aggregator!.deploy.replicas).toBe(2);
});

describe.each(OURS)('%s', (name) => {
  const service = compose.services[name]!;

  test('is the image of this repository, with the command of its name', () => {
    expect(service.build).toEqual({ context: '.', dockerfile: 'infra/docker/Dockerfile' });
    expect(service.image).toBe('throughline:local');
    expect(service.command).toEqual([name]);
  });

  test('has settings that exist and can be used, with those of .env behind them', () => {
    const environment = environmentOf(name, {
      CLICKHOUSE_PASSWORD: 'secret1',
      THROUGHLINE_API_KEY: 'a-key-of-16-chars',
    });
    for (const variable of Object.keys(environment)) expect(Object.keys(SETTINGS)).toContain(variable);
    const config = readConfig(environment);
    expect(() => requireServers(config)).not.toThrow();
    expect(config.HOST).toBe('0.0.0.0');
    expect(config.CLICKHOUSE_URL).toBe('http://throughline:secret1@clickhouse:8123/throughline');
    expect(config.THROUGHLINE_API_KEY).toBe(name === 'migrate' ? 'a-key-of-16-chars' : '');
    expect(service.env_file).toEqual([{ path: '.env', required: false }]);
  });

  test('finds its servers where they listen', () => {
    const { KAFKA_BROKERS, REDIS_URL, CLICKHOUSE_URL } = environmentOf(name);
    const { environment: kafka = {} } = compose.services.kafka!;
    expect(kafka.KAFKA_ADVERTISED_LISTENERS).toBe(`CLIENT://${KAFKA_BROKERS}`);
    expect(new URL(REDIS_URL!).host).toBe('redis:6379');
    expect(new URL(CLICKHOUSE_URL!).host).toBe('clickhouse:8123');
    expect(service.networks).toContain('stores');
  });
});

describe.each(SERVING)('%s', (name) => {
  const service = compose.services[name]!;
  const defaultPort = new RegExp(`'${name}', env, \\{ PORT: '(\\d+)' \\}`).exec(
    readText('packages/standalone/src/commands/service.ts'),
  )?.[1];

  test('listens where `throughline` listens by default, and is checked there', () => {
    expect(defaultPort).toMatch(/^\d+$/);
    expect(environmentOf(name).PORT).toBe(defaultPort);
    expect(service.healthcheck.test?.slice(0, 3)).toEqual(['CMD', 'node', '/app/infra/docker/health.js']);
    expect(existsSync(join(ROOT, 'infra/docker/health.js'))).toBe(true);
  });

  test('is found by nginx', () => {
    const line = `server ${name}:${defaultPort} resolve`;
    expect(readText('infra/nginx/services.conf').includes(line)).toBe(name !== 'aggregator');
  });

  test('gets longer to end than it takes', () => {
    const source = readText('packages/standalone/src/services/run-service.ts');
    const drainMs = Number(/DRAIN_MS_MAX = ([\d_]+)/.exec(source)?.[1]?.replaceAll('_', ''));
    expect(Number.parseInt(service.stop_grace_period, 10) * 1_000).toBeGreaterThan(drainMs);
  });

  test('starts after the migration', () => {
    expect(service.depends_on?.migrate).toEqual({ condition: 'service_completed_successfully' });
    expect(compose.services.migrate!.restart).toBe('no');
  });
});

test.each(['gateway', 'query'])('the outbox of %s is on a volume, in the folder that it uses', (name) => {
  const { volumes = [] } = compose.services[name]!;
  expect(volumes).toContain(`outbox:${environmentOf(name).THROUGHLINE_DATA_DIR}`);
});

test.each(['gateway', 'aggregator', 'migrate'])('%s has the shared folder of bodies where its setting says', (name) => {
  const { volumes = [] } = compose.services[name]!;
  expect(volumes).toContain(`bodies:${environmentOf(name).BODY_STORE_URL}`);
});

test('nginx is the one address, on loopback unless told otherwise, and passes the files it needs', () => {
  const published = all.filter(([, { ports }]) => ports !== undefined).map(([name]) => name);
  expect(published).toEqual(['nginx']);
  expect(compose.services.nginx!.ports).toEqual(['127.0.0.1:8585:8585']);
  expect(readCompose(FILE, { THROUGHLINE_BIND: '0.0.0.0:80' }).services.nginx!.ports).toEqual(['0.0.0.0:80:8585']);
  expect(readText('infra/nginx/listen.conf')).toMatch(/^listen 8585;$/m);
  for (const file of ['nginx.conf', 'services.conf', 'listen.conf']) {
    expect(compose.services.nginx!.volumes).toContain(`./infra/nginx/${file}:/etc/nginx/${file}:ro`);
  }
});

test('servers are reached by services only', () => {
  expect(compose.networks.stores).toEqual({ internal: true });
  for (const name of ['kafka', 'redis', 'clickhouse', 'migrate', 'aggregator']) {
    expect(compose.services[name]!.networks).toEqual(['stores']);
  }
  expect(compose.services.nginx!.networks).toEqual(['front']);
});

describe.each(all)('%s', (name, service) => {
  test('can do no more than it has to', () => {
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
    // The images of these two write their configuration into themselves when they start.
    expect(service.read_only === true).toBe(!['kafka', 'clickhouse'].includes(name));
    if (service.read_only) expect(service.tmpfs?.[0]).toMatch(/^\/tmp:size=\d+m$/);
  });

  test('takes a bounded share of memory and of the disk that logs are on', () => {
    expect(service.deploy.resources.limits.memory).toMatch(/^\d+[mg]$/);
    expect(Object.keys(service.logging.options)).toEqual(['max-size', 'max-file']);
  });

  test('is checked, and started again when it ends', () => {
    if (name === 'migrate') expect(service.healthcheck).toEqual({ disable: true });
    else expect([service.restart, service.healthcheck.test?.length]).toEqual(['unless-stopped', expect.any(Number)]);
  });

  test('waits for services that can tell', () => {
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      const awaited = compose.services[other]!;
      if (condition === 'service_healthy') expect(awaited.healthcheck.test).toBeDefined();
      else expect([condition, awaited.restart]).toEqual(['service_completed_successfully', 'no']);
    }
  });

  test('mounts volumes that are declared, and files that are there, read-only', () => {
    for (const volume of service.volumes ?? []) {
      const [source, , mode] = volume.split(':');
      if (source!.startsWith('./')) expect([existsSync(join(ROOT, source!)), mode]).toEqual([true, 'ro']);
      else expect(Object.keys(compose.volumes)).toContain(source);
    }
  });

  test('is of a version that is named', () => {
    if (service.build === undefined)
      expect(service.image).toMatch(/^[a-z]+(?:\/[a-z-]+)?:\d+(?:\.\d+){2,3}(?:-alpine)?$/);
  });
});

describe('servers', () => {
  test('are of the versions that the tests run against', () => {
    const kafka = /<artifactId>kafka[^<]*<\/artifactId>\s*<version>([\d.]+)</.exec(
      readText('infra/local/kafka/pom.xml'),
    )?.[1];
    expect(compose.services.kafka!.image).toBe(`apache/kafka:${kafka}`);
    const engine = /@chdb\/lib-linux-x64-gnu@(\d+\.\d+)\./.exec(readText('pnpm-lock.yaml'))?.[1];
    expect(compose.services.clickhouse!.image.startsWith(`clickhouse/clickhouse-server:${engine}.`)).toBe(true);
    expect(compose.services.redis!.image).toMatch(/^redis:7\./);
  });

  test('keep what they have: Redis evicts nothing and syncs every second', () => {
    const { command = [] } = compose.services.redis!;
    const option = (name: string) => command[command.indexOf(name) + 1];
    expect([option('--maxmemory-policy'), option('--appendonly'), option('--appendfsync')]).toEqual([
      'noeviction',
      'yes',
      'everysec',
    ]);
    expect(compose.services.kafka!.volumes).toEqual([`kafka:${compose.services.kafka!.environment!.KAFKA_LOG_DIRS}`]);
    expect(compose.services.kafka!.environment!.KAFKA_AUTO_CREATE_TOPICS_ENABLE).toBe('false');
  });

  test('ClickHouse has one user, with the password that the services have', () => {
    expect(readText('infra/clickhouse/users.xml')).toContain('<default remove="remove"/>');
    expect(readText('infra/clickhouse/users.xml')).toContain(
      '<throughline>\n            <password from_env="CLICKHOUSE_PASSWORD"/>',
    );
    const { clickhouse } = readCompose(FILE, { CLICKHOUSE_PASSWORD: 'secret1' }).services;
    expect(clickhouse!.environment!.CLICKHOUSE_PASSWORD).toBe('secret1');
  });
});

test('.env.example lists what the file is filled in with, and nothing that does not exist', () => {
  const lines = readText('.env.example')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line));
  const example = Object.fromEntries(lines.map((line) => line.split('=', 2) as [string, string]));
  const variables = composeVariables(FILE);
  expect(Object.keys(example)).toEqual(expect.arrayContaining(variables));
  for (const name of Object.keys(example)) {
    const isSetting = Object.hasOwn(SETTINGS, name) || /^PROVIDER_[A-Z]+_URL$/.test(name);
    expect([name, isSetting || variables.includes(name)]).toEqual([name, true]);
  }
  expect(() => readConfig({ ...example, PROVIDER_OPENAI_URL: 'https://api.example.com' })).not.toThrow();
  expect(readText('.gitignore').split('\n')).toContain('.env');
});
