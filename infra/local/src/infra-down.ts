import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { endProcess } from './end-process.ts';
import { readInfraState, SERVER_NAMES, writeInfraState } from './infra-state.ts';
import { alone } from './prepare-once.ts';

export interface InfraDownOptions {
  /** Where `infra:up` keeps state and data. */
  readonly folder: string;
  /** Deletes the data as well. */
  readonly deleteData: boolean;
  /** Told in words what happens. */
  readonly say: (line: string) => void;
}

/** Ends exactly the processes that `infra:up` started and that still run. Nothing to end is no error. */
export async function infraDown({ folder, deleteData, say }: InfraDownOptions): Promise<void> {
  if (!existsSync(folder)) {
    say('Nothing runs, and there is no data.');
    return;
  }
  await alone(join(folder, 'lock'), async () => {
    const { started, ports } = readInfraState(folder);
    const running = SERVER_NAMES.filter((name) => started[name]);
    await Promise.all(running.map((name) => endProcess(started[name]!.process)));
    writeInfraState(folder, { started: {}, ports });
    say(running.length > 0 ? `Ended: ${running.join(', ')}.` : 'Nothing runs.');
    if (deleteData) {
      await rm(folder, { recursive: true, force: true });
      say(`Deleted ${folder}.`);
    } else {
      say(`Data is kept in ${folder}; \`infra:down --delete\` deletes it.`);
    }
  });
}
