import { readConfig } from '../config.ts';
import { askRunningProcess } from '../control-client.ts';
import { dataDirAt } from '../data-dir.ts';
import { DemoError, runDemo } from '../demo/run-demo.ts';
import { StartError } from '../start-error.ts';

/** `throughline demo`: a few believable sessions into the instance that runs on the data directory. */
export async function runDemoCommand(env: Readonly<Record<string, string | undefined>>): Promise<number> {
  const config = readConfig(env);
  const dirs = dataDirAt(config.THROUGHLINE_DATA_DIR);
  const info = await askRunningProcess<{ url: string }>(dirs.controlSocket, 'GET', '/info');
  if (!info)
    throw new StartError(`nothing runs on ${dirs.root}: run \`npx -y pnpm@10 start\` in another terminal first.`);
  const log = (line: string) => void process.stdout.write(`${line}\n`);
  const demo = runDemo({
    url: info.url,
    key: config.THROUGHLINE_API_KEY,
    log,
    allowTarget: async (origin) => {
      await askRunningProcess(dirs.controlSocket, 'POST', `/allow-target?origin=${encodeURIComponent(origin)}`);
    },
  });
  const { sessions, calls } = await demo.catch((error) => {
    if (!(error instanceof DemoError)) throw error;
    throw new StartError(`${error.message}. Where calls need a key, set THROUGHLINE_API_KEY to this instance's.`);
  });
  log(`${calls} calls in ${sessions} sessions`);
  return 0;
}
