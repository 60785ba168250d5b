import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { THROUGHLINE } from '@throughline/testkit/process/throughline-command';
import { productionFolders, ROOT, readManifest, readText } from './repository.ts';

/** Lines with their continuations joined, comments left out. */
const instructions = readText('infra/docker/Dockerfile')
  .replaceAll(/^\s*#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '');
const argumentsOf = (name: string) =>
  instructions.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
const copied = argumentsOf('COPY').filter((line) => !line.startsWith('--from'));

describe('the image', () => {
  test('runs on the version of Node.js that the repository pins', () => {
    const { devDependencies = {} } = readManifest('package.json');
    expect(argumentsOf('ARG')).toEqual([`NODE_VERSION=${devDependencies.node}`]);
    const foreign = argumentsOf('FROM').filter((line) => line.startsWith('node:'));
    expect(foreign).toHaveLength(2);
    for (const line of foreign) expect(line).toMatch(/^node:\$\{NODE_VERSION\}-bookworm-slim AS /);
  });

  test('gets the packages that `throughline` needs to run, and no others', () => {
    const manifests = copied
      .filter((line) => /^(?:packages|services)\/.*package\.json /.test(line))
      .map((line) => line.split(' ')[0]!.replace('/package.json', ''));
    // The client of the API is part of the dashboard once that is built.
    const built = 'packages/client';
    expect(manifests.filter((folder) => folder !== built)).toEqual(productionFolders('@throughline/standalone'));
    const ignored = readText('.dockerignore').split('\n');
    const present = ['packages', 'services'].filter((folder) => copied.includes(`${folder} ${folder}`));
    expect(present).toEqual(['packages', 'services']);
    for (const folder of [
      'packages/bench',
      'services/dashboard/dist',
      'packages/testkit',
      '**/node_modules',
      '**/test',
      '**/*.test.ts',
    ]) {
      expect(ignored).toContain(folder);
    }
  });

  test('is built of nothing but what is listed, so that neither recorded data nor keys get into it', () => {
    const rules = readText('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(rules[0]).toBe('*');
    expect(rules).toEqual(expect.arrayContaining(['**/.throughline', '**/.env']));
    for (const line of copied) {
      for (const source of line.split(' ').slice(0, -1)) expect(existsSync(join(ROOT, source))).toBe(true);
    }
  });

  test('is installed with the pnpm that everybody uses, from the lock file, without install scripts', () => {
    const run = argumentsOf('RUN');
    expect(run).toContainEqual(expect.stringMatching(/^npm install --global pnpm@10\.\d+\.\d+$/));
    const installs = run.filter((line) => line.includes('pnpm install'));
    expect(installs).toHaveLength(2);
    for (const install of installs) {
      for (const flag of ['--frozen-lockfile', '--ignore-scripts']) expect(install).toContain(flag);
    }
    expect(installs.at(-1)).toContain('--prod');
  });

  test('has a dashboard that was built in it, without what builds it', () => {
    const built = argumentsOf('COPY').find((line) => line.startsWith('--from=dashboard'));
    expect(built).toBe('--from=dashboard /app/services/dashboard/dist services/dashboard/dist');
    const from = (name: string) => instructions.findIndex((line) => line.endsWith(` AS ${name}`));
    const steps = instructions.slice(from('dashboard'), from('packages'));
    expect(steps).toContain('RUN node services/dashboard/build/main.ts');
  });

  test('runs as a user without rights, with a health check, and takes the name of a command', () => {
    expect(argumentsOf('USER')).toEqual(['node']);
    expect(argumentsOf('HEALTHCHECK')[0]).toContain('/app/infra/docker/health.js');
    const [flag, main] = THROUGHLINE;
    expect(existsSync(main!)).toBe(true);
    const path = relative(ROOT, main!);
    expect(argumentsOf('ENTRYPOINT')).toEqual([`["node", "${flag}", "/app/${path}"]`]);
    expect(readText(path).split('\n')[0]).toBe(`#!/usr/bin/env -S node ${flag}`);
    const { scripts = {} } = readManifest('package.json');
    for (const name of ['start', 'throughline', 'demo']) {
      expect(scripts[name]).toContain(`bin/node ${flag} ${path}`);
    }
    expect(argumentsOf('FROM').at(-1)).toBe('runtime AS services');
  });
});
