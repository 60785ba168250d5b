import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { guardChild } from '@throughline/testkit/process/child-guard';

/** The newest release that these tests were written against. */
const OPENAI = ['openai==3.52.0'];

/** Clients of the vendors, likewise. */
export const VENDOR_CLIENTS: readonly string[] = [...OPENAI, 'anthropic==2.12.0'];

/** Python with packages of its own, apart from whatever the machine has installed. */
export interface Python {
  /** @param script a path, or `-c` with the code as first argument. @returns stdout. @throws with stderr when it fails. */
  run(script: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<string>;
}

/** True when there is a Python 3; a machine without one skips its tests, except in CI. */
export const hasPython = spawnSync('python3', ['--version']).status === 0;

/** Installing takes some twenty seconds the first time; later runs find it under node_modules/.cache. */
export const PYTHON_SETUP_MS_MAX = 180_000;

/** @param wanted as pip takes them, with their versions. @throws when they cannot be installed. */
export async function preparePython(wanted: readonly string[] = OPENAI): Promise<Python> {
  const cache = fileURLToPath(new URL('../../../../../node_modules/.cache/throughline/', import.meta.url));
  const packages = `${cache}python-${wanted.join('-').replaceAll('==', '-')}`;
  if (!existsSync(packages)) {
    await mkdir(cache, { recursive: true });
    // Installed beside and renamed: an install that was broken off is not taken for a whole one.
    const half = `${packages}.${process.pid}`;
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-compile', '--target', half];
    await runPython([...pip, ...wanted], process.env as Record<string, string>);
    await rename(half, packages).catch(() => rm(half, { recursive: true, force: true }));
  }
  return {
    run: (script, args, env) =>
      runPython([script, ...args], {
        PATH: process.env.PATH ?? '',
        HOME: process.env.HOME ?? '',
        PYTHONPATH: packages,
        // Without what it compiled before, importing a client takes it seconds each time.
        PYTHONPYCACHEPREFIX: `${cache}python-bytecode`,
        ...env,
      }),
  };
}

function runPython(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('python3', args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    guardChild(child);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`python3 ${args[0]} ended with ${code}:\n${stderr.slice(-4_000)}`));
    });
  });
}
