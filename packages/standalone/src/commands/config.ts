import { describeConfig, readConfig } from '../config.ts';
import { ConfigError } from '../config-error.ts';

/** `throughline config [--json]`: every setting; exit code 1 when one of them cannot be used. */
export function runConfig(args: readonly string[], env: Readonly<Record<string, string | undefined>>): number {
  const rows = describeConfig(env);
  if (args.includes('--json')) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  } else {
    const width = Math.max(...rows.map(({ name }) => name.length));
    for (const { name, value, source, about } of rows) {
      const origin = source === 'default' ? 'default' : 'from the environment';
      process.stdout.write(`${name.padEnd(width)}  ${value === '' ? '(unset)' : value}  [${origin}]\n`);
      process.stdout.write(`${' '.repeat(width)}  ${about}\n`);
    }
  }
  try {
    readConfig(env);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`throughline: ${error.message}\n`);
    return 1;
  }
}
