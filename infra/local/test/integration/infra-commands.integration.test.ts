import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { describeWithServers } from '@throughline/local-servers/describe-with-servers';
import { type InfraState, SERVER_NAMES } from '@throughline/local-servers/infra-state';
import { stillRuns } from '@throughline/local-servers/process-identity';
import { redisCli } from '@throughline/local-servers/redis';
import { findRedis } from '@throughline/local-servers/redis-program';
import { createTempDir, type TempDir } from '@throughline/testkit/temp-dir';
import { Kafka, logLevel } from 'kafkajs';

/** Three servers are started and ended, some of them twice. */
const COMMAND_TEST_MS_MAX = 180_000;

describeWithServers(['kafka', 'redis', 'clickhouse'], 'infra:up and infra:down', () => {
  let dir: TempDir;
  beforeEach(async () => {
    dir = await createTempDir('infra');
  });
  afterEach(async () => {
    await run('down');
    await dir.remove();
  });

  test(
    'the printed variables name servers that work, and nothing is left of them afterwards',
    async () => {
      const up = await run('up');
      expect(up.code).toBe(0);
      expect(up.stdout).toMatch(/^(export [A-Z_]+=\S+\n){3}$/);
      const settings = parse(up.stdout);
      await useAll(settings);
      const processes = SERVER_NAMES.map((name) => stateOf().started[name]!.process);
      expect(processes.map(stillRuns)).toEqual([true, true, true]);

      const again = await run('up');
      expect(again.stdout).toBe(up.stdout);
      expect(again.stderr).toContain('Redis runs already');
      expect(SERVER_NAMES.map((name) => stateOf().started[name]!.process)).toEqual(processes);

      const down = await run('down', '--delete');
      expect(down.code).toBe(0);
      expect(processes.map(stillRuns)).toEqual([false, false, false]);
      expect(existsSync(folder())).toBe(false);
      expect((await run('down')).stderr).toContain('Nothing runs');
    },
    COMMAND_TEST_MS_MAX,
  );

  test(
    'starts again what died, on its port and data, and leaves the others alone',
    async () => {
      const settings = parse((await run('up')).stdout);
      const before = stateOf();
      await redis(settings, 'SET', 'key', 'kept');
      for (const name of ['redis', 'clickhouse'] as const) process.kill(before.started[name]!.process.pid, 'SIGKILL');
      // Since then somebody else was given the id of one of them.
      const reused = {
        ...before.started.clickhouse!,
        process: { ...before.started.clickhouse!.process, pid: process.pid },
      };
      const state = { ...before, started: { ...before.started, clickhouse: reused } };
      writeFileSync(join(folder(), 'state.json'), JSON.stringify(state));

      const again = parse((await run('up')).stdout);
      expect(again).toEqual(settings);
      expect(await redis(again, 'GET', 'key')).toBe('kept');
      const after = stateOf().started;
      expect(after.kafka).toEqual(before.started.kafka);
      for (const name of ['redis', 'clickhouse'] as const) {
        expect([before.started[name]!.process.pid, process.pid]).not.toContain(after[name]!.process.pid);
      }

      expect((await run('down')).stderr).toContain('Ended: kafka, redis, clickhouse.');
      const third = parse((await run('up')).stdout);
      expect(third).toEqual(settings);
      expect(await redis(third, 'GET', 'key')).toBe('kept');
    },
    COMMAND_TEST_MS_MAX,
  );

  test('an argument that means nothing is refused before anything is done', async () => {
    const up = await run('up', '--quick');
    expect(up).toMatchObject({ code: 1, stdout: '', stderr: 'infra:up takes no arguments; it was given --quick\n' });
    expect((await run('down', '--all')).code).toBe(1);
    expect(existsSync(folder())).toBe(false);
  });

  test('a state that cannot be read is named rather than taken for none', async () => {
    await run('down');
    writeFileSync(join(dir.path, 'state.json'), '{');
    const { code, stderr } = await run('up', undefined, dir.path);
    expect(code).toBe(1);
    expect(stderr).toContain('state.json cannot be read');
  });

  function folder(): string {
    return join(dir.path, 'infra');
  }

  function stateOf(): InfraState {
    return JSON.parse(readFileSync(join(folder(), 'state.json'), 'utf8')) as InfraState;
  }

  function run(
    command: 'up' | 'down',
    arg?: string,
    where = folder(),
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const file = join(import.meta.dirname, '../../src/commands', `${command}.ts`);
    const env = { ...process.env, THROUGHLINE_INFRA_DIR: where };
    return new Promise((resolve) => {
      execFile(process.execPath, [file, ...(arg ? [arg] : [])], { env }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
      });
    });
  }
});

type Settings = Readonly<Record<'KAFKA_BROKERS' | 'REDIS_URL' | 'CLICKHOUSE_URL', string>>;

function parse(stdout: string): Settings {
  const lines = stdout.trim().split('\n');
  return Object.fromEntries(lines.map((line) => line.replace(/^export /, '').split('='))) as unknown as Settings;
}

async function useAll(settings: Settings): Promise<void> {
  const kafka = new Kafka({ brokers: settings.KAFKA_BROKERS.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  expect(await admin.createTopics({ topics: [{ topic: 'one' }], waitForLeaders: true })).toBe(true);
  await admin.disconnect();
  expect(await redis(settings, 'PING')).toBe('PONG');
  expect(await (await fetch(`${settings.CLICKHOUSE_URL}/?query=SELECT+41%2B1`)).text()).toBe('42\n');
}

async function redis({ REDIS_URL }: Settings, ...command: string[]): Promise<string> {
  return redisCli(await findRedis(), Number(new URL(REDIS_URL).port), command);
}
