/** `infra:down [--delete]` */
import { infraDown } from '../infra-down.ts';
import { infraFolder } from '../infra-state.ts';

const say = (line: string) => void process.stderr.write(`${line}\n`);
const args = process.argv.slice(2);
try {
  const unknown = args.filter((arg) => arg !== '--delete');
  if (unknown.length > 0)
    throw new Error(`infra:down takes --delete and nothing else; it was given ${unknown.join(' ')}`);
  await infraDown({ folder: infraFolder(), deleteData: args.includes('--delete'), say });
} catch (error) {
  say((error as Error).message);
  process.exitCode = 1;
}
