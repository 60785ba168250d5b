import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { serviceRoutes } from '@throughline/http/service-routes';
import { createMetrics } from '@throughline/telemetry/metrics';
import { findFreePort } from '@throughline/testkit/process/free-port';
import express from 'express';
import { startStub } from '../test/start-stub.ts';
import { ROOT } from './repository.ts';

async function health(port: number, ...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [join(ROOT, 'infra/docker/health.js'), ...args], {
    env: { PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = (await once(child, 'close')) as [number];
  return `${code}${said && `: ${said.trim()}`}`;
}

function service(failing: readonly string[]) {
  const checks = ['start', 'outbox'].map((name) => ({
    name,
    check: async () => (failing.includes(name) ? 'not yet' : undefined),
  }));
  return startStub('service', express().use(serviceRoutes({ version: '1', checks, ...createMetrics() })));
}

test('a service that is ready is well in every sense', async () => {
  await using stub = await service([]);
  for (const args of [[], ['started'], ['ready']]) expect(await health(stub.port, ...args)).toBe('0');
});

test('a service that works while something of it fails is started, not ready', async () => {
  await using stub = await service(['outbox']);
  expect(await health(stub.port)).toBe('0');
  expect(await health(stub.port, 'started')).toBe('0');
  expect(await health(stub.port, 'ready')).toBe(`1: ${stub.port}: outbox: not yet`);
});

test('a service that is starting is alive, and nothing more', async () => {
  await using stub = await service(['start', 'outbox']);
  expect(await health(stub.port)).toBe('0');
  expect(await health(stub.port, 'started')).toBe(`1: ${stub.port}: start: not yet`);
});

test('where nobody listens, or somebody else, nothing is well', async () => {
  const port = await findFreePort();
  for (const args of [[], ['started'], ['ready']]) expect(await health(port, ...args)).toBe(`1: ${port}: ECONNREFUSED`);
  await using stub = await startStub('else', (_req, res) => void res.writeHead(404).end('no such thing'));
  for (const args of [[], ['started'], ['ready']]) expect(await health(stub.port, ...args)).toMatch(/^1: /);
});
