import type { Position } from '@throughline/event-log/event-log';
import type { DeadLetter, DeadLetterPlace } from '@throughline/session-aggregator/dead-letters/dead-letters';
import { type Config, readConfig } from '../config.ts';
import { askRunningProcess } from '../control-client.ts';
import { dataDirAt } from '../data-dir.ts';
import type { DeadLetterAnswers, ShownDeadLetter } from '../dead-letter-answers.ts';
import { deadLetterLine, describeDeadLetter } from '../describe-dead-letter.ts';
import { StartError } from '../start-error.ts';

/**
 * `throughline dead-letters list | show <partition>:<offset> | replay <partition>:<offset>`: of the process that runs on
 * the data directory or, with `KAFKA_BROKERS` set, of the services over servers.
 */
export async function runDeadLetters(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const json = args.includes('--json');
  const [action, place, ...rest] = args.filter((arg) => arg !== '--json');
  const config = readConfig(env);
  const write = (value: unknown, text: string) =>
    process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : text);
  const run = (work: (answers: DeadLetterAnswers) => Promise<void>) =>
    config.KAFKA_BROKERS.length > 0 ? overServers(config, work) : work(ofRunningProcess(config));
  if (action === 'list' && place === undefined) {
    await run(async (answers) => {
      const letters = await answers.list();
      write(letters, letters.length === 0 ? 'none\n' : letters.map(deadLetterLine).join(''));
    });
  } else if (action === 'show' && place !== undefined && rest.length === 0) {
    await run(async (answers) => {
      const letter = await answers.show(readPlace(place));
      write(letter, describeDeadLetter(letter));
    });
  } else if (action === 'replay' && place !== undefined && rest.length === 0) {
    await run(async (answers) => {
      const appended = await answers.replay(readPlace(place));
      write(appended, `${place} is tried again as a new event of partition ${appended.partition}\n`);
    });
  } else {
    process.stderr.write('throughline: dead-letters list, or show or replay with <partition>:<offset>\n');
    return 2;
  }
  return 0;
}

async function overServers(config: Config, work: (answers: DeadLetterAnswers) => Promise<void>): Promise<void> {
  const { withServerDeadLetters } = await import('../services/server-dead-letters.ts');
  await withServerDeadLetters(config, work);
}

function ofRunningProcess(config: Config): DeadLetterAnswers {
  const dirs = dataDirAt(config.THROUGHLINE_DATA_DIR);
  const ask = async <T>(method: 'GET' | 'POST', path: string): Promise<T> => {
    const answer = await askRunningProcess<T>(dirs.controlSocket, method, path);
    if (answer !== undefined) return answer;
    throw new StartError(`nothing runs on ${dirs.root}: start it, or set THROUGHLINE_DATA_DIR to the folder in use.`);
  };
  const query = ({ partition, offset }: DeadLetterPlace) => `?partition=${partition}&offset=${offset}`;
  return {
    list: () => ask<DeadLetter[]>('GET', '/dead-letters'),
    show: (place) => ask<ShownDeadLetter>('GET', `/dead-letter${query(place)}`),
    replay: (place) => ask<Position>('POST', `/dead-letter/replay${query(place)}`),
  };
}

function readPlace(text: string): DeadLetterPlace {
  const [, partition, offset] = /^(\d{1,5}):(\d{1,15})$/.exec(text) ?? [];
  if (partition === undefined) throw new StartError(`${JSON.stringify(text)} is no place in the log, such as 3:1234.`);
  return { partition: Number(partition), offset: Number(offset) };
}
