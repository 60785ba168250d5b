import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { SETTINGS } from '@throughline/standalone/config';
import { composeVariables, readCompose } from './compose-file.ts';
import { ROOT, readManifest, readText } from './repository.ts';

const text = readText('docs/deploy.md');
const compose = readCompose('docker-compose.yml');
const inCode = [
  ...[...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!),
  ...[...text.matchAll(/```sh\n([^`]*)```/g)].flatMap(([, block]) => block!.split('\n')),
];

test('files that it names are there', () => {
  const paths = inCode.flatMap((code) => code.match(/^(?:infra|docs|packages)\/[\w./-]+$/g) ?? []);
  expect(paths.length).toBeGreaterThan(5);
  for (const path of paths) expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
});

test('settings, services and volumes that it names exist', () => {
  const variables = [...Object.keys(SETTINGS), ...composeVariables('docker-compose.yml')];
  // Those of AWS are read by its client.
  for (const name of inCode.flatMap((code) => code.match(/^(?!AWS_)[A-Z]+(?:_[A-Z]+)+(?==|$)/g) ?? []))
    expect(variables).toContain(name);
  const volumes = [...text.matchAll(/^\| `(\w+)` \|.*\|.*\|$/gm)].map(([, name]) => name!);
  expect(volumes.filter((name) => Object.hasOwn(compose.volumes, name)).sort()).toEqual(
    Object.keys(compose.volumes).sort(),
  );
  for (const [, service, port] of text.matchAll(/^\| `(gateway|aggregator|query)` \| (\d+)/gm)) {
    expect([service, compose.services[service!]!.environment!.PORT]).toEqual([service, Number(port)]);
  }
});

test('commands that it names exist', () => {
  const cli = readText('packages/standalone/src/cli.ts');
  const commands = inCode.flatMap((code) =>
    [...code.matchAll(/\bthroughline ([a-z][a-z-]+)/g)].map(([, name]) => name!),
  );
  expect(commands).toEqual(expect.arrayContaining(['audit', 'rebuild', 'rebase', 'dead-letters']));
  for (const name of commands) expect(cli).toMatch(new RegExp(`^ {2}'?${name}'?: \\{`, 'm'));
  const { scripts = {} } = readManifest('package.json');
  const runs = inCode.flatMap((code) => [...code.matchAll(/pnpm@10 ([a-z:]+)/g)].map(([, name]) => name!));
  for (const name of runs) expect(Object.keys(scripts)).toContain(name);
  for (const code of inCode.filter((one) => one.startsWith('docker compose'))) {
    const [, service] = /(?:exec|run --rm|logs) (\w+)/.exec(code) ?? [];
    if (service) expect(Object.keys(compose.services)).toContain(service);
  }
});
