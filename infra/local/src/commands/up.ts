/** `infra:up`: the three settings go to stdout as lines that a shell can evaluate, words for people to stderr. */
import { infraFolder } from '../infra-state.ts';
import { infraUp } from '../infra-up.ts';

const say = (line: string) => void process.stderr.write(`${line}\n`);
try {
  if (process.argv.length > 2)
    throw new Error(`infra:up takes no arguments; it was given ${process.argv.slice(2).join(' ')}`);
  const settings = await infraUp({ folder: infraFolder(), say });
  for (const [name, value] of Object.entries(settings)) process.stdout.write(`export ${name}=${value}\n`);
} catch (error) {
  say((error as Error).message);
  process.exitCode = 1;
}
