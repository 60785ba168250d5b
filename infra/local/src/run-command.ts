import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  /** On top of this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** After this long it is ended and counts as failed. */
  readonly timeoutMs?: number;
}

/** A command did not end with code 0. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  /** There is no such command on this machine. */
  readonly missing: boolean;
  /** What it wrote to both outputs; empty when it could not be started. */
  readonly output: string;

  constructor(command: string, outcome: string, output: string, missing: boolean) {
    const lastLines = output.trim().split('\n').slice(-12).join('\n');
    super(`${command} ${outcome}${lastLines && `:\n${lastLines}`}`);
    this.missing = missing;
    this.output = output;
  }
}

/** Fetching some 50 MB over a slow line fits. */
const COMMAND_MS_MAX = 600_000;

/**
 * Runs a command to its end.
 *
 * @returns what it wrote to its standard output.
 * @throws CommandFailed
 */
export function runCommand(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { cwd, env, timeoutMs = COMMAND_MS_MAX } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let both = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      both += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      both += text;
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new CommandFailed(command, `could not be run (${error.message})`, '', error.code === 'ENOENT'));
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(stdout);
      else reject(new CommandFailed(command, signal ? `was ended by ${signal}` : `ended with ${code}`, both, false));
    });
  });
}
