/**
 * Writes a picture of every page of the dashboard, in its states, light and dark, wide and narrow, into `screenshots/`.
 * What stands in the way (an error of a script, a refusal by the content policy) is printed, and the exit code is 1.
 *
 * Arguments: `--conversations <folder>` plays recorded ones as well (`read-conversations.ts` says of what form); names of
 * pictures, all of them when none is given.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { playSessions } from '../test/e2e/support/dashboard/play-session.ts';
import { seedSessions } from '../test/e2e/support/dashboard/seed-sessions.ts';
import { startDashboard } from '../test/e2e/support/dashboard/start-dashboard.ts';
import { readConversations } from './read-conversations.ts';
import { SCENES, type Scene } from './scenes.ts';

const OUT = resolve(import.meta.dirname, '..', '..', '..', 'screenshots');
const LOOKS = [
  { theme: 'light', width: 1280, height: 800 },
  { theme: 'dark', width: 1280, height: 800 },
  { theme: 'light', width: 390, height: 844 },
  { theme: 'dark', width: 2560, height: 1440 },
] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { conversations: { type: 'string' } },
});
const chosen = SCENES.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

// Before anything is there, and with what is there.
let problems = await shoot(
  chosen.filter(({ isEmpty }) => isEmpty),
  false,
);
problems += await shoot(
  chosen.filter(({ isEmpty }) => !isEmpty),
  true,
);
console.log(`${chosen.length * LOOKS.length} pictures in ${OUT}`);
process.exitCode = problems > 0 ? 1 : 0;

/** @returns how many pages complained. */
async function shoot(scenes: readonly Scene[], isFilled: boolean): Promise<number> {
  if (scenes.length === 0) return 0;
  const dashboard = await startDashboard();
  let complained = 0;
  try {
    if (isFilled) {
      await playSessions(dashboard.instance, seedSessions(Date.now()));
      if (values.conversations) await playSessions(dashboard.instance, await readConversations(values.conversations));
    }
    for (const look of LOOKS) {
      const folder = join(OUT, `${look.theme}-${look.width}`);
      await mkdir(folder, { recursive: true });
      for (const scene of scenes) {
        const file = join(folder, `${scene.name}.png`);
        await rm(file, { force: true });
        const key = scene.key ? await scene.key(dashboard.instance) : true;
        const opened = await dashboard.openPage({ ...look, path: scene.path, signedIn: key, prepare: scene.prepare });
        if (scene.expected) opened.expectProblem(scene.expected);
        try {
          await scene.ready(opened);
        } catch (error) {
          complained++;
          console.log(`${scene.name}: ${(error as Error).message.split('\n')[0]}`);
        }
        await opened.page.screenshot({ path: file });
        await dashboard.closePages().catch((error: Error) => {
          complained++;
          console.log(`${scene.name}: ${error.message}`);
        });
      }
      console.log(folder);
    }
  } finally {
    await dashboard.stop();
  }
  return complained;
}
