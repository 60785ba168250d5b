import { join } from 'node:path';
import { runCommand } from '@throughline/local-servers/run-command';

/** Large wheels on two cores. */
const INSTALL_MS_MAX = 20 * 60_000;

/** Installs packages from Python's index into a virtual environment of their own. @throws CommandFailed */
export async function installPython(folder: string, packages: readonly string[]): Promise<void> {
  await runCommand('python3', ['-m', 'venv', join(folder, 'venv')]);
  const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages];
  await runCommand(pythonOf(folder), args, { timeoutMs: INSTALL_MS_MAX });
}

export function pythonOf(folder: string): string {
  return join(folder, 'venv', 'bin', 'python');
}

/** A command that a package brought. */
export function pythonScript(folder: string, name: string): string {
  return join(folder, 'venv', 'bin', name);
}
